/**
 * The desired revision: what `cluster.yaml` and the files it names say now, checked and digested. Contract: cluster.md
 * §§3–6. It is read only through a `ConfigFolder`, so the same code serves the command line (files), the editor (open
 * documents) and tests (maps), and it touches no storage.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import type { PolicyBundle } from '../policy/index.js';
import type { CheckedQuery } from '../query/index.js';
import type { Catalog } from '../schema/index.js';
import type { ResourceKind } from './address.js';
import type { BlobPolicy } from './blob-policy.js';
import type { ClusterConfig, EmbeddingProfile, GraphEntry, PolicyEntry } from './config.js';

export interface FolderProblem {
  readonly kind: 'missing' | 'not_a_directory' | 'not_utf8' | 'unreadable';
  /** In the user's words, without the path. */
  readonly message: string;
}

export type FolderRead = { readonly kind: 'text'; readonly text: string } | FolderProblem;

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

export type FolderListing = { readonly kind: 'entries'; readonly entries: readonly FolderEntry[] } | FolderProblem;

/**
 * A config directory. Paths are as written in `cluster.yaml`: relative ones resolve against the directory, absolute
 * ones stand for themselves. Texts keep every byte (a BOM included), since digests are taken over them.
 */
export interface ConfigFolder {
  /** The directory as the user gave it, for messages and reports. */
  readonly location: string;
  /** The identity of a file for editors and diagnostics, for example a `file://` URI. */
  uri(path: string): string;
  read(path: string): Promise<FolderRead>;
  /** What lies directly in a directory; `''` is the config directory itself. Any order. */
  list(path: string): Promise<FolderListing>;
  /** The real path of an existing directory given by absolute path; `undefined` when there is none. */
  realDirectory(path: string): Promise<string | undefined>;
}

/** Where a cluster stores things, before relative paths meet the config directory (§3.2). */
export type StorageRoot =
  | { readonly kind: 'config_dir' }
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string; readonly uri: string };

export interface ClusterHeader {
  readonly name?: string;
  readonly storage: StorageRoot;
  /** Whether commands take the lock. */
  readonly lock: boolean;
}

export interface DesiredResource {
  readonly address: string;
  readonly kind: ResourceKind;
  readonly digest: string;
  /** Schema, query and policy: the file, as the configuration names it. */
  readonly path?: string;
  /** Schema, query and policy: the whole file. */
  readonly content?: string;
}

export interface Dependency {
  readonly from: string;
  /** What `from` depends on. */
  readonly to: string;
}

export interface DesiredQuery {
  readonly name: string;
  readonly address: string;
  readonly path: string;
  readonly digest: string;
  /** Absent when the schema does not compile or the query does not check. */
  readonly checked?: CheckedQuery;
}

export interface DesiredSchema {
  readonly path: string;
  readonly text: string;
  readonly digest: string;
  /** Absent when the text does not compile. */
  readonly catalog?: Catalog;
}

export interface DesiredGraph {
  readonly id: string;
  readonly entry: GraphEntry;
  /** Absent when the file cannot be read. */
  readonly schema?: DesiredSchema;
  readonly queries: ReadonlyMap<string, DesiredQuery>;
  /** Address of the bound provider, when it is declared. */
  readonly provider?: string;
  /** Absent means Deny. */
  readonly blobPolicy?: BlobPolicy;
}

export interface DesiredPolicy {
  readonly name: string;
  readonly entry: PolicyEntry;
  readonly path: string;
  /** Normalized: `cluster` or `graph.<id>`, sorted, unique. */
  readonly appliesTo: readonly string[];
  /** Absent when the file cannot be read. */
  readonly text?: string;
  /** Absent when the file cannot be read or is no valid bundle. */
  readonly bundle?: PolicyBundle;
}

/** What could be made out; the parts that depend on a broken file are missing, never guessed. */
export interface DesiredRevision {
  /** As given by the user, and the configuration file in it. */
  readonly configDir: string;
  readonly configFile: string;
  /** Absent when the YAML cannot be interpreted; then everything below is empty. */
  readonly config?: ClusterConfig;
  readonly header?: ClusterHeader;
  /** Absent when there is any error. */
  readonly configDigest?: string;
  readonly graphs: ReadonlyMap<string, DesiredGraph>;
  readonly policies: ReadonlyMap<string, DesiredPolicy>;
  readonly providers: ReadonlyMap<string, EmbeddingProfile>;
  /** By address, in address order. */
  readonly resources: ReadonlyMap<string, DesiredResource>;
  /** Sorted by `from`, then `to`. */
  readonly dependencies: readonly Dependency[];
  readonly diagnostics: readonly Diagnostic[];
}
