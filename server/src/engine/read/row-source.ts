/**
 * What the executor asks of a snapshot. Every entity type has a row space: numbers 0, 1, 2 … that stand for its
 * entities while the query runs. Two implementations: `resident/` (whole tables, cached between requests) and
 * `lookup/` (only the rows a selective query touches, read by key).
 */
import type { Column } from '../columns.js';
import type { TypeKey } from '../transaction.js';
import type { Adjacency } from './adjacency.js';
import type { TextIndex } from './text/text-index.js';

export type { TypeKey };

export type TravelDirection = 'forward' | 'backward' | 'undirected';

export interface AdjacencyRequest {
  /** Declared edge name. */
  readonly edge: string;
  readonly direction: TravelDirection;
  /** Node rows the traversal starts from, and how many hops it may take. */
  readonly starts: Uint32Array;
  readonly hops: number;
}

export interface RowSource {
  allRows(type: TypeKey): Promise<Uint32Array>;
  /** Rows of the entities with these ids; an id without an entity has no row. */
  rowsById(type: TypeKey, ids: readonly string[]): Promise<Uint32Array>;
  /** Columns by property name (or `id`), indexed by row. */
  columns(type: TypeKey, names: readonly string[]): Promise<ReadonlyMap<string, Column>>;
  adjacency(request: AdjacencyRequest): Promise<Adjacency>;
  textIndex(type: TypeKey, property: string): Promise<TextIndex>;
}
