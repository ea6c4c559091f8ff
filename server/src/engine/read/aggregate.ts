/** Grouping and aggregate functions over the rows of a finished match. query-language.md §6. */
import type { AggregateFunction, Expr, ReturnItem } from 'omnigraph-language';
import { type Bindings, columnOf, firstOfGroups, type Grouped, groupRows } from './bindings.js';
import { type Cell, floatCell } from './cells.js';
import { ExactSum } from './exact-sum.js';
import type { EvaluationContext } from './operands.js';
import { compareValues, type ScalarValue } from './order-of-values.js';
import { type OutputColumn, valueColumn } from './output-column.js';
import { unsupported } from './unsupported.js';

type AggregateExpr = Extract<Expr, { kind: 'aggregate' }>;

export interface Aggregation {
  readonly groupCount: number;
  /** In return order; a position is a group. */
  readonly columns: readonly OutputColumn[];
  /** Positions of the grouping columns among them, left to right: the tie-break (§5.6). */
  readonly keys: readonly number[];
}

export const isAggregate = (items: readonly ReturnItem[]): boolean =>
  items.some(({ expr }) => expr.kind === 'aggregate');

export async function aggregate(
  items: readonly ReturnItem[],
  table: Bindings,
  context: EvaluationContext,
): Promise<Aggregation> {
  const keys = items.flatMap(({ expr }, at) => (expr.kind === 'aggregate' ? [] : [at]));
  const perRow = await Promise.all(items.map((item) => rowColumn(item, table, context)));
  const grouped = groupByKeys(items, keys, perRow, table);
  const representative = firstOfGroups(grouped.groups, grouped.count);
  // No grouping keys and no rows: one group that has seen nothing, under unnamed columns (§§4, 6).
  const isEmptyTotal = keys.length === 0 && table.length === 0;
  const groups: Grouped = isEmptyTotal ? { groups: grouped.groups, count: 1 } : grouped;
  const columns = items.map(({ expr, alias, column }, at): OutputColumn => {
    const source = perRow[at] as OutputColumn;
    if (expr.kind !== 'aggregate') return atRepresentatives(source, representative);
    const name = isEmptyTotal ? (alias ?? '?') : column;
    return { name, ...aggregated(expr, source, table, groups) };
  });
  return { groupCount: groups.count, columns, keys };
}

/** What each row contributes: a grouping key's value, or an aggregate's argument. */
function rowColumn({ expr, column }: ReturnItem, table: Bindings, context: EvaluationContext): Promise<OutputColumn> {
  if (expr.kind !== 'aggregate') return valueColumn(expr, column, 'projection', table, context);
  if (expr.argument.kind === 'variable') {
    // Counting a variable counts rows: nothing of the entity is read, and the column itself may be gone.
    if (expr.function === 'count') return Promise.resolve({ name: column, cell: () => true, scalar: () => true });
    if (expr.function === 'sum' || expr.function === 'avg') throw unsupported(expr, 'projection');
  }
  return valueColumn(expr.argument, column, 'aggregate argument', table, context);
}

function groupByKeys(
  items: readonly ReturnItem[],
  keys: readonly number[],
  perRow: readonly OutputColumn[],
  table: Bindings,
): Grouped {
  const codes = keys.map((at) => {
    const expr = items[at]?.expr;
    // A node is its row: no need to look at its id.
    if (expr?.kind === 'variable') return columnOf(table, expr.variable);
    return valueCodes(perRow[at] as OutputColumn, table.length);
  });
  return groupRows(table.length, codes);
}

/** Numbers the distinct values of a column; null is one of them. */
function valueCodes({ scalar, cell }: OutputColumn, length: number): Uint32Array {
  const known = new Map<ScalarValue | null, number>();
  const codes = new Uint32Array(length);
  const read = scalar ?? ((position: number) => JSON.stringify(cell(position), printBigints));
  for (let position = 0; position < length; position++) {
    const value = read(position);
    let code = known.get(value);
    if (code === undefined) {
      code = known.size;
      known.set(value, code);
    }
    codes[position] = code;
  }
  return codes;
}

const printBigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

const atRepresentatives = ({ name, cell, scalar }: OutputColumn, representative: Uint32Array): OutputColumn => ({
  name,
  cell: (group) => cell(representative[group] as number),
  scalar: scalar === null ? null : (group) => scalar(representative[group] as number),
});

function aggregated(
  expr: AggregateExpr,
  argument: OutputColumn,
  table: Bindings,
  groups: Grouped,
): Pick<OutputColumn, 'cell' | 'scalar'> {
  switch (expr.function) {
    case 'count': {
      const counts = countRows(argument, table, groups);
      return ofGroups(Array.from(counts), (count) => count);
    }
    case 'sum':
    case 'avg':
      return ofGroups(totals(expr.function, argument, table, groups), floatCell);
    case 'min':
    case 'max':
      return extremes(expr, argument, table, groups);
  }
}

function countRows({ scalar, cell }: OutputColumn, table: Bindings, groups: Grouped): Float64Array {
  const counts = new Float64Array(groups.count);
  const read = scalar ?? cell;
  for (let row = 0; row < table.length; row++) {
    if (read(row) === null) continue;
    const group = groups.groups[row] as number;
    counts[group] = (counts[group] as number) + weightOf(table, row);
  }
  return counts;
}

function totals(
  operation: Extract<AggregateFunction, 'sum' | 'avg'>,
  argument: OutputColumn,
  table: Bindings,
  groups: Grouped,
): readonly (number | null)[] {
  const sums: (ExactSum | undefined)[] = Array.from({ length: groups.count }, () => undefined);
  const counts = new Float64Array(groups.count);
  const read = argument.scalar ?? (() => null);
  for (let row = 0; row < table.length; row++) {
    const value = read(row);
    if (value === null) continue;
    const group = groups.groups[row] as number;
    const weight = weightOf(table, row);
    sums[group] ??= new ExactSum();
    sums[group].add(Number(value), weight);
    counts[group] = (counts[group] as number) + weight;
  }
  return sums.map((sum, group) => {
    if (sum === undefined) return null;
    return operation === 'sum' ? sum.value : sum.value / (counts[group] as number);
  });
}

/** The first least or greatest value of each group, printed as its argument is. */
function extremes(
  { function: operation }: AggregateExpr,
  { scalar, cell }: OutputColumn,
  table: Bindings,
  groups: Grouped,
): Pick<OutputColumn, 'cell' | 'scalar'> {
  const read = scalar ?? (() => null);
  const sign = operation === 'min' ? -1 : 1;
  const best: ({ readonly value: ScalarValue; readonly row: number } | undefined)[] = Array.from(
    { length: groups.count },
    () => undefined,
  );
  for (let row = 0; row < table.length; row++) {
    const value = read(row);
    if (value === null) continue;
    const group = groups.groups[row] as number;
    const known = best[group];
    if (known === undefined || compareValues(value, known.value) * sign > 0) best[group] = { value, row };
  }
  return {
    cell: (group) => {
      const found = best[group];
      return found === undefined ? null : cell(found.row);
    },
    scalar: (group) => best[group]?.value ?? null,
  };
}

const ofGroups = <T extends number | null>(
  values: readonly T[],
  print: (value: number) => Cell,
): Pick<OutputColumn, 'cell' | 'scalar'> => ({
  cell: (group) => {
    const value = values[group] ?? null;
    return value === null ? null : print(value);
  },
  scalar: (group) => values[group] ?? null,
});

const weightOf = (table: Bindings, row: number): number =>
  table.weights === null ? 1 : (table.weights[row] as number);
