/** Single values out of columns, as the scalars that predicates, sorting and grouping work on. */
import type { Column, Validity } from '../columns.js';
import type { ScalarValue } from './order-of-values.js';

export type ScalarColumn = Exclude<Column, { kind: 'vector' } | { kind: 'list' }>;

/** A reader of one scalar per table row; `null` where the row has none. */
export function scalarReader(column: ScalarColumn): (row: number) => ScalarValue | null {
  switch (column.kind) {
    case 'text': {
      const { values } = column;
      return (row) => values[row] ?? null;
    }
    case 'number': {
      const { values, valid } = column;
      return valid === null
        ? (row) => values[row] as number
        : (row) => (valid[row] === 1 ? (values[row] as number) : null);
    }
    case 'bigint': {
      const { values, valid } = column;
      return (row) => (isValid(valid, row) ? (values[row] as bigint) : null);
    }
    case 'bool': {
      const { values, valid } = column;
      return (row) => (isValid(valid, row) ? values[row] === 1 : null);
    }
  }
}

/** A reader of one list per table row: its items, null ones included. */
export function listReader(column: Column): (row: number) => readonly (ScalarValue | null)[] | null {
  if (column.kind !== 'list') return () => null;
  const { offsets, items, valid } = column;
  if (!isScalarColumn(items)) return () => null;
  const item = scalarReader(items);
  return (row) => {
    if (!isValid(valid, row)) return null;
    const list: (ScalarValue | null)[] = [];
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at++) list.push(item(at));
    return list;
  };
}

export const isScalarColumn = (column: Column): column is ScalarColumn =>
  column.kind !== 'vector' && column.kind !== 'list';

export const isValid = (valid: Validity, row: number): boolean => valid === null || valid[row] === 1;
