/**
 * Whole tables in memory: a row is its position in the scan order of the table. Columns load when first asked for;
 * traversals run over compressed sparse rows. Everything lives in the cache that requests share.
 */
import type { Catalog } from 'omnigraph-language';
import type { Column, TableReader } from '../../columns.js';
import { limitExceeded } from '../../graph-error.js';
import { type Adjacency, adjacencyBytes, buildAdjacency, buildUndirected, type EdgeEnds } from '../adjacency.js';
import type { AdjacencyRequest, RowSource, TravelDirection, TypeKey } from '../row-source.js';
import { buildTextIndex, type TextIndex, textIndexBytes } from '../text/text-index.js';
import { columnBytes } from './column-bytes.js';
import type { ResidentCache } from './resident-cache.js';

export type ReaderFor = (type: TypeKey) => Promise<TableReader>;

/** What one `Map` can hold. */
const MOST_IDS = 2 ** 24;

/** Bytes of one entry of an id map: the slot, the boxed key and its share of the hash table. */
const ID_ENTRY_BYTES = 48;

export class ResidentSource implements RowSource {
  constructor(
    readonly catalog: Catalog,
    readonly readerFor: ReaderFor,
    readonly cache: ResidentCache,
  ) {}

  async allRows(type: TypeKey): Promise<Uint32Array> {
    const { rowCount } = await this.readerFor(type);
    const rows = new Uint32Array(rowCount);
    for (let row = 0; row < rowCount; row++) rows[row] = row;
    return rows;
  }

  async rowsById(type: TypeKey, ids: readonly string[]): Promise<Uint32Array> {
    const rowOf = await this.#rowsOfIds(await this.readerFor(type));
    return Uint32Array.from(ids.flatMap((id) => rowOf.get(id) ?? []));
  }

  async columns(type: TypeKey, names: readonly string[]): Promise<ReadonlyMap<string, Column>> {
    return this.#columnsOf(await this.readerFor(type), names);
  }

  async adjacency({ edge, direction }: AdjacencyRequest): Promise<Adjacency> {
    const tables = await this.#edgeTables(edge);
    return this.cache.get(adjacencyKey(tables, direction), async () => {
      const value = orient(await this.#ends(tables), direction, tables);
      return { value, bytes: adjacencyBytes(value) };
    });
  }

  async textIndex(type: TypeKey, property: string): Promise<TextIndex> {
    const reader = await this.readerFor(type);
    return this.cache.get(JSON.stringify([reader.key, 'text', property]), async () => {
      const column = (await this.columns(type, [property])).get(property);
      if (column?.kind !== 'text') throw new Error(`${type}.${property} is not a text column`);
      const value = buildTextIndex(column.values);
      return { value, bytes: textIndexBytes(value) };
    });
  }

  /** Whether nothing would have to be read to look up ids of this type. */
  async hasIds(type: TypeKey): Promise<boolean> {
    return this.cache.has(idsKey(await this.readerFor(type)));
  }

  /** Whether nothing would have to be read to traverse this edge. */
  async hasAdjacency(edge: string, direction: TravelDirection): Promise<boolean> {
    const tables = await this.#edgeTables(edge);
    return this.cache.has(adjacencyKey(tables, direction)) || this.cache.has(endsKey(tables));
  }

  async #columnsOf(reader: TableReader, names: readonly string[]): Promise<ReadonlyMap<string, Column>> {
    const missing = names.filter((name) => !this.cache.has(columnKey(reader, name)));
    const loading = missing.length === 0 ? undefined : reader.readColumns(missing);
    const load = async (name: string) => {
      const loaded = await (loading ?? reader.readColumns([name]));
      const column = loaded.get(name);
      if (column === undefined) throw new Error(`table ${reader.key} did not deliver its column ${name}`);
      return { value: column, bytes: columnBytes(column) };
    };
    const columns = names.map(
      async (name) => [name, await this.cache.get(columnKey(reader, name), () => load(name))] as const,
    );
    return new Map(await Promise.all(columns));
  }

  async #edgeTables(name: string): Promise<EdgeTables> {
    const type = this.catalog.edges.get(name);
    if (type === undefined) throw new Error(`edge ${name} is not in the catalog`);
    const [edge, from, to] = await Promise.all([
      this.readerFor(`edge:${name}`),
      this.readerFor(`node:${type.from}`),
      this.readerFor(`node:${type.to}`),
    ]);
    return { edge, from, to };
  }

  async #ends(tables: EdgeTables): Promise<EdgeEnds> {
    const { edge, from, to } = tables;
    return this.cache.get(endsKey(tables), async () => {
      const value = edge.readEndRows ? await edge.readEndRows(from, to) : await this.#endsByIds(tables);
      return { value, bytes: value.starts.byteLength + value.ends.byteLength };
    });
  }

  async #endsByIds({ edge, from, to }: EdgeTables): Promise<EdgeEnds> {
    const [columns, fromRows, toRows] = await Promise.all([
      edge.readColumns(['src', 'dst']),
      this.#rowsOfIds(from),
      this.#rowsOfIds(to),
    ]);
    return {
      starts: endRows(columns.get('src'), fromRows, edge),
      ends: endRows(columns.get('dst'), toRows, edge),
    };
  }

  #rowsOfIds(reader: TableReader): Promise<ReadonlyMap<string, number>> {
    if (reader.rowCount > MOST_IDS) {
      throw limitExceeded('resident_entities', MOST_IDS, reader.rowCount, 'the type is too large to traverse');
    }
    return this.cache.get(idsKey(reader), async () => {
      const ids = (await this.#columnsOf(reader, ['id'])).get('id');
      if (ids?.kind !== 'text') throw new Error(`table ${reader.key} has no text column id`);
      const value = new Map<string, number>();
      for (const [row, id] of ids.values.entries()) if (id !== null) value.set(id, row);
      return { value, bytes: value.size * ID_ENTRY_BYTES };
    });
  }
}

interface EdgeTables {
  readonly edge: TableReader;
  readonly from: TableReader;
  readonly to: TableReader;
}

function orient(edges: EdgeEnds, direction: TravelDirection, { from, to }: EdgeTables): Adjacency {
  const sameType = from.key === to.key;
  switch (direction) {
    case 'forward':
      return buildAdjacency(edges, from.rowCount, to.rowCount, sameType);
    case 'backward':
      return buildAdjacency({ starts: edges.ends, ends: edges.starts }, to.rowCount, from.rowCount, sameType);
    case 'undirected':
      return buildUndirected(edges, from.rowCount);
  }
}

function endRows(ids: Column | undefined, rowOf: ReadonlyMap<string, number>, edge: TableReader): Uint32Array {
  if (ids?.kind !== 'text') throw new Error(`table ${edge.key} has no text columns src and dst`);
  const rows = new Uint32Array(ids.values.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rowOf.get(ids.values[at] as string);
    if (row === undefined) throw new Error(`an edge of ${edge.key} ends at '${ids.values[at]}', which does not exist`);
    rows[at] = row;
  }
  return rows;
}

// Names are free text, so keys are JSON arrays: no two meanings can share one spelling.
const columnKey = (reader: TableReader, name: string): string => JSON.stringify([reader.key, 'column', name]);

const idsKey = (reader: TableReader): string => JSON.stringify([reader.key, 'ids']);

const endsKey = ({ edge, from, to }: EdgeTables): string => JSON.stringify([edge.key, 'ends', from.key, to.key]);

const adjacencyKey = ({ edge, from, to }: EdgeTables, direction: TravelDirection): string =>
  JSON.stringify([edge.key, direction, from.key, to.key]);
