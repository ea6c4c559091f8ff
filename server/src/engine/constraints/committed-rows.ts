/**
 * How the evaluator looks at committed entities: by key lookup while the change is small against the table, by one pass
 * over whole columns when it is not. Either way it reads what the change touches and no property it does not compare.
 */
import type { Value } from 'omnigraph-language';
import type { Column } from '../columns.js';
import type { TypeKey } from '../transaction.js';
import type { CommittedState } from './change-set.js';

/** Above this many keys a pass over the column beats an index lookup per key (measured on 1 million rows). */
const MAX_LOOKUP_KEYS = 2048;

/** Committed rows whose text `column` holds one of `keys`, as the columns `names`. */
export async function rowsHolding(
  state: CommittedState,
  typeKey: TypeKey,
  column: string,
  keys: ReadonlySet<string>,
  names: readonly string[],
): Promise<CommittedRows> {
  const count = state.entityCount(typeKey);
  if (keys.size === 0 || count === 0) return new CommittedRows(new Map(), []);
  const reader = await state.readerFor(typeKey);
  if (keys.size <= MAX_LOOKUP_KEYS && keys.size * 4 < count) {
    const columns = await reader.readRows(column, [...keys], names);
    return new CommittedRows(
      columns,
      positions(columnLength(columns), () => true),
    );
  }
  const columns = await reader.readColumns([...new Set([column, ...names])]);
  const texts = textValues(columns, column);
  return new CommittedRows(
    columns,
    positions(texts.length, (row) => {
      const text = texts[row];
      return typeof text === 'string' && keys.has(text);
    }),
  );
}

/** All committed rows of a type, as the columns `names`. */
export async function allRows(
  state: CommittedState,
  typeKey: TypeKey,
  names: readonly string[],
): Promise<CommittedRows> {
  if (state.entityCount(typeKey) === 0) return new CommittedRows(new Map(), []);
  const columns = await (await state.readerFor(typeKey)).readColumns(names);
  return new CommittedRows(
    columns,
    positions(columnLength(columns), () => true),
  );
}

/** Which of `ids` are committed. */
export async function committedIds(
  state: CommittedState,
  typeKey: TypeKey,
  ids: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  return new Set((await rowsHolding(state, typeKey, 'id', ids, ['id'])).texts('id'));
}

/** A selection of rows over columns. */
export class CommittedRows {
  constructor(
    private readonly columns: ReadonlyMap<string, Column>,
    /** Positions in the columns, ascending. */
    readonly positions: readonly number[],
  ) {}

  get length(): number {
    return this.positions.length;
  }

  /** The texts of a column without nulls, one per selected row. */
  texts(name: string): readonly string[] {
    if (this.positions.length === 0) return [];
    const values = textValues(this.columns, name);
    return this.positions.map((row) => values[row] ?? '');
  }

  /** The values of a column, one per selected row. */
  values(name: string): readonly Value[] {
    if (this.positions.length === 0) return [];
    const column = this.columns.get(name);
    if (column === undefined) throw new Error(`column ${name} was not read`);
    return this.positions.map((row) => cellValue(column, row));
  }
}

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

function textValues(columns: ReadonlyMap<string, Column>, name: string): readonly (string | null)[] {
  const column = columns.get(name);
  if (column?.kind !== 'text') throw new Error(`column ${name} was not read as text`);
  return column.values;
}

function columnLength(columns: ReadonlyMap<string, Column>): number {
  for (const column of columns.values()) {
    switch (column.kind) {
      case 'vector':
        return column.values.length / column.dimension;
      case 'list':
        return column.offsets.length - 1;
      default:
        return column.values.length;
    }
  }
  return 0;
}

function positions(length: number, keep: (row: number) => boolean): number[] {
  const kept: number[] = [];
  for (let row = 0; row < length; row += 1) if (keep(row)) kept.push(row);
  return kept;
}
