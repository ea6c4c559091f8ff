/**
 * The documents of the workspace as every feature sees them: immutable snapshots of one text and of what the compilers
 * made of it. A snapshot's models are computed when first asked for and remembered; compilers behind them are
 * incremental per declaration, so asking after a keystroke costs one declaration.
 *
 * Invariant: offsets, lines and characters are UTF-16 everywhere in here, whatever the client negotiated.
 */
import type { ClusterConfig, ClusterSource } from '../cluster/index.js';
import type { Checked, LineIndex } from '../diagnostics/index.js';
import type { PolicyBundle, PolicyKind, PolicyTestCase } from '../policy/index.js';
import type { CompiledQueries } from '../query/index.js';
import type { Catalog, CompiledSchema } from '../schema/index.js';
import type { ClusterEntry } from './clusters.js';

export type DocumentKind = 'schema' | 'query' | 'cluster' | 'policy' | 'policy-tests';

interface DocumentBase<K extends DocumentKind> {
  readonly kind: K;
  readonly uri: string;
  /** The client's version while the document is open there; `undefined` for a file that is read from the host. */
  readonly version: number | undefined;
  readonly text: string;
  readonly lines: LineIndex;
}

export interface SchemaDocument extends DocumentBase<'schema'> {
  /** With `declarations`: the plain syntax of every declaration, in places relative to its offset. */
  readonly compiled: CompiledSchema;
  /** As complete as the text allows; empty when nothing was recognised. */
  readonly catalog: Catalog;
}

export interface QueryDocument extends DocumentBase<'query'> {
  readonly schema: QuerySchema;
  /** The catalog it is checked against: that of `schema`, else an empty one. */
  readonly catalog: Catalog;
  /** Of a document without a schema, only syntax is meaningful; its diagnostics then hold parse errors only. */
  readonly compiled: CompiledQueries;
}

/** Which schema a `.gq` file is checked against, and why (design §5). */
export type QuerySchema =
  /** `cluster.yaml` says so; `document` is missing when the schema file cannot be read. */
  | {
      readonly by: 'cluster';
      readonly cluster: ClusterEntry;
      readonly graph: string;
      readonly uri: string;
      readonly document: SchemaDocument | undefined;
    }
  /** No cluster names the file: the schema in its folder or the nearest folder above. */
  | { readonly by: 'nearest'; readonly uri: string; readonly document: SchemaDocument | undefined }
  | { readonly by: 'none' };

export interface ClusterDocument extends DocumentBase<'cluster'> {
  readonly source: ClusterSource;
  /** As much as could be decoded; entries that lack a required field are left out. */
  readonly config: ClusterConfig | undefined;
}

export interface PolicyDocument extends DocumentBase<'policy'> {
  /** By the binding in the cluster that names the file; `either` when no cluster does or its bindings are in error. */
  readonly binding: PolicyKind | 'either';
  readonly checked: Checked<PolicyBundle | undefined>;
}

export interface PolicyTestsDocument extends DocumentBase<'policy-tests'> {
  readonly checked: Checked<readonly PolicyTestCase[] | undefined>;
}

export type EditorDocument = SchemaDocument | QueryDocument | ClusterDocument | PolicyDocument | PolicyTestsDocument;

export type DocumentOf<K extends DocumentKind> = Extract<EditorDocument, { readonly kind: K }>;
