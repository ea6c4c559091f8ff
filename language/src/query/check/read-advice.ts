/**
 * Advice on read queries: what type-checks but fails at execution or returns something else than it seems
 * (query-language.md §§3.7, 5.6, 7.3, 10.3). Warnings of stage L; none of them appears in `lint` output.
 */
import type { Expr, ReturnItem } from '../ir.js';
import type { ExprSyntax, ReadSyntax, ReturnItemSyntax } from '../syntax.js';
import type { CheckContext } from './context.js';
import type { TypedExpr } from './typed-expr.js';

export function adviseOnItems(
  context: CheckContext,
  syntax: readonly ReturnItemSyntax[],
  items: readonly ReturnItem[],
): void {
  // Refused items are missing from the plan, and then there are errors to mend first.
  if (items.length < syntax.length) return;
  const columns = new Set<string>();
  const aliases = new Set<string>();
  for (const [index, item] of items.entries()) {
    const written = syntax[index];
    if (written === undefined) continue;
    const at = written.expression.span;
    if (item.expr.kind === 'aggregate') adviseOnAggregate(context, item, item.expr, at);
    if (item.expr.kind === 'alias' && !aliases.has(item.expr.name))
      unknownAlias(context, item.expr.name, written.expression);
    if (columns.has(item.column)) {
      context.advise(
        'duplicate-column',
        `column \`${item.column}\` is returned twice: the last one wins`,
        written.span,
        {
          remedy: 'give one of them another name with `as`',
        },
      );
    }
    columns.add(item.column);
    if (item.alias !== null) aliases.add(item.alias);
  }
}

function adviseOnAggregate(
  context: CheckContext,
  item: ReturnItem,
  expr: Extract<Expr, { kind: 'aggregate' }>,
  at: ExprSyntax['span'],
): void {
  const { argument } = expr;
  if (argument.kind === 'aggregate') {
    context.advise('nested-aggregate', 'an aggregate inside an aggregate fails when the query runs', at);
  } else if (argument.kind === 'variable' && (expr.function === 'sum' || expr.function === 'avg')) {
    context.advise('aggregate-of-node', `\`${expr.function}\` of a node fails when the query runs`, at, {
      remedy: `aggregate one of its properties: \`${expr.function}($${argument.variable}.property)\``,
    });
  }
  if (item.alias === null) {
    const message = `the column of this aggregate is named \`${item.column}\``;
    context.advise('unaliased-aggregate', message, at, { remedy: `name it: \`… as ${expr.function}\`` });
  }
}

export function adviseOnOrder(
  context: CheckContext,
  { items: itemSyntax, order }: ReadSyntax,
  items: readonly ReturnItem[],
  aliases: ReadonlyMap<string, TypedExpr | undefined>,
): void {
  const grouped = items.some(({ expr }) => expr.kind === 'aggregate');
  const columns = new Set(items.map(({ column }) => column));
  for (const [index, { expression }] of order.entries()) {
    switch (expression.kind) {
      case 'alias': {
        const known = aliases.has(expression.name) || columns.has(expression.name);
        if (!known && items.length === itemSyntax.length) unknownAlias(context, expression.name, expression);
        break;
      }
      case 'property': {
        const { variable, property, span } = expression;
        const key = `${variable.text}.${property.text}`;
        const returned = items.some(
          ({ expr, alias, column }) => expr.kind === 'property' && alias === null && column === key,
        );
        if (grouped && !returned) {
          context.advise('unprojected-order-key', `\`$${key}\` is no grouping column, so ordering by it fails`, span, {
            remedy: 'return it without an alias, or order by the alias of a returned column',
          });
        }
        break;
      }
      case 'call':
        adviseOnSortCall(context, expression, index, grouped);
        break;
      default:
        context.advise('unsupported-order-key', 'ordering by this fails when the query runs', expression.span, {
          remedy: 'order by a property (`$x.property`) or by the alias of a returned column',
        });
    }
  }
}

function adviseOnSortCall(
  context: CheckContext,
  call: Extract<ExprSyntax, { kind: 'call' }>,
  index: number,
  grouped: boolean,
): void {
  const isRank = call.name === 'nearest' || call.name === 'bm25' || call.name === 'rrf';
  if (!isRank) {
    context.advise('unsupported-order-key', `ordering by \`${call.name}(…)\` fails when the query runs`, call.span, {
      remedy: 'return it under an alias and order by the alias',
    });
  } else if (index > 0) {
    const message = `\`${call.name}\` must be the first sort item: in a later place it fails when the query runs`;
    context.advise('rank-not-first', message, call.span);
  } else if (grouped) {
    context.advise('rank-with-aggregates', 'a rank ordering fails beside aggregates', call.span);
  }
}

function unknownAlias(context: CheckContext, name: string, syntax: ExprSyntax): void {
  context.advise(
    'unknown-alias',
    `there is no column or alias \`${name}\`: this fails when the query runs`,
    syntax.span,
  );
}
