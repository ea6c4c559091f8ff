/**
 * Columns as the executor sees them: typed arrays, one entry per row of one table version, in the table's scan order.
 * `valid` has one byte per row, 1 = a value, 0 = null; `null` instead of an array means no row is null.
 */
export type Validity = Uint8Array | null;

export type Column =
  /** String, enum, `id`, `src`, `dst`. Null rows hold `null`. */
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  /** I32, U32, F32, F64, Date (days), DateTime (milliseconds). */
  | {
      readonly kind: 'number';
      readonly values: Int32Array | Uint32Array | Float32Array | Float64Array;
      readonly valid: Validity;
    }
  /** I64, U64. */
  | { readonly kind: 'bigint'; readonly values: BigInt64Array | BigUint64Array; readonly valid: Validity }
  | { readonly kind: 'bool'; readonly values: Uint8Array; readonly valid: Validity }
  /** Row r is `values[r * dimension .. (r + 1) * dimension]`. */
  | { readonly kind: 'vector'; readonly values: Float32Array; readonly dimension: number; readonly valid: Validity }
  /** Items of row r are `items[offsets[r] .. offsets[r + 1]]`. */
  | { readonly kind: 'list'; readonly offsets: Int32Array; readonly items: Column; readonly valid: Validity };

/** One table at one published version, as a reader. Implemented over LanceDB in `tables/`. */
export interface TableReader {
  /** Identity of exactly this version of exactly this table (branch included): a cache key. */
  readonly key: string;
  readonly rowCount: number;
  /** Whole columns, all of one scan order. Blob columns cannot be read this way. */
  readColumns(names: readonly string[]): Promise<ReadonlyMap<string, Column>>;
  /** Row positions (in scan order) whose `column` equals one of `keys`, by index where one exists. */
  readRows(column: string, keys: readonly string[], names: readonly string[]): Promise<ReadonlyMap<string, Column>>;
  /**
   * Of an edge table: where the nodes at both ends of every edge stand in the scan order of their tables. The same as
   * looking up `src` and `dst` among the ids of `from` and `to`, without making strings of them; a reader that cannot
   * do better leaves it out. Rejects when an end does not exist.
   */
  readEndRows?(from: TableReader, to: TableReader): Promise<EndRows>;
}

export interface EndRows {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}
