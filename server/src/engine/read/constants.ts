/**
 * Literals, parameters and `now()` as typed values. Date texts are validated here, before any row is read: a bad one
 * is an error whatever the data. query-language.md §§5.4, 9; values: language/src/values.
 */
import { type Literal, type PropType, parseDate, parseDateTime, type Value, type ValueExpr } from 'omnigraph-language';
import { GraphError } from '../graph-error.js';

export interface RequestValues {
  readonly params: ReadonlyMap<string, Value>;
  /** Milliseconds since the epoch: one instant for the whole request. */
  readonly now: number;
}

/** What a constant is, for printing it and for comparing it. */
export interface Constant {
  readonly value: Value;
  readonly type: PropType;
}

export function constantOf(expr: ValueExpr, request: RequestValues): Constant {
  switch (expr.kind) {
    case 'literal':
      return literalConstant(expr.literal);
    case 'param':
      return { value: paramValue(expr.name, expr.type, request), type: expr.type };
    case 'now':
      return { value: request.now, type: scalarType('DateTime') };
  }
}

function literalConstant(literal: Literal): Constant {
  switch (literal.kind) {
    case 'string':
      return { value: literal.value, type: scalarType('String') };
    case 'integer':
      return { value: literal.value, type: scalarType('I64') };
    case 'float':
      return { value: literal.value, type: scalarType('F64') };
    case 'bool':
      return { value: literal.value, type: scalarType('Bool') };
    case 'date':
      return { value: daysOf(literal.text, `date("${literal.text}")`), type: scalarType('Date') };
    case 'datetime':
      return { value: instantOf(literal.text, `datetime("${literal.text}")`), type: scalarType('DateTime') };
    case 'list': {
      const items = literal.items.map(literalConstant);
      const item = items[0]?.type ?? scalarType('String');
      return { value: items.map(({ value }) => value), type: { ...item, list: true } };
    }
  }
}

function paramValue(name: string, type: PropType, request: RequestValues): Value {
  const value = request.params.get(name) ?? null;
  if (value === null) {
    if (type.nullable) return null;
    throw new GraphError('bad_request', `parameter '${name}' not provided`);
  }
  if (type.scalar !== 'Date' && type.scalar !== 'DateTime') return value;
  const typed = (item: Value): Value => temporalValue(item, type.scalar === 'Date', `parameter '${name}'`);
  return Array.isArray(value) ? value.map(typed) : typed(value);
}

function temporalValue(value: Value, isDate: boolean, place: string): Value {
  if (typeof value !== 'string') return value;
  return isDate ? daysOf(value, `${place} "${value}"`) : instantOf(value, `${place} "${value}"`);
}

function daysOf(text: string, place: string): number {
  const days = parseDate(text);
  if (days !== undefined) return days;
  throw new GraphError('bad_request', `invalid date in ${place}: expected an existing day as YYYY-MM-DD`);
}

function instantOf(text: string, place: string): number {
  const instant = parseDateTime(text);
  if (instant !== undefined) return instant;
  throw new GraphError(
    'bad_request',
    `invalid datetime in ${place}: expected ISO 8601 text such as 2024-05-01T06:00:00Z`,
  );
}

const scalarType = (scalar: PropType['scalar']): PropType => ({
  scalar,
  nullable: false,
  list: false,
  enum_values: null,
});
