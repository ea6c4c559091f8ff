/**
 * Which cluster a file belongs to. `cluster.yaml` decides: it names schemas, query files or folders, and policies
 * (cluster.md §3). Everything here follows from the decoded configuration and from URIs alone, so asking needs no disk.
 */
import {
  CLUSTER_BINDING,
  type ClusterConfig,
  type GraphEntry,
  type PolicyEntry,
  type QueriesDeclaration,
} from '../cluster/index.js';
import type { PolicyKind } from '../policy/index.js';
import { parentUri, resolvePath } from './uris.js';

export interface ClusterEntry {
  /** URI of the `cluster.yaml`. */
  readonly uri: string;
  /** URI of its folder, without a slash at the end. */
  readonly folder: string;
  /** As much as could be decoded. */
  readonly config: ClusterConfig | undefined;
  readonly graphs: readonly ClusterGraph[];
  readonly policies: readonly ClusterPolicy[];
}

interface ClusterGraph {
  readonly id: string;
  readonly entry: GraphEntry;
  readonly schema: string;
  /** URIs of declared query files and folders, without slashes at the end. */
  readonly queries: readonly string[];
}

interface ClusterPolicy {
  readonly name: string;
  readonly entry: PolicyEntry;
  readonly uri: string;
  readonly binding: PolicyKind | 'either';
}

/** What a file is to a cluster. A file may have several owners; they are in file order of the clusters. */
export type Ownership =
  | { readonly role: 'schema'; readonly cluster: ClusterEntry; readonly graph: ClusterGraph }
  | { readonly role: 'queries'; readonly cluster: ClusterEntry; readonly graph: ClusterGraph }
  | { readonly role: 'policy'; readonly cluster: ClusterEntry; readonly policy: ClusterPolicy }
  | { readonly role: 'config'; readonly cluster: ClusterEntry };

/** Reads what a `cluster.yaml` owns. Never throws: a broken file owns what could be read of it. */
export function clusterEntry(uri: string, config: ClusterConfig | undefined): ClusterEntry {
  const folder = parentUri(uri) ?? uri;
  const graphs = [...(config?.graphs.values() ?? [])].map((entry) => ({
    id: entry.id.value,
    entry,
    schema: resolvePath(folder, entry.schema.value),
    queries: queryPaths(entry.queries).map((path) => resolvePath(folder, path)),
  }));
  const policies = [...(config?.policies.values() ?? [])].map((entry) => ({
    name: entry.name.value,
    entry,
    uri: resolvePath(folder, entry.file.value),
    binding: bindingOf(entry),
  }));
  return { uri, folder, config, graphs, policies };
}

/** Everything of an entry that decides about other files. Equal texts: an edit moved no file. */
export const layoutOf = ({ graphs, policies }: ClusterEntry): string =>
  JSON.stringify([
    graphs.map(({ id, schema, queries }) => [id, schema, queries]),
    policies.map(({ name, uri, binding }) => [name, uri, binding]),
  ]);

/** What a file, by canonical URI, is to a cluster. */
export function ownershipsIn(cluster: ClusterEntry, uri: string): readonly Ownership[] {
  if (uri === cluster.uri) return [{ role: 'config', cluster }];
  const found: Ownership[] = [];
  for (const graph of cluster.graphs) {
    if (graph.schema === uri) found.push({ role: 'schema', cluster, graph });
    if (declaresQueries(graph, uri)) found.push({ role: 'queries', cluster, graph });
  }
  for (const policy of cluster.policies) if (policy.uri === uri) found.push({ role: 'policy', cluster, policy });
  return found;
}

/** A declared path is a file, or a folder whose own `.gq` files count, not those of its folders (cluster.md §3.3). */
const declaresQueries = ({ queries }: ClusterGraph, uri: string): boolean =>
  queries.includes(uri) || (uri.endsWith('.gq') && queries.includes(parentUri(uri) ?? ''));

function queryPaths(queries: QueriesDeclaration | undefined): readonly string[] {
  switch (queries?.form) {
    case undefined:
      return [];
    case 'path':
      return [queries.path.value];
    case 'list':
      return queries.paths.map(({ value }) => value);
    case 'map':
      return [...new Set([...queries.entries.values()].map(({ file }) => file.value))];
    default:
      return queries satisfies never;
  }
}

/** As loading binds them (policy.md §4): with mixed or no bindings the question is open. */
function bindingOf({ appliesTo }: PolicyEntry): PolicyKind | 'either' {
  const toCluster = appliesTo.value.filter(({ value }) => value === CLUSTER_BINDING).length;
  if (appliesTo.value.length === 0 || (toCluster > 0 && toCluster < appliesTo.value.length)) return 'either';
  return toCluster > 0 ? 'server' : 'graph';
}
