/**
 * How the evaluator looks at committed entities: it asks for what the change touches and for no property it does not
 * compare. Whether that is an index lookup or a pass over a column is the table's to choose, by the number of keys.
 */
import type { Value } from 'omnigraph-language';
import type { Column } from '../columns.js';
import type { TypeKey } from '../transaction.js';
import type { CommittedState } from './change-set.js';

/** Committed rows whose text `column` holds one of `keys`, as the columns `names`. */
export async function rowsHolding(
  state: CommittedState,
  typeKey: TypeKey,
  column: string,
  keys: ReadonlySet<string>,
  names: readonly string[],
): Promise<CommittedRows> {
  if (keys.size === 0 || state.entityCount(typeKey) === 0) return NO_ROWS;
  return new CommittedRows(await (await state.readerFor(typeKey)).readRows(column, [...keys], names));
}

/** All committed rows of a type, as the columns `names`. */
export async function allRows(
  state: CommittedState,
  typeKey: TypeKey,
  names: readonly string[],
): Promise<CommittedRows> {
  if (state.entityCount(typeKey) === 0) return NO_ROWS;
  return new CommittedRows(await (await state.readerFor(typeKey)).readColumns(names));
}

/** Which of `ids` are committed. */
export async function committedIds(
  state: CommittedState,
  typeKey: TypeKey,
  ids: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  return new Set((await rowsHolding(state, typeKey, 'id', ids, ['id'])).texts('id'));
}

/** Rows as the columns that were asked for. */
export class CommittedRows {
  readonly length: number;
  readonly #columns: ReadonlyMap<string, Column> | undefined;

  /** `undefined`: no rows, of whatever columns. */
  constructor(columns: ReadonlyMap<string, Column> | undefined) {
    this.#columns = columns;
    const [first] = columns?.values() ?? [];
    this.length = first === undefined ? 0 : columnLength(first);
  }

  /** A text column without nulls: `id`, `src`, `dst`. */
  texts(name: string): readonly string[] {
    return this.values(name).map(String);
  }

  /** One value per row. */
  values(name: string): readonly Value[] {
    if (this.#columns === undefined) return [];
    const column = this.#columns.get(name);
    if (column === undefined) throw new Error(`column ${name} was not read`);
    return column.kind === 'text'
      ? column.values
      : Array.from({ length: this.length }, (_, row) => cellValue(column, row));
  }
}

const NO_ROWS = new CommittedRows(undefined);

/** One cell as a `Value`. */
export function cellValue(column: Column, row: number): Value {
  if (column.kind === 'text') return column.values[row] ?? null;
  if (column.valid !== null && column.valid[row] === 0) return null;
  switch (column.kind) {
    case 'number':
    case 'bigint':
      return column.values[row] ?? null;
    case 'bool':
      return column.values[row] === 1;
    case 'vector':
      return [...column.values.subarray(row * column.dimension, (row + 1) * column.dimension)];
    case 'list': {
      const [start, end] = [column.offsets[row] ?? 0, column.offsets[row + 1] ?? 0];
      return Array.from({ length: end - start }, (_, index) => cellValue(column.items, start + index));
    }
    default:
      return column satisfies never;
  }
}

function columnLength(column: Column): number {
  switch (column.kind) {
    case 'vector':
      return column.values.length / column.dimension;
    case 'list':
      return column.offsets.length - 1;
    default:
      return column.values.length;
  }
}
