import type { EntityBatch } from './entity-batch.js';

/** ` (line 3)` for a row read from a file, nothing for one of a mutation. */
export function place(rows: EntityBatch, row: number): string {
  const line = rows.lines?.[row];
  return line === undefined ? '' : ` (line ${line})`;
}
