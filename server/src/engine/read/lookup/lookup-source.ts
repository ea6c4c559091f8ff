/**
 * Only the rows a selective query touches, read by key: a query that starts from one entity costs what it reaches,
 * not the size of its tables. Traversals fetch the edges around their starts, hop by hop, and run on the same
 * compressed sparse rows as whole tables do. A query that turns out wide is refused with `WideRead`.
 */
import type { Catalog } from 'omnigraph-language';
import type { Column } from '../../columns.js';
import { type Adjacency, buildAdjacency, buildUndirected } from '../adjacency.js';
import type { ReaderFor } from '../resident/resident-source.js';
import { RowBuffer } from '../row-buffer.js';
import type { AdjacencyRequest, RowSource, TypeKey } from '../row-source.js';
import { buildTextIndex, type TextIndex } from '../text/text-index.js';
import { RowSpace, textOf } from './row-space.js';

/** Thrown when whole tables are the better source; caught where the source was chosen. */
export class WideRead extends Error {}

/** Keys in one read: more of them cost more than a scan. */
const MOST_KEYS = 1024;
/** Edges one query may fetch this way. */
const MOST_EDGES = 20_000;
/** Hops, each a read of its own: a longer way is walked faster in memory. */
const MOST_HOPS = 24;

export class LookupSource implements RowSource {
  readonly #spaces = new Map<TypeKey, Promise<RowSpace>>();
  #edgesRead = 0;

  constructor(
    readonly catalog: Catalog,
    readonly readerFor: ReaderFor,
    /** Properties the query reads, by type. */
    readonly wanted: ReadonlyMap<TypeKey, ReadonlySet<string>>,
  ) {}

  allRows(type: TypeKey): Promise<Uint32Array> {
    return Promise.reject(new WideRead(`all of ${type}`));
  }

  async rowsById(type: TypeKey, ids: readonly string[]): Promise<Uint32Array> {
    return (await this.#space(type)).lookUp(ids);
  }

  async columns(type: TypeKey, names: readonly string[]): Promise<ReadonlyMap<string, Column>> {
    return (await this.#space(type)).columns(names);
  }

  async textIndex(type: TypeKey, property: string): Promise<TextIndex> {
    const column = (await this.columns(type, [property])).get(property);
    if (column?.kind !== 'text') throw new Error(`${type}.${property} is not a text column`);
    return buildTextIndex(column.values);
  }

  async adjacency({ edge, direction, starts, hops }: AdjacencyRequest): Promise<Adjacency> {
    const type = this.catalog.edges.get(edge);
    if (type === undefined) throw new Error(`edge ${edge} is not in the catalog`);
    const spaces: EdgeSpaces = {
      edges: await this.#space(`edge:${edge}`),
      from: await this.#space(`node:${type.from}`),
      to: await this.#space(`node:${type.to}`),
    };
    const found = await this.#edgesAround(spaces, direction, starts, hops);
    const sameType = spaces.from === spaces.to;
    const built =
      direction === 'undirected'
        ? buildUndirected(found, spaces.from.rowCount)
        : direction === 'forward'
          ? buildAdjacency(found, spaces.from.rowCount, spaces.to.rowCount, sameType)
          : buildAdjacency(
              { starts: found.ends, ends: found.starts },
              spaces.to.rowCount,
              spaces.from.rowCount,
              sameType,
            );
    return { ...built, edgeRows: built.edgeRows.map((position) => found.edges[position] as number) };
  }

  /** Every edge that leaves, in the direction of travel, a node within `hops - 1` of the starts. */
  async #edgesAround(
    spaces: EdgeSpaces,
    direction: AdjacencyRequest['direction'],
    starts: Uint32Array,
    hops: number,
  ): Promise<FoundEdges> {
    const found = { starts: new RowBuffer(), ends: new RowBuffer(), edges: new RowBuffer() };
    const taken = new Set<number>();
    const [near, far] = direction === 'backward' ? [spaces.to, spaces.from] : [spaces.from, spaces.to];
    const visited = new Set<number>(starts);
    let frontier: ReadonlySet<number> = visited;
    for (let hop = 0; hop < hops && frontier.size > 0; hop++) {
      if (hop >= MOST_HOPS) throw new WideRead(`more than ${MOST_HOPS} hops`);
      const ids = [...frontier].map((row) => near.idOf(row));
      const next = new Set<number>();
      for (const column of NEAR_COLUMNS[direction]) {
        for (const edge of await this.#readEdges(spaces, column, ids)) {
          if (taken.has(edge.row)) continue;
          taken.add(edge.row);
          found.starts.push(edge.start);
          found.ends.push(edge.end);
          found.edges.push(edge.row);
          for (const node of near === far ? [edge.start, edge.end] : []) {
            if (!visited.has(node)) next.add(node);
            visited.add(node);
          }
        }
      }
      frontier = next;
    }
    return { starts: found.starts.toArray(), ends: found.ends.toArray(), edges: found.edges.toArray() };
  }

  async #readEdges({ edges, from, to }: EdgeSpaces, column: string, ids: readonly string[]): Promise<readonly Edge[]> {
    if (ids.length > MOST_KEYS) throw new WideRead(`${ids.length} starts`);
    const { rows, columns } = await edges.readBy(column, ids, ['src', 'dst']);
    this.#edgesRead += rows.length;
    if (this.#edgesRead > MOST_EDGES) throw new WideRead(`${this.#edgesRead} edges`);
    const [starts, ends] = [textOf(columns, 'src', edges.reader), textOf(columns, 'dst', edges.reader)];
    return Array.from(rows, (row, at) => ({
      row,
      start: from.rowOf(starts[at] as string),
      end: to.rowOf(ends[at] as string),
    }));
  }

  #space(type: TypeKey): Promise<RowSpace> {
    const known =
      this.#spaces.get(type) ??
      this.readerFor(type).then((reader) => new RowSpace(reader, [...(this.wanted.get(type) ?? [])]));
    this.#spaces.set(type, known);
    return known;
  }
}

interface EdgeSpaces {
  readonly edges: RowSpace;
  readonly from: RowSpace;
  readonly to: RowSpace;
}

interface Edge {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

interface FoundEdges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly edges: Uint32Array;
}

/** The edge columns that hold the near end. */
const NEAR_COLUMNS: Readonly<Record<AdjacencyRequest['direction'], readonly string[]>> = {
  forward: ['src'],
  backward: ['dst'],
  undirected: ['src', 'dst'],
};
