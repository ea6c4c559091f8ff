/**
 * Compressed sparse rows of one edge type: the neighbours of node row r are
 * `neighbours[offsets[r] .. offsets[r + 1]]`, ascending, parallel edges side by side, with the edge's own row beside
 * each. Sorted, so that an existence test is a binary search and parallel edges collapse by comparing neighbours.
 */
export interface Adjacency {
  readonly offsets: Uint32Array;
  readonly neighbours: Uint32Array;
  readonly edgeRows: Uint32Array;
  /** One byte per node row, 1 = an edge to itself; `null`: no node has one (or the ends are of two types). */
  readonly selfLoops: Uint8Array | null;
}

export interface EdgeEnds {
  /** Node row of each edge's start and end, in edge row order, seen from the direction of travel. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** `startCount` and `endCount`: rows of the node types at either end. `sameType`: both ends share one row space. */
export function buildAdjacency(edges: EdgeEnds, startCount: number, endCount: number, sameType: boolean): Adjacency {
  // Two stable counting sorts: by end, then by start, leave each start's ends in ascending order.
  const byEnd = countingOrder(edges.ends, endCount, null);
  const byStart = countingOrder(edges.starts, startCount, byEnd.order);
  const neighbours = new Uint32Array(byStart.order.length);
  for (let at = 0; at < neighbours.length; at++) neighbours[at] = edges.ends[byStart.order[at] as number] as number;
  return {
    offsets: byStart.offsets,
    neighbours,
    edgeRows: byStart.order,
    selfLoops: sameType ? findSelfLoops(edges, startCount) : null,
  };
}

/** Both orientations of edges between nodes of one type; an edge from a node to itself stands there once (§5.3). */
export function buildUndirected(edges: EdgeEnds, nodeCount: number): Adjacency {
  let loops = 0;
  for (let edge = 0; edge < edges.starts.length; edge++) if (edges.starts[edge] === edges.ends[edge]) loops++;
  const total = edges.starts.length * 2 - loops;
  const starts = new Uint32Array(total);
  const ends = new Uint32Array(total);
  const rows = new Uint32Array(total);
  let at = 0;
  for (let edge = 0; edge < edges.starts.length; edge++) {
    const start = edges.starts[edge] as number;
    const end = edges.ends[edge] as number;
    starts[at] = start;
    ends[at] = end;
    rows[at++] = edge;
    if (start === end) continue;
    starts[at] = end;
    ends[at] = start;
    rows[at++] = edge;
  }
  const doubled = buildAdjacency({ starts, ends }, nodeCount, nodeCount, true);
  return { ...doubled, edgeRows: doubled.edgeRows.map((position) => rows[position] as number) };
}

export const adjacencyBytes = (adjacency: Adjacency): number =>
  adjacency.offsets.byteLength +
  adjacency.neighbours.byteLength +
  adjacency.edgeRows.byteLength +
  (adjacency.selfLoops?.byteLength ?? 0);

/** First position in row `start` whose neighbour is `end`, or -1. */
export function findNeighbour(adjacency: Adjacency, start: number, end: number): number {
  let low = adjacency.offsets[start] as number;
  const stop = adjacency.offsets[start + 1] as number;
  let high = stop;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((adjacency.neighbours[middle] as number) < end) low = middle + 1;
    else high = middle;
  }
  return low < stop && adjacency.neighbours[low] === end ? low : -1;
}

function countingOrder(
  keys: Uint32Array,
  count: number,
  previous: Uint32Array | null,
): { offsets: Uint32Array; order: Uint32Array } {
  const offsets = new Uint32Array(count + 1);
  for (let at = 0; at < keys.length; at++) {
    const slot = (keys[at] as number) + 1;
    offsets[slot] = (offsets[slot] as number) + 1;
  }
  for (let slot = 0; slot < count; slot++) {
    offsets[slot + 1] = (offsets[slot + 1] as number) + (offsets[slot] as number);
  }
  const next = offsets.slice();
  const order = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const item = previous === null ? at : (previous[at] as number);
    const key = keys[item] as number;
    const place = next[key] as number;
    order[place] = item;
    next[key] = place + 1;
  }
  return { offsets, order };
}

function findSelfLoops(edges: EdgeEnds, nodeCount: number): Uint8Array | null {
  let loops: Uint8Array | null = null;
  for (let edge = 0; edge < edges.starts.length; edge++) {
    const start = edges.starts[edge] as number;
    if (start !== edges.ends[edge]) continue;
    loops ??= new Uint8Array(nodeCount);
    loops[start] = 1;
  }
  return loops;
}
