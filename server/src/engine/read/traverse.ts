/**
 * Traversal kernels over compressed sparse rows: from the node rows of one column of a binding table to the rows they
 * reach. `parents` are positions in that table. Multiplicities and breadth-first rules: query-language.md §§5.2, 5.3.
 */
import { type Adjacency, findNeighbour } from './adjacency.js';
import { refuseTooManyRows } from './bindings.js';
import { RowBuffer } from './row-buffer.js';

export interface Reached {
  readonly parents: Uint32Array;
  readonly nodes: Uint32Array;
}

export interface ReachedByEdge extends Reached {
  readonly edges: Uint32Array;
}

export interface Hops {
  readonly min: number;
  readonly max: number;
}

/**
 * The end a breadth-first search starts from. A traversal is defined from its source; walking it from its target
 * looks for the sources that would reach it, and then the self-loop that counts is the target's own.
 */
export type SearchedFrom = 'source' | 'target';

/** One hop: each distinct neighbour once per row. */
export function expandNeighbours(adjacency: Adjacency, sources: Uint32Array): Reached {
  const { offsets, neighbours } = adjacency;
  const most = countEdges(adjacency, sources);
  const parents = new Uint32Array(most);
  const nodes = new Uint32Array(most);
  let count = 0;
  for (let row = 0; row < sources.length; row++) {
    const source = sources[row] as number;
    const stop = offsets[source + 1] as number;
    let previous = -1;
    for (let at = offsets[source] as number; at < stop; at++) {
      const node = neighbours[at] as number;
      if (node === previous) continue;
      previous = node;
      parents[count] = row;
      nodes[count++] = node;
    }
  }
  return { parents: parents.subarray(0, count), nodes: nodes.subarray(0, count) };
}

/** One hop that binds the edge: each edge once per row. */
export function expandEdges(adjacency: Adjacency, sources: Uint32Array): ReachedByEdge {
  const { offsets, neighbours, edgeRows } = adjacency;
  const total = countEdges(adjacency, sources);
  const parents = new Uint32Array(total);
  const nodes = new Uint32Array(total);
  const edges = new Uint32Array(total);
  let count = 0;
  for (let row = 0; row < sources.length; row++) {
    const source = sources[row] as number;
    const stop = offsets[source + 1] as number;
    for (let at = offsets[source] as number; at < stop; at++) {
      parents[count] = row;
      nodes[count] = neighbours[at] as number;
      edges[count++] = edgeRows[at] as number;
    }
  }
  return { parents, nodes, edges };
}

/** Edges that leave the sources: the size of the arrays above, known before they are filled. */
function countEdges({ offsets }: Adjacency, sources: Uint32Array): number {
  let total = 0;
  for (let row = 0; row < sources.length; row++) {
    const source = sources[row] as number;
    total += (offsets[source + 1] as number) - (offsets[source] as number);
  }
  refuseTooManyRows(total);
  return total;
}

/** `{min,max}`: each node once per row, by shortest distance. */
export function expandHops(adjacency: Adjacency, sources: Uint32Array, hops: Hops, from: SearchedFrom): Reached {
  const search = breadthFirst(adjacency, hops, from);
  const parents = new RowBuffer();
  const nodes = new RowBuffer();
  const found = new Map<number, Uint32Array>();
  for (let row = 0; row < sources.length; row++) {
    const source = sources[row] as number;
    let reached = found.get(source);
    if (reached === undefined) {
      reached = search(source);
      found.set(source, reached);
    }
    for (let at = 0; at < reached.length; at++) {
      parents.push(row);
      nodes.push(reached[at] as number);
    }
  }
  return { parents: parents.toArray(), nodes: nodes.toArray() };
}

/** Both ends bound, one hop: the rows whose ends are linked. */
export function linkedRows(adjacency: Adjacency, starts: Uint32Array, ends: Uint32Array): Uint32Array {
  const kept = new RowBuffer();
  for (let row = 0; row < starts.length; row++) {
    if (findNeighbour(adjacency, starts[row] as number, ends[row] as number) >= 0) kept.push(row);
  }
  return kept.toArray();
}

