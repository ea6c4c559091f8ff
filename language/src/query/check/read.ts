/** `return`, `order` and `limit` (query-language.md §§3.2, 3.7, 4), with the advice of §10.3. */
import type { Expr, MatchBlock, ReadPlan, ReturnItem, SortItem } from '../ir.js';
import type { ExprSyntax, ReadSyntax, ReturnItemSyntax, SortItemSyntax } from '../syntax.js';
import { columnName } from './column-name.js';
import type { CheckContext, Scope } from './context.js';
import { checkExpression } from './expression.js';
import { checkBlock } from './match.js';
import { adviseOnItems, adviseOnOrder } from './read-advice.js';
import type { Names, TypedExpr } from './typed-expr.js';

/** `end` is the offset of the declaration's end. The plan is complete only if the context holds no error afterwards. */
export function checkRead(context: CheckContext, syntax: ReadSyntax, end: number): ReadPlan {
  const scope: Scope = new Map();
  const match: MatchBlock = checkBlock(context, syntax.clauses, scope, end);
  const aliases = new Map<string, TypedExpr | undefined>();
  const items = syntax.items.flatMap((item) => checkItem(context, item, { scope, aliases }, aliases));
  const order = syntax.order.flatMap((item) => checkSort(context, item, { scope, aliases }));
  checkRanking(context, syntax, aliases);
  checkGrouping(context, syntax.items);
  adviseOnItems(context, syntax.items, items);
  adviseOnOrder(context, syntax, items, aliases);
  return { kind: 'read', match, items, order, limit: syntax.limit };
}

function checkItem(
  context: CheckContext,
  item: ReturnItemSyntax,
  names: Names,
  aliases: Map<string, TypedExpr | undefined>,
): readonly ReturnItem[] {
  const typed = checkExpression(context, item.expression, names);
  const alias = item.alias?.text ?? null;
  if (item.alias !== null) {
    aliases.set(item.alias.text, typed);
    context.note({ kind: 'alias', name: item.alias.text, declares: true, span: item.alias.span });
  }
  return typed === undefined ? [] : [{ expr: typed.expr, column: alias ?? columnName(typed.expr), alias }];
}

function checkSort(context: CheckContext, item: SortItemSyntax, names: Names): readonly SortItem[] {
  const typed = checkExpression(context, item.expression, names);
  return typed === undefined ? [] : [{ expr: typed.expr, descending: item.direction === 'desc' }];
}

/** T21, T17 and T18, in this order: rank orderings and what they demand. */
function checkRanking(
  context: CheckContext,
  { order, limit }: ReadSyntax,
  aliases: ReadonlyMap<string, TypedExpr | undefined>,
): void {
  const byKind = (kind: 'rrf' | 'nearest'): SortItemSyntax | undefined =>
    order.find(({ expression }) => rankKind(expression, aliases) === kind);
  const remedy = 'add `limit n` after `order`';
  const fused = byKind('rrf');
  if (fused !== undefined && limit === null) {
    context.error('T21', 'ordering by `rrf` needs a `limit`', fused.expression.span, { remedy });
  }
  const nearest = byKind('nearest');
  if (nearest === undefined) return;
  if (limit === null) {
    context.error('T17', 'ordering by `nearest` needs a `limit`', nearest.expression.span, { remedy });
  }
  const alias = order.find(({ expression }) => expression.kind === 'alias');
  if (alias !== undefined) {
    context.error('T18', 'ordering by `nearest` cannot be combined with an alias', alias.expression.span);
  }
}

function rankKind(syntax: ExprSyntax, aliases: ReadonlyMap<string, TypedExpr | undefined>): Expr['kind'] | undefined {
  if (syntax.kind === 'call') return syntax.name === 'nearest' || syntax.name === 'rrf' ? syntax.name : undefined;
  return syntax.kind === 'alias' ? resolve(aliases, syntax.name)?.kind : undefined;
}

/** The expression an alias stands for, through aliases of aliases. */
function resolve(aliases: ReadonlyMap<string, TypedExpr | undefined>, name: string): Expr | undefined {
  const seen = new Set<string>();
  let expr = aliases.get(name)?.expr;
  while (expr?.kind === 'alias' && !seen.has(expr.name)) {
    seen.add(expr.name);
    expr = aliases.get(expr.name)?.expr;
  }
  return expr;
}

/** T9: beside an aggregate every other item is a grouping key, so a property access or a bare variable. */
function checkGrouping(context: CheckContext, items: readonly ReturnItemSyntax[]): void {
  if (!items.some(({ expression }) => isAggregate(expression))) return;
  for (const { expression } of items) {
    if (expression.kind === 'property' || expression.kind === 'variable' || isAggregate(expression)) continue;
    context.error(
      'T9',
      'beside an aggregate only properties and variables can be returned: they are the grouping keys',
      expression.span,
    );
  }
}

const isAggregate = (syntax: ExprSyntax): boolean => syntax.kind === 'call' && AGGREGATES.has(syntax.name);

const AGGREGATES: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max']);
