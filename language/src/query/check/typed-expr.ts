/** What the checker knows of an expression. */
import type { PropType } from '../../schema/catalog.js';
import type { Expr, ScalarExpr } from '../ir.js';
import type { Scope } from './context.js';

/** What an expression is, beside its plan form; a refused one has neither. */
type ExprType =
  | { readonly kind: 'scalar'; readonly type: PropType }
  | { readonly kind: 'rank' }
  | { readonly kind: 'node'; readonly typeName: string }
  | { readonly kind: 'aggregate' };

export interface TypedExpr {
  readonly type: ExprType;
  readonly expr: Expr;
}

/** Where names are resolved: the variables in scope and, in `return` and `order`, the aliases given so far. */
export interface Names {
  readonly scope: Scope;
  readonly aliases: ReadonlyMap<string, TypedExpr | undefined>;
}

/** The plan form of an expression already known to have a scalar type; rank calls and aliases are none. */
export function asScalar(expr: Expr): ScalarExpr | undefined {
  switch (expr.kind) {
    case 'variable':
    case 'aggregate':
    case 'alias':
    case 'nearest':
    case 'bm25':
    case 'rrf':
      return undefined;
    default:
      return expr;
  }
}
