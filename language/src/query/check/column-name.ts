import type { Expr } from '../ir.js';

/** The run-time column of an un-aliased return item (query-language.md §4, first table column). */
export function columnName(expr: Expr): string {
  switch (expr.kind) {
    case 'property':
      return `${expr.variable}.${expr.property}`;
    case 'variable':
      return expr.variable;
    case 'param':
    case 'alias':
      return expr.name;
    case 'aggregate':
      return columnName(expr.argument);
    default:
      return expr.kind;
  }
}
