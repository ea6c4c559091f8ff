/** Values in their JSON form. query-language.md §11. */
import { formatDate, formatDateTime, type PropType, type Value } from 'omnigraph-language';
import type { Column } from '../columns.js';
import { isValid, listReader, scalarReader } from './column-values.js';

/** A number, string, boolean or null; a `bigint` only where a number would lose digits; an array of these. */
export type Cell = null | string | number | bigint | boolean | readonly Cell[];

/** A reader of the cell of one table row. */
export function cellReader(column: Column, type: PropType): (row: number) => Cell {
  if (column.kind === 'vector') {
    const { values, dimension, valid } = column;
    return (row) =>
      isValid(valid, row)
        ? Array.from(values.subarray(row * dimension, (row + 1) * dimension), (value) => floatCell(value))
        : null;
  }
  if (column.kind === 'list') {
    const list = listReader(column);
    return (row) => list(row)?.map((item) => valueCell(item, { ...type, list: false })) ?? null;
  }
  const read = scalarReader(column);
  return (row) => valueCell(read(row), type);
}

export function valueCell(value: Value, type: PropType): Cell {
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'bigint':
      return integerCell(value);
    case 'number':
      if (type.scalar === 'Date') return formatDate(value);
      if (type.scalar === 'DateTime') return formatDateTime(value);
      return floatCell(value);
    case 'object':
      if (Array.isArray(value)) return value.map((item: Value) => valueCell(item, { ...type, list: false }));
      throw new Error('a blob reached the result: the checker lets none through (T24)');
  }
}

export function floatCell(value: number): Cell {
  return Number.isFinite(value) ? value : String(value);
}

function integerCell(value: bigint): Cell {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}
