/**
 * One published version of one table, read by exact version: whatever a writer does meanwhile, or left behind when it
 * died, does not show (engine.md §2).
 */
import type { Table as LanceTable } from '@lancedb/lancedb';
import type { Table as ArrowTable, Schema } from 'apache-arrow';
import type { Column, EndRows, TableReader } from '../columns.js';
import { GraphError } from '../graph-error.js';
import type { StoredTable } from '../transaction.js';
import { decodeBlobs, decodeColumn, emptyColumn } from './decode.js';
import { type KeyIndex, keyIndex, MISSING, type TextBytes, textBytes } from './key-index.js';
import { projected } from './projection.js';
import { takeRows } from './select.js';
import { isOneOf } from './sql.js';
import { namingStorageFaults } from './storage-fault.js';

/** LanceDB's default of 1,024 rows per batch is four to twenty times slower. */
const BATCH = { maxBatchLength: 65_536 } as const;

/** More keys than this in one filter cost more to parse than reading the key column whole. */
const MOST_KEYS_IN_FILTER = 4096;

/** `key` must name this version of this table uniquely in the process; `table` is open at exactly that version. */
export function tableReader(table: LanceTable, key: string, rowCount: number, schema: Schema): StoredTable {
  const columnNames = schema.fields.map((field) => field.name);

  const readColumns = async (names: readonly string[]): Promise<ReadonlyMap<string, Column>> => {
    if (names.length === 0) return new Map();
    requireColumns(schema, names);
    const result = await projected(table.query(), schema, names, rowCount).toArrow(BATCH);
    return columnsOf(schema, result, names, rowCount);
  };

  const readRows = async (
    column: string,
    keys: readonly string[],
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Column>> => {
    const distinct = [...new Set(keys)];
    if (distinct.length === 0) return sliceOf(await readColumns(names), new Uint32Array());
    if (distinct.length > MOST_KEYS_IN_FILTER || distinct.length > rowCount) return scanRows(column, distinct, names);
    requireColumns(schema, [column, ...names]);
    const selected = names.length === 0 ? [column] : [...names];
    const query = projected(table.query(), schema, selected, distinct.length);
    const result = await query.where(isOneOf(column, distinct)).toArrow(BATCH);
    return columnsOf(schema, result, names, result.numRows);
  };

  const scanRows = async (
    column: string,
    keys: readonly string[],
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Column>> => {
    const all = await readColumns([...new Set([column, ...names])]);
    const searched = all.get(column);
    if (searched?.kind !== 'text') throw new Error(`'${column}' is not a text column`);
    const wanted = new Set<string | null>(keys);
    const rows: number[] = [];
    searched.values.forEach((value, row) => {
      if (wanted.has(value)) rows.push(row);
    });
    const picked = sliceOf(all, Uint32Array.from(rows));
    return new Map([...picked].filter(([name]) => names.includes(name)));
  };

  const readBlobs = async (column: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>> => {
    const blobs = new Map<string, Uint8Array | null>();
    for (let from = 0; from < ids.length; from += MOST_KEYS_IN_FILTER) {
      const some = ids.slice(from, from + MOST_KEYS_IN_FILTER);
      const result = await table.query().select(['id', column]).where(isOneOf('id', some)).toArrow();
      if (result.numRows === 0) continue;
      const [idVector, blobVector] = [result.getChild('id'), result.getChild(column)];
      if (idVector === null || blobVector === null) throw new Error(`column '${column}' was not returned`);
      const values = decodeBlobs(blobVector);
      const found = decodeColumn(idVector);
      if (found.kind !== 'text') throw new Error("'id' is not a text column");
      found.values.forEach((id, row) => {
        if (id !== null) blobs.set(id, values[row] ?? null);
      });
    }
    return blobs;
  };

  const readTextBytes = async (names: readonly string[]): Promise<readonly TextBytes[]> => {
    const result = await table
      .query()
      .select([...names])
      .toArrow(BATCH);
    if (result.numRows !== rowCount) throw new Error(`read ${result.numRows} of ${rowCount} rows`);
    return names.map((name) => {
      const vector = result.getChild(name);
      // A result without rows has no columns either.
      return vector === null ? NO_TEXTS : textBytes(vector);
    });
  };

  const readEndRows = async (from: TableReader, to: TableReader): Promise<EndRows> => {
    const [ends, fromIndex, toIndex] = await Promise.all([
      readTextBytes(['src', 'dst']),
      idIndexOf(from),
      from === to ? undefined : idIndexOf(to),
    ]);
    const [src, dst] = ends;
    if (src === undefined || dst === undefined) throw new Error(`${key} is not an edge table`);
    return { starts: existing(fromIndex.rowsOf(src), key), ends: existing((toIndex ?? fromIndex).rowsOf(dst), key) };
  };

  const faultsNamed =
    <A extends readonly unknown[], R>(read: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      namingStorageFaults('read', table.name, () => read(...args));
  const reader = {
    key,
    rowCount,
    columnNames,
    readColumns: faultsNamed(readColumns),
    readRows: faultsNamed(readRows),
    readBlobs: faultsNamed(readBlobs),
    readEndRows: faultsNamed(readEndRows),
  };
  idBytesOf.set(
    reader,
    faultsNamed(async () => (await readTextBytes(['id']))[0] ?? NO_TEXTS),
  );
  return reader;
}

const NO_TEXTS: TextBytes = { offsets: new Uint32Array(1), bytes: new Uint8Array() };

/** The raw ids of a reader made here. */
const idBytesOf = new WeakMap<TableReader, () => Promise<TextBytes>>();

async function idIndexOf(reader: TableReader): Promise<KeyIndex> {
  const read = idBytesOf.get(reader);
  if (read === undefined) throw new Error(`${reader.key} is not a table of this store`);
  return keyIndex(await read());
}

function existing(rows: Uint32Array, key: string): Uint32Array {
  const lost = rows.indexOf(MISSING);
  if (lost !== -1) throw new Error(`edge ${lost} of ${key} ends at a node that does not exist`);
  return rows;
}

/** Only a read of an older commit can name a column that its table did not have yet, or no longer has. */
function requireColumns(schema: Schema, names: readonly string[]): void {
  const missing = names.find((name) => !schema.fields.some((field) => field.name === name));
  if (missing === undefined) return;
  throw new GraphError('bad_request', `property '${missing}' did not exist at the commit read from`);
}

function columnsOf(
  schema: Schema,
  result: ArrowTable,
  names: readonly string[],
  rowCount: number,
): ReadonlyMap<string, Column> {
  if (result.numRows !== rowCount) throw new Error(`read ${result.numRows} rows where the commit names ${rowCount}`);
  return new Map(
    names.map((name) => {
      const field = schema.fields.find((candidate) => candidate.name === name);
      if (field === undefined) throw new Error(`column '${name}' was not checked`);
      const vector = result.getChild(name);
      if (vector === null && rowCount > 0) throw new Error(`column '${name}' was not returned`);
      return [name, vector === null ? emptyColumn(field.type) : decodeColumn(vector)];
    }),
  );
}

const sliceOf = (columns: ReadonlyMap<string, Column>, rows: Uint32Array): ReadonlyMap<string, Column> =>
  new Map([...columns].map(([name, column]) => [name, takeRows(column, rows)]));
