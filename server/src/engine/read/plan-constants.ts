/** Every literal and parameter of a plan, checked before execution: an error must not depend on the data. */
import type { Expr, MatchBlock, ReadPlan, ScalarExpr } from 'omnigraph-language';
import { constantOf, type RequestValues } from './constants.js';

export function checkConstants(plan: ReadPlan, request: RequestValues): void {
  checkBlock(plan.match, request);
  for (const { expr } of plan.items) checkExpr(expr, request);
}

function checkBlock(block: MatchBlock, request: RequestValues): void {
  for (const { matches } of block.bindings) for (const { value } of matches) checkScalar(value, request);
  for (const { left, right } of block.filters) for (const side of [left, right]) checkScalar(side, request);
  for (const inner of block.negations) checkBlock(inner, request);
}

function checkScalar(expr: ScalarExpr, request: RequestValues): void {
  switch (expr.kind) {
    case 'property':
      return;
    case 'search':
    case 'match_text':
    case 'fuzzy':
      for (const argument of [expr.field, expr.query, expr.maxEdits]) {
        if (argument !== null) checkScalar(argument, request);
      }
      return;
    case 'literal':
    case 'param':
    case 'now':
      constantOf(expr, request);
  }
}

function checkExpr(expr: Expr, request: RequestValues): void {
  if (expr.kind === 'aggregate') checkExpr(expr.argument, request);
  if (expr.kind === 'literal' || expr.kind === 'param' || expr.kind === 'now') constantOf(expr, request);
}
