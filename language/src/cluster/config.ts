/**
 * What `cluster.yaml` says, as data with the exact place of every key and value. Contract: cluster.md §3.1.
 * User-chosen names are keys of `Map`s in file order.
 */
import type { SourceRange } from '../diagnostics/index.js';
import type { Located } from '../yaml/index.js';

export type { Located };

/** An embedding profile as written, with the alias `provider` folded into `kind` (§3.4). */
export interface EmbeddingProfile {
  readonly kind?: string;
  readonly base_url?: string;
  readonly model?: string;
  readonly api_key?: string;
}

export interface ProviderEntry {
  readonly name: Located<string>;
  /** Of the whole value. */
  readonly range: SourceRange;
  readonly kind?: Located<string>;
  readonly baseUrl?: Located<string>;
  readonly model?: Located<string>;
  readonly apiKey?: Located<string>;
}

/** The three ways of declaring stored queries (§3.3). */
export type QueriesDeclaration =
  | { readonly form: 'path'; readonly range: SourceRange; readonly path: Located<string> }
  | { readonly form: 'list'; readonly range: SourceRange; readonly paths: readonly Located<string>[] }
  | { readonly form: 'map'; readonly range: SourceRange; readonly entries: ReadonlyMap<string, QueryEntry> };

export interface QueryEntry {
  readonly name: Located<string>;
  readonly file: Located<string>;
}

export interface BlobBaseEntry {
  readonly range: SourceRange;
  readonly base: Located<string>;
  readonly scope: Located<BlobScope>;
}

export type BlobScope = 'server_safe' | 'embedded_only';

export interface GraphEntry {
  readonly id: Located<string>;
  readonly range: SourceRange;
  readonly schema: Located<string>;
  readonly queries?: QueriesDeclaration;
  readonly embeddingProvider?: Located<string>;
  /** Where `external_blobs` stands and what it allows; absent and empty both mean Deny. */
  readonly externalBlobs?: { readonly range: SourceRange; readonly allow: readonly BlobBaseEntry[] };
}

export interface PolicyEntry {
  readonly name: Located<string>;
  readonly range: SourceRange;
  readonly file: Located<string>;
  readonly appliesTo: Located<readonly Located<string>[]>;
}

export interface ClusterConfig {
  readonly version: Located<number>;
  readonly metadataName?: Located<string>;
  readonly storage?: Located<string>;
  readonly stateBackend?: Located<string>;
  readonly stateLock?: Located<boolean>;
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  readonly graphs: ReadonlyMap<string, GraphEntry>;
  readonly policies: ReadonlyMap<string, PolicyEntry>;
}

/** The profile of a declared provider, as the ledger stores it. */
export const profileOf = (entry: ProviderEntry): EmbeddingProfile => ({
  ...(entry.kind && { kind: entry.kind.value }),
  ...(entry.baseUrl && { base_url: entry.baseUrl.value }),
  ...(entry.model && { model: entry.model.value }),
  ...(entry.apiKey && { api_key: entry.apiKey.value }),
});
