/**
 * The language front ends that loading a cluster runs over its files. They are arguments so that an editor, which
 * compiles the same files anyway, can hand in ones that remember.
 */
import type { Checked, Diagnostic } from '../diagnostics/index.js';
import { type PolicyBundle, parsePolicy } from '../policy/index.js';
import { type CheckedQuery, compileQueries, parseQueries } from '../query/index.js';
import { type Catalog, compileSchema } from '../schema/index.js';

export interface CompileOptions {
  readonly uri: string;
}

export interface Compilers {
  readonly compileSchema: (
    text: string,
    options: CompileOptions,
  ) => { readonly catalog?: Catalog | undefined; readonly diagnostics: readonly Diagnostic[] };
  /** Only the names a text declares, as often as it declares them. */
  readonly parseQueries: (
    text: string,
    options: CompileOptions,
  ) => { readonly queries: readonly { readonly name: string }[]; readonly diagnostics: readonly Diagnostic[] };
  readonly compileQueries: (
    text: string,
    catalog: Catalog,
    options: CompileOptions,
  ) => { readonly queries: readonly CheckedQuery[]; readonly diagnostics: readonly Diagnostic[] };
  readonly parsePolicy: (
    text: string,
    options: CompileOptions & { readonly kind: 'server' | 'graph' | 'either' },
  ) => Checked<PolicyBundle | undefined>;
}

export const COMPILERS: Compilers = { compileSchema, parseQueries, compileQueries, parsePolicy };
