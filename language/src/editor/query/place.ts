/**
 * What may stand at a point of a query declaration: the vocabulary between the walk over its tokens, which knows the
 * grammar (query-language.md §2) and nothing of schemas, and the features, which know what the names mean.
 */
import type { FunctionWord } from '../../query/index.js';

/** What a value is held against, or an item made of. */
export type Operand =
  | { readonly kind: 'property'; readonly variable: string; readonly property: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly of: Operand | undefined }
  | { readonly kind: 'literal' }
  | { readonly kind: 'word'; readonly name: string };

export type PropertyUse = 'match' | 'assign' | 'predicate';

export type TargetUse = 'binding' | 'insert' | 'update' | 'delete';

export type Section = 'match' | 'return' | 'order' | 'limit' | 'statement';

export type Place =
  /** Outside every declaration. */
  | { readonly at: 'top' }
  | { readonly at: 'query-name' }
  | { readonly at: 'parameter' }
  | { readonly at: 'parameter-type'; readonly list: boolean }
  /** Between the parameters and the body. */
  | { readonly at: 'header'; readonly annotations: readonly string[] }
  | { readonly at: 'annotation-text'; readonly annotation: string }
  | { readonly at: 'body'; readonly sections: readonly Section[] }
  /** `opens`: a type was just bound, and `{` with property matches may follow. */
  | { readonly at: 'clause'; readonly opens?: string; readonly inNegation: boolean }
  /** Behind a variable that begins a clause. */
  | { readonly at: 'after-variable'; readonly variable: string }
  | { readonly at: 'type'; readonly use: TargetUse }
  | { readonly at: 'edge'; readonly from: string; readonly undirected: boolean; readonly bound: boolean }
  | { readonly at: 'target'; readonly from: string; readonly edge: string; readonly hops: boolean }
  | { readonly at: 'hops' }
  /** `comma`: one has to come first. */
  | {
      readonly at: 'property';
      readonly type: string;
      readonly use: PropertyUse;
      readonly used: readonly string[];
      readonly comma: boolean;
      readonly statement: TargetUse;
    }
  | { readonly at: 'value'; readonly type: string; readonly property: string; readonly use: PropertyUse }
  | { readonly at: 'predicate-operator'; readonly type: string; readonly property: string }
  /** Behind the dot. */
  | { readonly at: 'access'; readonly variable: string; readonly wanted: Wanted }
  | { readonly at: 'operator'; readonly left: Operand }
  | { readonly at: 'operand'; readonly left: Operand; readonly operator: string }
  | { readonly at: 'item'; readonly section: 'return' | 'order'; readonly first: boolean }
  | { readonly at: 'argument'; readonly of: string; readonly index: number; readonly section: Section }
  | { readonly at: 'after-item'; readonly section: 'return' | 'order'; readonly done: boolean }
  | { readonly at: 'alias'; readonly of: Operand }
  | { readonly at: 'limit' }
  | { readonly at: 'keyword'; readonly word: 'set' | 'where' }
  | { readonly at: 'punctuation'; readonly expected: string };

/** What an expression is for, when only some properties fit. */
export type Wanted =
  | { readonly for: 'anything' }
  | { readonly for: 'operand'; readonly left: Operand; readonly operator: string }
  | { readonly for: 'argument'; readonly of: string; readonly index: number };

export type TokenRole =
  | 'keyword'
  | 'query-name'
  | 'parameter'
  | 'variable'
  | 'type'
  | 'base-type'
  | 'edge'
  | 'property'
  | 'function'
  | 'alias'
  | 'annotation'
  | 'operator'
  | 'string'
  | 'number'
  | 'literal'
  | 'punctuation'
  | 'unknown';

/** A call, an annotation or a block of assignments that is open at the end of the walk. */
export interface OpenCall {
  readonly kind: 'function' | 'annotation' | 'assignments';
  /** The function, the annotation with `@`, or the type. */
  readonly name: string;
  /** Of the argument the end is in. */
  readonly index: number;
  /** The last property named in a block of assignments. */
  readonly property?: string;
}

export const FUNCTION_WORDS: ReadonlySet<string> = new Set<FunctionWord>([
  ...(['now', 'nearest', 'search', 'match_text', 'fuzzy', 'bm25', 'rrf'] as const),
  ...(['count', 'sum', 'avg', 'min', 'max'] as const),
]);

export const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

export const WORD_OPERATORS: ReadonlySet<string> = new Set(['contains', 'starts_with']);

/** Whoever opened what they close takes them. */
export const CLOSING: ReadonlySet<string> = new Set(['}', ')', ']', ',']);
