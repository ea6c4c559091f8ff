/** Rows of a column by position. */
import type { Column, Validity } from '../columns.js';

/** The column holding `rows` of `column`, in the order given. */
export function takeRows(column: Column, rows: Uint32Array): Column {
  switch (column.kind) {
    case 'text':
      return { kind: 'text', values: Array.from(rows, (row) => column.values[row] ?? null) };
    case 'number':
      return { kind: 'number', values: gather(column.values, rows), valid: gatherValid(column.valid, rows) };
    case 'bigint':
      return { kind: 'bigint', values: gather(column.values, rows), valid: gatherValid(column.valid, rows) };
    case 'bool':
      return { kind: 'bool', values: gather(column.values, rows), valid: gatherValid(column.valid, rows) };
    case 'vector':
      return {
        ...column,
        values: gather(
          column.values,
          spans(
            rows,
            (row) => row * column.dimension,
            () => column.dimension,
          ),
        ),
        valid: gatherValid(column.valid, rows),
      };
    case 'list': {
      const start = (row: number): number => column.offsets[row] ?? 0;
      const size = (row: number): number => (column.offsets[row + 1] ?? 0) - start(row);
      const offsets = new Int32Array(rows.length + 1);
      rows.forEach((row, at) => {
        offsets[at + 1] = (offsets[at] ?? 0) + size(row);
      });
      return {
        kind: 'list',
        offsets,
        items: takeRows(column.items, spans(rows, start, size)),
        valid: gatherValid(column.valid, rows),
      };
    }
  }
}

type Typed = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array | BigInt64Array | BigUint64Array;

function gather<T extends Typed>(values: T, rows: Uint32Array): T {
  const Same = values.constructor as new (length: number) => T;
  const into = new Same(rows.length);
  for (let at = 0; at < rows.length; at += 1) into[at] = values[rows[at] ?? 0] as T[number];
  return into;
}

const gatherValid = (valid: Validity, rows: Uint32Array): Validity => (valid === null ? null : gather(valid, rows));

/** The positions of the items of some rows. */
function spans(rows: Uint32Array, start: (row: number) => number, size: (row: number) => number): Uint32Array {
  const positions = new Uint32Array(rows.reduce((sum, row) => sum + size(row), 0));
  let at = 0;
  for (const row of rows) {
    for (let item = 0; item < size(row); item += 1) {
      positions[at] = start(row) + item;
      at += 1;
    }
  }
  return positions;
}
