/**
 * Whether to name the wanted columns to LanceDB or to read a row whole. Planning a projection costs it time that grows
 * with the square of the table's width for every column named: all 1,000 columns of 500 rows take 36 s named and 0.1 s
 * whole.
 */
import type { Query } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { native } from './native.js';

/** Milliseconds, measured: per named column and square of the width; per column read; per cell read. */
const COST = { named: 3e-5, column: 0.1, cell: 1e-5 } as const;

/** The query over these columns and perhaps more. `rows` is how many it may return. */
export function projected(query: Query, schema: Schema, names: readonly string[], rows: number): Query {
  return isCheaperWhole(schema, names, rows) ? query : query.select([...names]);
}

export function isCheaperWhole({ fields }: Schema, names: readonly string[], rows: number): boolean {
  const width = fields.length;
  const named = COST.named * names.length * width ** 2;
  const whole = width * (COST.column + COST.cell * rows);
  if (named <= whole) return false;
  const wanted = new Set(names);
  const { DataType } = native().arrow;
  // A blob or a vector that nobody asked for may outweigh everything else.
  return fields.every(
    ({ name, type }) =>
      wanted.has(name) || !(DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeList(type)),
  );
}
