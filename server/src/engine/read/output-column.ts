/** Returned expressions over the rows of a finished match: what to print for a row, and what to sort it by. */
import { type Expr, type PropertyRef, type ReturnItem, type Value, vectorDimension } from 'omnigraph-language';
import { type Bindings, columnOf } from './bindings.js';
import { type Cell, cellReader, valueCell } from './cells.js';
import { isScalarColumn, scalarReader } from './column-values.js';
import { constantOf } from './constants.js';
import type { EvaluationContext } from './operands.js';
import type { ScalarValue } from './order-of-values.js';
import { type Place, unsupported } from './unsupported.js';
import { typeKeyOf } from './variables.js';

export interface OutputColumn {
  readonly name: string;
  readonly cell: (position: number) => Cell;
  /** `null` for lists and vectors, which have no order. */
  readonly scalar: ((position: number) => ScalarValue | null) | null;
}

/** The columns of a query without aggregates, in return order. An alias stands for the column it names (§13). */
export async function outputColumns(
  items: readonly ReturnItem[],
  table: Bindings,
  context: EvaluationContext,
): Promise<readonly OutputColumn[]> {
  const columns: OutputColumn[] = [];
  for (const { expr, column } of items) {
    if (expr.kind !== 'alias') {
      columns.push(await valueColumn(expr, column, 'projection', table, context));
      continue;
    }
    const earlier = columns.findLast(({ name }) => name === expr.name);
    if (earlier === undefined) throw unsupported(expr, 'projection');
    columns.push({ ...earlier, name: column });
  }
  return columns;
}

/** A property, a node's id or a constant per row; anything else is refused for the place it stands in. */
export async function valueColumn(
  expr: Expr,
  name: string,
  place: Place,
  table: Bindings,
  context: EvaluationContext,
): Promise<OutputColumn> {
  switch (expr.kind) {
    case 'property':
      return propertyColumn(expr, name, table, context);
    case 'variable': {
      const read = await idReader(expr.variable, table, context);
      return { name, cell: read, scalar: read };
    }
    case 'literal':
    case 'param':
    case 'now': {
      const { value, type } = constantOf(expr, context.request);
      const cell = valueCell(value, type);
      return { name, cell: () => cell, scalar: isScalar(value) ? () => value : null };
    }
    default:
      throw unsupported(expr, place);
  }
}

/** The ids of a variable's entities, hidden ones of edges included. */
export async function idReader(
  variable: string,
  table: Bindings,
  context: EvaluationContext,
): Promise<(position: number) => string> {
  if (table.length === 0) return () => '';
  const column = (await context.source.columns(typeKeyOf(context.scope, variable), ['id'])).get('id');
  if (column?.kind !== 'text') throw new Error(`${typeKeyOf(context.scope, variable)} has no text column id`);
  const rows = columnOf(table, variable);
  const { values } = column;
  return (position) => values[rows[position] as number] as string;
}

async function propertyColumn(
  { variable, property, type }: PropertyRef,
  name: string,
  table: Bindings,
  context: EvaluationContext,
): Promise<OutputColumn> {
  const hasOrder = !type.list && vectorDimension(type) === undefined;
  // Nothing to print, so nothing to read.
  if (table.length === 0) return { name, cell: () => null, scalar: hasOrder ? () => null : null };
  const column = (await context.source.columns(typeKeyOf(context.scope, variable), [property])).get(property);
  if (column === undefined) throw new Error(`column ${property} was asked for and not delivered`);
  const rows = columnOf(table, variable);
  const cell = cellReader(column, type);
  const scalar = isScalarColumn(column) ? scalarReader(column) : null;
  return {
    name,
    cell: (position) => cell(rows[position] as number),
    scalar: scalar === null ? null : (position) => scalar(rows[position] as number),
  };
}

const isScalar = (value: Value): value is ScalarValue | null => value === null || typeof value !== 'object';
