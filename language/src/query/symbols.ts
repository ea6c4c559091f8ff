/**
 * What the names in one declaration mean, as plain data: for hover, references, rename, highlighting and completion.
 * Recorded while checking, so that nothing resolves names a second time. Unresolved names are not in it: they have
 * diagnostics. Places are relative to the declaration.
 */
import type { Span } from '../lexis/index.js';

export interface QuerySymbols {
  /** `$_` is none. Two `not` blocks may each have a variable of one name. */
  readonly variables: readonly VariableSymbol[];
  /** In order of place. */
  readonly occurrences: readonly Occurrence[];
}

export interface VariableSymbol {
  /** Without `$`. */
  readonly name: string;
  /** `unknown`: its binding was refused. */
  readonly entity: 'node' | 'edge' | 'unknown';
  readonly typeName: string | null;
  /** Where it is bound first. */
  readonly span: Span;
  /** From that place to the end of its `not` block, or of the declaration. */
  readonly visible: Span;
}

/** The spans of variables and parameters hold their `$`. */
export type Occurrence =
  /** `variable` is an index into `variables`; `binds`: in a binding, or at its first mention by a traversal. */
  | { readonly kind: 'variable'; readonly variable: number; readonly binds: boolean; readonly span: Span }
  | { readonly kind: 'parameter'; readonly name: string; readonly declares: boolean; readonly span: Span }
  | { readonly kind: 'alias'; readonly name: string; readonly declares: boolean; readonly span: Span }
  /** By its declared name, whatever the case of the word in the text. */
  | { readonly kind: 'type'; readonly entity: 'node' | 'edge'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'property';
      readonly entity: 'node' | 'edge';
      readonly typeName: string;
      readonly name: string;
      readonly span: Span;
    }
  /** `from` or `to` of an edge in a mutation. */
  | { readonly kind: 'endpoint'; readonly typeName: string; readonly name: 'from' | 'to'; readonly span: Span };
