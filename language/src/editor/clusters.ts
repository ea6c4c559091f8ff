/**
 * Which cluster a file belongs to. `cluster.yaml` decides: it names schemas, query files or folders, and policies
 * (cluster.md §3). Everything here follows from the decoded configuration and from URIs alone, so asking needs no disk.
 */
import type { ClusterConfig, GraphEntry, PolicyEntry } from '../cluster/index.js';
import type { PolicyKind } from '../policy/index.js';

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

export interface ClusterGraph {
  readonly id: string;
  readonly entry: GraphEntry;
  readonly schema: string;
  /** URIs of declared query files and folders, without slashes at the end. */
  readonly queries: readonly string[];
}

export interface ClusterPolicy {
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
