/**
 * One commit as NDJSON (engine.md §9): types in type-key order, so edges first, entities by id. The same snapshot gives
 * the same bytes.
 */
import type { EdgeType, NodeType } from 'omnigraph-language';
import type { Column } from './columns.js';
import { GraphError } from './graph-error.js';
import { typeKeyOf } from './table-names.js';
import { compareBytewise } from './text-order.js';
import type { PinnedSnapshot, StoredTable } from './transaction.js';

const CHUNK_BYTES = 64 * 1024;
/** Entities whose blobs are held in memory at once. */
const BLOB_ROWS = 64;

/** UTF-8 chunks of at most 64 KiB. `bad_request` for an unknown type name; an empty list means all types. */
export async function* exportSnapshot(
  snapshot: PinnedSnapshot,
  typeNames: readonly string[],
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* inChunks(linesOf(snapshot, selectTypes(snapshot, typeNames)));
}

function selectTypes(snapshot: PinnedSnapshot, names: readonly string[]): readonly (NodeType | EdgeType)[] {
  const { nodes, edges } = snapshot.catalog;
  const unknown = names.find((name) => !nodes.has(name) && !edges.has(name));
  if (unknown !== undefined) throw new GraphError('bad_request', `unknown export type '${unknown}'`);
  return [...edges.values(), ...nodes.values()]
    .filter((type) => names.length === 0 || names.includes(type.name))
    .sort((a, b) => compareBytewise(typeKeyOf(a), typeKeyOf(b)));
}

async function* linesOf(
  snapshot: PinnedSnapshot,
  types: readonly (NodeType | EdgeType)[],
): AsyncGenerator<string, void, undefined> {
  for (const type of types) {
    if (snapshot.entityCount(typeKeyOf(type)) > 0) yield* typeLines(type, await snapshot.readerFor(typeKeyOf(type)));
  }
}

async function* typeLines(type: NodeType | EdgeType, table: StoredTable): AsyncGenerator<string, void, undefined> {
  const properties = [...type.properties.keys()].sort(compareBytewise);
  const plain = properties.filter((name) => !type.blobs.has(name));
  const system = type.kind === 'node' ? ['id'] : ['id', 'src', 'dst'];
  const columns = await table.readColumns([...system, ...plain]);
  const ids = texts(columns, 'id');
  const order = Uint32Array.from(ids.keys()).sort((a, b) => compareBytewise(ids[a] ?? '', ids[b] ?? ''));
  const cells = new Map([...columns].map(([name, column]) => [name, cellWriter(column)]));
  const blobs = [...type.blobs];
  const step = blobs.length === 0 ? order.length : BLOB_ROWS;
  for (let from = 0; from < order.length; from += step) {
    const rows = order.subarray(from, from + step);
    const blobCells = await readBlobCells(
      table,
      blobs,
      Array.from(rows, (row) => ids[row] ?? ''),
    );
    for (const row of rows) {
      const id = ids[row] ?? '';
      const members = properties.map(
        (name) => `${JSON.stringify(name)}:${cells.get(name)?.(row) ?? blobCells.get(name)?.(id) ?? 'null'}`,
      );
      const data = `{"id":${[JSON.stringify(id), ...members].join(',')}}`;
      const head =
        type.kind === 'node'
          ? `"type":${JSON.stringify(type.name)}`
          : `"edge":${JSON.stringify(type.name)},"from":${cells.get('src')?.(row)},"to":${cells.get('dst')?.(row)}`;
      yield `{${head},"data":${data}}\n`;
    }
  }
}

async function readBlobCells(
  table: StoredTable,
  blobs: readonly string[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, (id: string) => string>> {
  const read = await Promise.all(blobs.map(async (name) => [name, await table.readBlobs(name, ids)] as const));
  return new Map(
    read.map(([name, bytes]) => [
      name,
      (id) => {
        const blob = bytes.get(id) ?? null;
        return blob === null ? 'null' : `"base64:${Buffer.from(blob).toString('base64')}"`;
      },
    ]),
  );
}

/** The JSON text of a column's cell by row: dates as days, instants as milliseconds, 64-bit integers as digits. */
function cellWriter(column: Column): (row: number) => string {
  if (column.kind === 'text') return (row) => JSON.stringify(column.values[row] ?? null);
  const { valid } = column;
  const value = presentCellWriter(column);
  return valid === null ? value : (row) => (valid[row] === 1 ? value(row) : 'null');
}

function presentCellWriter(column: Exclude<Column, { kind: 'text' }>): (row: number) => string {
  switch (column.kind) {
    case 'number':
    case 'bigint':
      return (row) => String(column.values[row]);
    case 'bool':
      return (row) => (column.values[row] === 1 ? 'true' : 'false');
    case 'vector':
      return (row) => `[${column.values.subarray(row * column.dimension, (row + 1) * column.dimension).join(',')}]`;
    case 'list': {
      const item = cellWriter(column.items);
      return (row) => {
        const from = column.offsets[row] ?? 0;
        const items = Array.from({ length: (column.offsets[row + 1] ?? 0) - from }, (_, at) => item(from + at));
        return `[${items.join(',')}]`;
      };
    }
  }
}

function texts(columns: ReadonlyMap<string, Column>, name: string): readonly (string | null)[] {
  const column = columns.get(name);
  if (column?.kind !== 'text') throw new Error(`'${name}' is not a text column`);
  return column.values;
}

/** Lines are gathered into chunks, and a line longer than a chunk is cut. */
async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  let pending = '';
  for await (const line of lines) {
    pending += line;
    // At most three bytes per code unit, so this never exceeds a chunk by the gathering alone.
    if (pending.length < CHUNK_BYTES / 4) continue;
    yield* cut(Buffer.from(pending, 'utf8'));
    pending = '';
  }
  if (pending !== '') yield* cut(Buffer.from(pending, 'utf8'));
}

function* cut(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) yield bytes.subarray(from, from + CHUNK_BYTES);
}
