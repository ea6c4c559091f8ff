/**
 * What one declaration says, as plain data with places relative to the declaration. Free of parser nodes, so it can
 * be cached by text, sent to a worker and walked by the editor. Grammar: query-language.md §2.
 */
import type { Span, Word } from '../lexis/index.js';
import type { AggregateFunction, ComparisonOperator } from './ir.js';

export interface QuerySyntax {
  readonly name: Word;
  readonly params: readonly ParamSyntax[];
  /** At most one of each name, in the order written. */
  readonly annotations: readonly AnnotationSyntax[];
  readonly body: ReadSyntax | WriteSyntax;
  readonly span: Span;
}

export interface AnnotationSyntax {
  readonly name: '@description' | '@instruction';
  readonly value: string;
  /** Of the quoted text. */
  readonly text: Span;
}

export interface ParamSyntax {
  /** Without `$`; the span covers the `$`, as for every variable here. */
  readonly variable: Word;
  readonly type: ParamTypeSyntax;
}

interface ParamTypeSyntax {
  readonly name: string;
  /** Of `Vector(n)`. */
  readonly dimension: bigint | null;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly span: Span;
}

export interface ReadSyntax {
  readonly kind: 'read';
  readonly clauses: readonly ClauseSyntax[];
  readonly items: readonly ReturnItemSyntax[];
  readonly order: readonly SortItemSyntax[];
  readonly limit: bigint | null;
}

export interface WriteSyntax {
  readonly kind: 'mutation';
  readonly statements: readonly StatementSyntax[];
}

export type ClauseSyntax = NegationSyntax | BindingSyntax | TraversalSyntax | FilterSyntax | TextSearchSyntax;

export interface NegationSyntax {
  readonly kind: 'negation';
  readonly clauses: readonly ClauseSyntax[];
  readonly span: Span;
}

export interface BindingSyntax {
  readonly kind: 'binding';
  readonly variable: Word;
  readonly type: Word;
  readonly matches: readonly PropertyMatchSyntax[];
  readonly span: Span;
}

interface PropertyMatchSyntax {
  readonly property: Word;
  readonly value: ValueSyntax;
}

export interface TraversalSyntax {
  readonly kind: 'traversal';
  readonly from: Word;
  readonly to: Word;
  readonly edge: Word;
  readonly edgeVariable: Word | null;
  readonly undirected: boolean;
  readonly hops: HopsSyntax | null;
  readonly span: Span;
}

export interface HopsSyntax {
  readonly min: number;
  /** `null`: an open upper bound. */
  readonly max: number | null;
  readonly span: Span;
}

export interface FilterSyntax {
  readonly kind: 'filter';
  readonly left: ExprSyntax;
  readonly operator: FilterWord;
  readonly right: ExprSyntax;
  readonly span: Span;
}

type FilterWord = ComparisonOperator | 'starts_with' | 'contains';

/** `search(…)` alone: sugar for `search(…) = true`. */
export interface TextSearchSyntax {
  readonly kind: 'text-search';
  readonly call: CallSyntax;
  readonly span: Span;
}

export interface ReturnItemSyntax {
  readonly expression: ExprSyntax;
  readonly alias: Word | null;
  readonly span: Span;
}

export interface SortItemSyntax {
  readonly expression: ExprSyntax;
  readonly direction: 'asc' | 'desc' | null;
  readonly span: Span;
}

export type ExprSyntax = LiteralSyntax | VariableSyntax | PropertyAccessSyntax | CallSyntax | AliasSyntax;

/** What a match, an assignment or a predicate takes; the call is always `now()`. */
export type ValueSyntax = LiteralSyntax | VariableSyntax | CallSyntax;

export interface VariableSyntax {
  readonly kind: 'variable';
  readonly name: string;
  readonly span: Span;
}

export interface PropertyAccessSyntax {
  readonly kind: 'property';
  readonly variable: Word;
  readonly property: Word;
  readonly span: Span;
}

export interface AliasSyntax {
  readonly kind: 'alias';
  readonly name: string;
  readonly span: Span;
}

export type FunctionWord = AggregateFunction | 'now' | 'nearest' | 'search' | 'match_text' | 'fuzzy' | 'bm25' | 'rrf';

/** Argument counts and the forms `nearest` and `rrf` demand are already assured. */
export interface CallSyntax {
  readonly kind: 'call';
  readonly name: FunctionWord;
  readonly args: readonly ExprSyntax[];
  readonly span: Span;
}

export type LiteralSyntax =
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'integer'; readonly value: bigint; readonly span: Span }
  | { readonly kind: 'float'; readonly value: number; readonly span: Span }
  | { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'date' | 'datetime'; readonly text: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly LiteralSyntax[]; readonly span: Span };

export type StatementSyntax = InsertSyntax | UpdateSyntax | DeleteSyntax;

interface InsertSyntax {
  readonly kind: 'insert';
  readonly type: Word;
  readonly assignments: readonly AssignmentSyntax[];
  readonly span: Span;
}

export interface UpdateSyntax {
  readonly kind: 'update';
  readonly type: Word;
  readonly assignments: readonly AssignmentSyntax[];
  readonly predicate: PredicateSyntax;
  readonly span: Span;
}

interface DeleteSyntax {
  readonly kind: 'delete';
  readonly type: Word;
  readonly predicate: PredicateSyntax;
  readonly span: Span;
}

export interface AssignmentSyntax {
  readonly property: Word;
  readonly value: ValueSyntax;
}

export interface PredicateSyntax {
  readonly property: Word;
  readonly operator: ComparisonOperator;
  readonly value: ValueSyntax;
}
