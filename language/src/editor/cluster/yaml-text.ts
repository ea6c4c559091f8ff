import type { ClusterDocument } from '../documents.js';
import type { YamlText } from '../yaml/tree.js';

/** A `cluster.yaml` as the helpers for YAML documents want it. */
export const clusterYaml = ({ text, lines, source }: ClusterDocument): YamlText => ({
  text,
  lines,
  tree: source.document,
});
