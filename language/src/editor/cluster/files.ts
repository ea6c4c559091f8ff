/** The files that `cluster.yaml` names, with the place of each name. */
import { isScalar } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import type { ClusterDocument } from '../documents.js';
import { parentUri, resolvePath } from '../uris.js';
import { shapesAt } from '../yaml/shape.js';
import { entriesOf } from '../yaml/tree.js';
import { CLUSTER_SHAPE } from './keys.js';
import { clusterYaml } from './yaml-text.js';

export interface NamedFile {
  /** As written. */
  readonly name: string;
  readonly uri: string;
  readonly path: ConfigPath;
  readonly start: number;
  readonly end: number;
}

/** Every file or folder that the document names, in file order. */
export function namedFiles(document: ClusterDocument): readonly NamedFile[] {
  const folder = folderOf(document);
  return [...entriesOf(clusterYaml(document))].flatMap(({ path, value }) => {
    if (!isScalar(value) || typeof value.value !== 'string' || value.value.trim() === '') return [];
    const isPath = shapesAt(CLUSTER_SHAPE, path).some((shape) => shape.kind === 'scalar' && shape.type === 'path');
    if (!isPath) return [];
    const [start, end] = value.range ?? [0, 0];
    return [{ name: value.value, uri: resolvePath(folder, value.value), path, start, end }];
  });
}

export const folderOf = (document: ClusterDocument): string => parentUri(document.uri) ?? document.uri;
