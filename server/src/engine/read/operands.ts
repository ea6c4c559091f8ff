/** Both sides of a filter, bound to the rows of a table: one reader per operand, made once, called per row. */
import type { PropertyRef, ScalarExpr, TextFilter, Value } from 'omnigraph-language';
import type { Column } from '../columns.js';
import { GraphError } from '../graph-error.js';
import { type Bindings, columnOf } from './bindings.js';
import { isScalarColumn, listReader, type ScalarColumn, scalarReader } from './column-values.js';
import { constantOf, type RequestValues } from './constants.js';
import type { ScalarValue } from './order-of-values.js';
import type { RowSource } from './row-source.js';
import { buildTextIndex, matchText } from './text/text-index.js';
import { type Scope, typeKeyOf } from './variables.js';

export type Operand =
  | { readonly kind: 'constant'; readonly value: ScalarValue | null }
  /** `read` takes a position in the table; `column` and `rows` are there for typed inner loops. */
  | {
      readonly kind: 'column';
      readonly column: ScalarColumn;
      readonly rows: Uint32Array;
      readonly isF32: boolean;
      readonly read: (position: number) => ScalarValue | null;
    }
  | { readonly kind: 'computed'; readonly read: (position: number) => ScalarValue | null };

export interface EvaluationContext {
  readonly source: RowSource;
  readonly scope: Scope;
  readonly request: RequestValues;
}

const DEFAULT_EDITS = 2;

/** A scalar operand over the rows of `table`. */
export async function scalarOperand(expr: ScalarExpr, table: Bindings, context: EvaluationContext): Promise<Operand> {
  switch (expr.kind) {
    case 'property': {
      const column = await propertyColumn(expr, context);
      if (!isScalarColumn(column)) throw new Error(`$${expr.variable}.${expr.property} is not a scalar column`);
      const rows = columnOf(table, expr.variable);
      const value = scalarReader(column);
      return {
        kind: 'column',
        column,
        rows,
        isF32: expr.type.scalar === 'F32',
        read: (position) => value(rows[position] as number),
      };
    }
    case 'search':
    case 'match_text':
    case 'fuzzy':
      return textOperand(expr, table, context);
    case 'literal':
    case 'param':
    case 'now':
      return { kind: 'constant', value: asScalar(constantOf(expr, context.request).value) };
  }
}

/** The items of a list operand over the rows of `table`. */
export async function listOperand(
  expr: ScalarExpr,
  table: Bindings,
  context: EvaluationContext,
): Promise<(position: number) => readonly (ScalarValue | null)[] | null> {
  if (expr.kind === 'property') {
    const rows = columnOf(table, expr.variable);
    const list = listReader(await propertyColumn(expr, context));
    return (position) => list(rows[position] as number);
  }
  if (expr.kind !== 'literal' && expr.kind !== 'param') throw new Error(`${expr.kind} is never a list`);
  const { value } = constantOf(expr, context.request);
  const items = Array.isArray(value) ? value.map(asScalar) : null;
  return () => items;
}

async function propertyColumn(expr: PropertyRef, context: EvaluationContext): Promise<Column> {
  const columns = await context.source.columns(typeKeyOf(context.scope, expr.variable), [expr.property]);
  const column = columns.get(expr.property);
  if (column === undefined) throw new Error(`column ${expr.property} was asked for and not delivered`);
  return column;
}

/** `search`, `match_text`, `fuzzy`: never null; false for a missing field or query (§7.1). */
async function textOperand(expr: TextFilter, table: Bindings, context: EvaluationContext): Promise<Operand> {
  const query = constantArgument(expr.query, `the query of ${expr.kind}`, context.request);
  const edits = expr.kind === 'fuzzy' ? maxEdits(expr, context.request) : 0;
  if (typeof query !== 'string') return { kind: 'constant', value: false };
  if (expr.field.kind === 'property') {
    const rows = columnOf(table, expr.field.variable);
    const index = await context.source.textIndex(typeKeyOf(context.scope, expr.field.variable), expr.field.property);
    const flags = matchText(index, query, edits);
    return { kind: 'computed', read: (position) => flags[rows[position] as number] === 1 };
  }
  const field = constantArgument(expr.field, `the field of ${expr.kind}`, context.request);
  const matches = typeof field === 'string' && matchText(buildTextIndex([field]), query, edits)[0] === 1;
  return { kind: 'constant', value: matches };
}

function maxEdits(expr: TextFilter, request: RequestValues): number {
  if (expr.maxEdits === null) return DEFAULT_EDITS;
  const value = constantArgument(expr.maxEdits, 'the edit limit of fuzzy', request);
  if (value === null) return DEFAULT_EDITS;
  const edits = Number(value);
  if (Number.isInteger(edits) && edits >= 0) return edits;
  throw new GraphError('bad_request', `the edit limit of fuzzy must be 0 or more, got ${String(value)}`);
}

function constantArgument(expr: ScalarExpr, what: string, request: RequestValues): Value {
  if (expr.kind === 'literal' || expr.kind === 'param') return constantOf(expr, request).value;
  throw new GraphError('bad_request', `${what} must be a literal or a parameter`);
}

function asScalar(value: Value): ScalarValue | null {
  if (value === null || typeof value !== 'object') return value;
  throw new Error('a list or a blob stands where the checker lets only scalars through');
}