/** Both ends bound, one hop that binds the edge: one row per parallel edge. */
export function linkingEdges(
  adjacency: Adjacency,
  starts: Uint32Array,
  ends: Uint32Array,
): { readonly parents: Uint32Array; readonly edges: Uint32Array } {
  const parents = new RowBuffer();
  const edges = new RowBuffer();
  for (let row = 0; row < starts.length; row++) {
    const start = starts[row] as number;
    const end = ends[row] as number;
    const stop = adjacency.offsets[start + 1] as number;
    let at = findNeighbour(adjacency, start, end);
    for (; at >= 0 && at < stop && adjacency.neighbours[at] === end; at++) {
      parents.push(row);
      edges.push(adjacency.edgeRows[at] as number);
    }
  }
  return { parents: parents.toArray(), edges: edges.toArray() };
}

/** Both ends bound, `{min,max}`: the rows whose source reaches their target. */
export function hopLinkedRows(adjacency: Adjacency, starts: Uint32Array, ends: Uint32Array, hops: Hops): Uint32Array {
  const search = breadthFirst(adjacency, hops, 'source');
  const rowsBySource = new Map<number, RowBuffer>();
  for (let row = 0; row < starts.length; row++) {
    const source = starts[row] as number;
    let rows = rowsBySource.get(source);
    if (rows === undefined) {
      rows = new RowBuffer();
      rowsBySource.set(source, rows);
    }
    rows.push(row);
  }
  const keep = new Uint8Array(starts.length);
  for (const [source, rows] of rowsBySource) {
    const reached = new Set(search(source));
    for (const row of rows.toArray()) if (reached.has(ends[row] as number)) keep[row] = 1;
  }
  return selectedRows(keep);
}

/** Positions of the ones. */
export function selectedRows(keep: Uint8Array): Uint32Array {
  let count = 0;
  for (let row = 0; row < keep.length; row++) count += keep[row] as number;
  const rows = new Uint32Array(count);
  for (let row = 0, at = 0; at < count; row++) if (keep[row] === 1) rows[at++] = row;
  return rows;
}

/**
 * With d the shortest distance from the start (start: 0), a node is produced once iff it is not the start and
 * min ≤ d ≤ max, or the target has an edge to itself and min ≤ d + 1 ≤ max.
 */
function breadthFirst(adjacency: Adjacency, hops: Hops, from: SearchedFrom): (start: number) => Uint32Array {
  const { offsets, neighbours, selfLoops } = adjacency;
  const visitedAt = new Uint32Array(offsets.length - 1);
  let searches = 0;
  return (start) => {
    searches++;
    const emitted = new RowBuffer();
    const startLoops = selfLoops?.[start] === 1;
    const produce = (node: number, distance: number): void => {
      const loops = from === 'target' ? startLoops : selfLoops?.[node] === 1;
      const byPath = node !== start && distance >= hops.min && distance <= hops.max;
      const byLoop = loops && distance + 1 >= hops.min && distance + 1 <= hops.max;
      if (byPath || byLoop) emitted.push(node);
    };
    visitedAt[start] = searches;
    produce(start, 0);
    let frontier: Uint32Array = Uint32Array.of(start);
    for (let distance = 1; distance <= hops.max && frontier.length > 0; distance++) {
      const next = new RowBuffer();
      for (let at = 0; at < frontier.length; at++) {
        const node = frontier[at] as number;
        const stop = offsets[node + 1] as number;
        for (let edge = offsets[node] as number; edge < stop; edge++) {
          const neighbour = neighbours[edge] as number;
          if (visitedAt[neighbour] === searches) continue;
          visitedAt[neighbour] = searches;
          next.push(neighbour);
          produce(neighbour, distance);
        }
      }
      frontier = next.toArray();
    }
    return emitted.toArray();
  };
}
