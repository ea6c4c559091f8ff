/**
 * Everything the server knows of the user's files: the open ones with their unsaved text, the closed ones as the host
 * reads them, and which cluster owns which. Features read it; only the server changes it.
 */
import type { Compilers, ConfigFolder } from '../cluster/index.js';
import type { ClusterEntry, Ownership } from './clusters.js';
import type { EditorDocument, QueryDocument, SchemaDocument } from './documents.js';

export interface Workspace {
  /** URIs of the workspace folders, without slashes at the end. */
  readonly folders: readonly string[];
  readonly clusters: readonly ClusterEntry[];
  /** The current snapshot of a document that is open or was loaded before; never touches the host. */
  document(uri: string): EditorDocument | undefined;
  /** The same, reading a closed file first; `undefined` when it cannot be read or is of no kind known here. */
  load(uri: string): Promise<EditorDocument | undefined>;
  /** Snapshots of all open documents. */
  open(): readonly EditorDocument[];
  /** Who names this file; empty for a file in no cluster. */
  ownersOf(uri: string): readonly Ownership[];
  /** The cluster a file belongs to: the first that names it. */
  clusterOf(uri: string): ClusterEntry | undefined;
  /** The schema document that a `.gq` file is checked against, loaded already. */
  schemaOf(query: QueryDocument): SchemaDocument | undefined;
  /** Every document that shares names with this one: its cluster's (all graphs'), else the schema and its `.gq` files. */
  related(uri: string): Promise<readonly EditorDocument[]>;
  /** The `.gq` documents that are checked against a schema. */
  queriesOf(schemaUri: string): Promise<readonly QueryDocument[]>;
  /** Every document of the workspace; loads closed files. */
  all(): Promise<readonly EditorDocument[]>;
  /** A cluster's folder with unsaved text over the files, for `loadDesired`. Its `uri` gives whole URIs. */
  configFolder(cluster: ClusterEntry): ConfigFolder;
  /** Front ends that take what is compiled already: for `loadDesired`. */
  readonly compilers: Compilers;
  /** Calls back after each change, once the new snapshots stand; returns how to stop. */
  onChange(listener: (change: WorkspaceChange) => void): () => void;
}

export interface WorkspaceChange {
  /** Documents whose own text changed, appeared or went away. */
  readonly edited: readonly string[];
  /** `cluster.yaml` files whose ownership of files may have changed. */
  readonly clusters: readonly string[];
  /** Known documents whose meaning may differ, those in `edited` included. */
  readonly affected: readonly string[];
  /** Whatever the client or the host reported as changed on disk, files of other kinds (a ledger) included. */
  readonly files: readonly string[];
}
