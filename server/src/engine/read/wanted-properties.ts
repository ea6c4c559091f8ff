/** Which properties of which types a query reads anywhere, so that a look-up can fetch them in one go. */
import type { Expr, Filter, ReadPlan } from 'omnigraph-language';
import type { TypeKey } from './row-source.js';
import type { BlockPlan } from './steps.js';
import { type Scope, typeKeyOf } from './variables.js';

export function wantedProperties(plan: ReadPlan, block: BlockPlan): ReadonlyMap<TypeKey, ReadonlySet<string>> {
  const wanted = new Map<TypeKey, Set<string>>();
  const want = (expr: Expr, scope: Scope): void => {
    if (expr.kind === 'aggregate') want(expr.argument, scope);
    if (expr.kind === 'search' || expr.kind === 'match_text' || expr.kind === 'fuzzy') want(expr.field, scope);
    if (expr.kind !== 'property') return;
    const type = typeKeyOf(scope, expr.variable);
    wanted.set(type, (wanted.get(type) ?? new Set()).add(expr.property));
  };
  const wantFilters = (filters: readonly Filter[], scope: Scope): void => {
    for (const { left, right } of filters) for (const side of [left, right]) want(side, scope);
  };
  const wantBlock = ({ steps, scope }: BlockPlan): void => {
    for (const { action, filters } of steps) {
      wantFilters(filters, scope);
      if (action.kind === 'scan') wantFilters(action.own, scope);
      if (action.kind === 'negate') wantBlock(action.block);
    }
  };
  wantBlock(block);
  for (const { expr } of [...plan.items, ...plan.order]) want(expr, block.scope);
  return wanted;
}
