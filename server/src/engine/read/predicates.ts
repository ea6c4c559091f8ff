/**
 * Filters over the rows of a table, as selections. Three-valued: a null operand matches nothing, `!=` included.
 * query-language.md §5.4.
 */
import type { ComparisonOperator, Filter, PropertyMatch } from 'omnigraph-language';
import { type Bindings, takeRows } from './bindings.js';
import { type EvaluationContext, listOperand, type Operand, scalarOperand } from './operands.js';
import { compareValues, type ScalarValue } from './order-of-values.js';
import { selectedRows } from './traverse.js';

type RowTest = (position: number) => boolean;

/** The rows of `table` that satisfy every filter. */
export async function applyFilters(
  table: Bindings,
  filters: readonly Filter[],
  context: EvaluationContext,
): Promise<Bindings> {
  let rest = table;
  for (const filter of filters) {
    if (rest.length === 0) return rest;
    const test = await rowTest(filter, rest, context);
    const keep = new Uint8Array(rest.length);
    for (let position = 0; position < keep.length; position++) if (test(position)) keep[position] = 1;
    const rows = selectedRows(keep);
    if (rows.length < rest.length) rest = takeRows(rest, rows);
  }
  return rest;
}

/** A property match of a node binding, as the filter it means (§3.3). */
export function matchAsFilter(variable: string, match: PropertyMatch): Filter {
  return {
    left: { kind: 'property', variable, property: match.property, type: match.type },
    operator: match.mode === 'equals' ? '=' : 'contains_item',
    right: match.value,
  };
}

async function rowTest(filter: Filter, table: Bindings, context: EvaluationContext): Promise<RowTest> {
  if (filter.operator === 'contains_item') {
    const [list, needle] = await Promise.all([
      listOperand(filter.left, table, context),
      scalarOperand(filter.right, table, context),
    ]);
    const isF32 = filter.left.kind === 'property' && filter.left.type.scalar === 'F32';
    return containsItem(list, isF32 ? atF32(needle) : needle);
  }
  const [left, right] = await Promise.all([
    scalarOperand(filter.left, table, context),
    scalarOperand(filter.right, table, context),
  ]);
  switch (filter.operator) {
    case 'starts_with':
      return textTest(left, right, (text, needle) => text.startsWith(needle));
    case 'contains_text':
      return textTest(left, right, (text, needle) => text.includes(needle));
    default:
      return comparison(filter.operator, left, right);
  }
}

function containsItem(list: (position: number) => readonly (ScalarValue | null)[] | null, needle: Operand): RowTest {
  const wanted = reader(needle);
  return (position) => {
    const value = wanted(position);
    if (value === null) return false;
    return list(position)?.some((item) => item !== null && equalValues(item, value)) ?? false;
  };
}

function textTest(left: Operand, right: Operand, holds: (text: string, needle: string) => boolean): RowTest {
  const [text, needle] = [reader(left), reader(right)];
  return (position) => {
    const [a, b] = [text(position), needle(position)];
    return typeof a === 'string' && typeof b === 'string' && holds(a, b);
  };
}

function comparison(operator: ComparisonOperator, left: Operand, right: Operand): RowTest {
  // A constant is rounded to the width of an F32 column it meets (§5.4).
  const a = right.kind === 'column' && right.isF32 ? atF32(left) : left;
  const b = left.kind === 'column' && left.isF32 ? atF32(right) : right;
  if (a.kind === 'column' && b.kind === 'constant') return columnAgainstConstant(operator, a, b.value);
  const [leftValue, rightValue] = [reader(a), reader(b)];
  const holds = comparator(operator);
  return (position) => {
    const l = leftValue(position);
    if (l === null) return false;
    const r = rightValue(position);
    return r !== null && holds(l, r);
  };
}

function columnAgainstConstant(
  operator: ComparisonOperator,
  operand: Extract<Operand, { kind: 'column' }>,
  constant: ScalarValue | null,
): RowTest {
  if (constant === null) return () => false;
  const { column, rows } = operand;
  if (column.kind === 'number' && column.valid === null && isExactNumber(constant)) {
    const holds = numberComparator(operator, Number(constant));
    const { values } = column;
    return (position) => holds(values[rows[position] as number] as number);
  }
  if (column.kind === 'text' && operator === '=') {
    const { values } = column;
    return (position) => values[rows[position] as number] === constant;
  }
  const holds = comparator(operator);
  return (position) => {
    const value = operand.read(position);
    return value !== null && holds(value, constant);
  };
}

function numberComparator(operator: ComparisonOperator, limit: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === limit;
    case '!=':
      return (value) => value !== limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
  }
}

function comparator(operator: ComparisonOperator): (left: ScalarValue, right: ScalarValue) => boolean {
  switch (operator) {
    case '=':
      return equalValues;
    case '!=':
      return (left, right) => !equalValues(left, right);
    case '<':
      return (left, right) => compareValues(left, right) < 0;
    case '<=':
      return (left, right) => compareValues(left, right) <= 0;
    case '>':
      return (left, right) => compareValues(left, right) > 0;
    case '>=':
      return (left, right) => compareValues(left, right) >= 0;
  }
}

/** Equal by value: an integer column's `bigint` equals a `number` of exactly that value. */
function equalValues(left: ScalarValue, right: ScalarValue): boolean {
  if (typeof left === typeof right) return left === right;
  return compareValues(left, right) === 0;
}

const reader = (operand: Operand): ((position: number) => ScalarValue | null) =>
  operand.kind === 'constant' ? () => operand.value : operand.read;

function atF32(operand: Operand): Operand {
  if (operand.kind !== 'constant') return operand;
  const { value } = operand;
  const isNumeric = typeof value === 'number' || typeof value === 'bigint';
  return isNumeric ? { kind: 'constant', value: Math.fround(Number(value)) } : operand;
}

const isExactNumber = (value: ScalarValue): boolean =>
  typeof value === 'number' || (typeof value === 'bigint' && Number.isSafeInteger(Number(value)));
