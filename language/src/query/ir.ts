/**
 * The logical plan of a checked query: plain data, resolved against a catalog, free of syntax. The executor and the
 * write path run it; nothing downstream looks at query text again. Semantics: query-language.md §§3–8.
 */
import type { SourceRange } from '../diagnostics/index.js';
import type { PropType } from '../schema/catalog.js';

export interface QueryParam {
  /** Without `$`. */
  readonly name: string;
  readonly type: PropType;
}

export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** Text not validated before execution (§3.1); a bad one is an X error naming the literal. */
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'datetime'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Literal[] };

/** What may stand as a value in a binding match, an assignment or a mutation predicate. */
export type ValueExpr =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly type: PropType }
  | { readonly kind: 'param'; readonly name: string; readonly type: PropType }
  | { readonly kind: 'now' };

export interface PropertyRef {
  readonly kind: 'property';
  readonly variable: string;
  readonly property: string;
  readonly type: PropType;
}

export type TextFilter = {
  readonly kind: 'search' | 'match_text' | 'fuzzy';
  readonly field: ScalarExpr;
  readonly query: ScalarExpr;
  readonly maxEdits: ScalarExpr | null;
};

/** An expression with a value per row. */
export type ScalarExpr = ValueExpr | PropertyRef | TextFilter;

export type RankExpr =
  | { readonly kind: 'nearest'; readonly field: PropertyRef; readonly query: ScalarExpr }
  | { readonly kind: 'bm25'; readonly field: ScalarExpr; readonly query: ScalarExpr }
  | { readonly kind: 'rrf'; readonly arms: readonly [RankArm, RankArm]; readonly k: ScalarExpr | null };

export type RankArm = Extract<RankExpr, { kind: 'nearest' | 'bm25' }>;

export type AggregateFunction = 'count' | 'sum' | 'avg' | 'min' | 'max';

export type Expr =
  | ScalarExpr
  | {
      readonly kind: 'variable';
      readonly variable: string;
      readonly entity: 'node' | 'edge';
      readonly typeName: string;
    }
  /** `argument` may be anything the checker lets through; what execution cannot do is an X error. */
  | { readonly kind: 'aggregate'; readonly function: AggregateFunction; readonly argument: Expr }
  | { readonly kind: 'alias'; readonly name: string }
  | RankExpr;

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type FilterOperator = ComparisonOperator | 'starts_with' | 'contains_item' | 'contains_text';

export interface Variable {
  /** Without `$`. An anonymous `$_` gets a fresh name that no author can write (`_#1`). */
  readonly name: string;
  readonly entity: 'node' | 'edge';
  readonly typeName: string;
  readonly anonymous: boolean;
}

export interface PropertyMatch {
  readonly property: string;
  readonly type: PropType;
  /** `equals` on a scalar property, `member` on a list property (§3.3). */
  readonly mode: 'equals' | 'member';
  readonly value: ValueExpr;
}

export interface NodeBinding {
  readonly variable: string;
  readonly typeName: string;
  /** Of all bindings of this variable in this block, together. */
  readonly matches: readonly PropertyMatch[];
}

export interface Traversal {
  readonly from: string;
  readonly to: string;
  /** Declared edge name. */
  readonly edge: string;
  /** `$w` in `$a $w:knows $b`; `null` when unbound or `$_`. */
  readonly edgeVariable: string | null;
  /** `forward`: `from` is the edge's source. `backward`: `from` is its target. */
  readonly direction: 'forward' | 'backward' | 'undirected';
  readonly min: number;
  readonly max: number;
}

export interface Filter {
  readonly left: ScalarExpr;
  readonly operator: FilterOperator;
  readonly right: ScalarExpr;
}

/** A `match` or `not` block. `variables` are those the block itself introduces, in order of introduction. */
export interface MatchBlock {
  readonly variables: readonly Variable[];
  readonly bindings: readonly NodeBinding[];
  readonly traversals: readonly Traversal[];
  readonly filters: readonly Filter[];
  readonly negations: readonly MatchBlock[];
}

export interface ReturnItem {
  readonly expr: Expr;
  /** Run-time column name (§4, "Run-time column / row key"). */
  readonly column: string;
  readonly alias: string | null;
}

export interface SortItem {
  readonly expr: Expr;
  readonly descending: boolean;
}

export interface ReadPlan {
  readonly kind: 'read';
  readonly match: MatchBlock;
  readonly items: readonly ReturnItem[];
  readonly order: readonly SortItem[];
  readonly limit: bigint | null;
}

export interface Assignment {
  /** Property name, or `from` / `to` on an edge insert. */
  readonly property: string;
  readonly type: PropType;
  readonly value: ValueExpr;
}

export interface MutationPredicate {
  /** Property name, or `from` / `to` on an edge delete. */
  readonly property: string;
  readonly type: PropType;
  readonly operator: ComparisonOperator;
  readonly value: ValueExpr;
}

export type WriteStatement =
  | {
      readonly kind: 'insert';
      readonly entity: 'node' | 'edge';
      readonly typeName: string;
      readonly assignments: readonly Assignment[];
    }
  | {
      readonly kind: 'update';
      readonly entity: 'node';
      readonly typeName: string;
      readonly assignments: readonly Assignment[];
      readonly predicate: MutationPredicate;
    }
  | {
      readonly kind: 'delete';
      readonly entity: 'node' | 'edge';
      readonly typeName: string;
      readonly predicate: MutationPredicate;
    };

export interface WritePlan {
  readonly kind: 'mutation';
  readonly statements: readonly WriteStatement[];
}

export interface CheckedQuery {
  readonly name: string;
  readonly kind: 'read' | 'mutation';
  readonly params: readonly QueryParam[];
  readonly description: string | null;
  readonly instruction: string | null;
  /** Absent when the query has errors: such a query can be shown, never run. */
  readonly plan?: ReadPlan | WritePlan;
  /** Sorted names of the types it looked up, found or not (an edge by its declared name): see `touchedTypes`. */
  readonly touched: readonly string[];
  /** Of the whole declaration, and of its name. */
  readonly range: SourceRange;
  readonly nameRange: SourceRange;
}
