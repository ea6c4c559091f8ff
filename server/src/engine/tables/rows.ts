/**
 * Rows on their way into a table, column by column. Values are in the form of `Value` (language/src/values) and have
 * been checked against the declared types by whoever built the batch; encoding refuses what does not fit physically
 * (a bug, not a user's error).
 */
import type { Value } from 'omnigraph-language';

/** One value per row; a typed array serves for a column without nulls. */
export type ColumnValues = ArrayLike<Value>;

export interface RowBatch {
  readonly rowCount: number;
  /** `id`, for edges `src` and `dst`, and properties by name. A property left out is null in every row. */
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/** A batch out of row objects, for the few rows of a mutation. */
export function batchOfRows(rows: readonly ReadonlyMap<string, Value>[]): RowBatch {
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  return {
    rowCount: rows.length,
    columns: new Map([...names].map((name) => [name, rows.map((row) => row.get(name) ?? null)])),
  };
}
