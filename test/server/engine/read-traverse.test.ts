/** Traversal kernels against the loop that query-language.md §5.3 writes out. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildAdjacency, buildUndirected } from '../../../server/src/engine/read/adjacency.js';
import {
  expandEdges,
  expandHops,
  expandNeighbours,
  hopLinkedRows,
  linkedRows,
  linkingEdges,
} from '../../../server/src/engine/read/traverse.js';

const NODES = 7;
const edges = fc.array(fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1)), { maxLength: 20 });
const hops = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3)).map(([min, more]) => ({ min, max: min + more }));
const direction = fc.constantFrom('forward', 'backward', 'undirected');
const everyNode = Uint32Array.from({ length: NODES }, (_, node) => node);

type Edges = readonly (readonly [number, number])[];

test('hops from the source, from the target and between both ends follow the specified search', () => {
  fc.assert(
    fc.property(edges, hops, direction, (list, range, way) => {
      const expected = pairs(
        [...everyNode].flatMap((start) => specified(list, way, start, range).map((end) => [start, end])),
      );
      const forth = expandHops(adjacencyOf(list, way), everyNode, range, 'source');
      expect(pairs(zip(forth.parents, forth.nodes))).toEqual(expected);
      const back = expandHops(adjacencyOf(list, reversed(way)), everyNode, range, 'target');
      expect(pairs(zip(back.nodes, back.parents))).toEqual(expected);
      const [starts, ends] = allPairs();
      const kept = hopLinkedRows(adjacencyOf(list, way), starts, ends, range);
      expect(pairs([...kept].map((row) => [starts[row] ?? -1, ends[row] ?? -1]))).toEqual(expected);
    }),
  );
});

test('one hop reaches each neighbour once, or once per edge', () => {
  fc.assert(
    fc.property(edges, direction, (list, way) => {
      const adjacency = adjacencyOf(list, way);
      const once = expandNeighbours(adjacency, everyNode);
      const distinct = pairs(
        [...everyNode].flatMap((start) => [...new Set(neighbours(list, way, start))].map((end) => [start, end])),
      );
      expect(pairs(zip(once.parents, once.nodes))).toEqual(distinct);
      const [starts, ends] = allPairs();
      expect(
        pairs([...linkedRows(adjacency, starts, ends)].map((row) => [starts[row] ?? -1, ends[row] ?? -1])),
      ).toEqual(distinct);

      const incident = pairs(
        list.flatMap(([from, to], edge) => {
          if (way === 'forward') return [[from, to, edge]];
          if (way === 'backward') return [[to, from, edge]];
          return from === to
            ? [[from, to, edge]]
            : [
                [from, to, edge],
                [to, from, edge],
              ];
        }),
      );
      const each = expandEdges(adjacency, everyNode);
      expect(pairs([...each.parents].map((row, at) => [row, each.nodes[at] ?? -1, each.edges[at] ?? -1]))).toEqual(
        incident,
      );
      const between = linkingEdges(adjacency, starts, ends);
      expect(
        pairs([...between.parents].map((row, at) => [starts[row] ?? -1, ends[row] ?? -1, between.edges[at] ?? -1])),
      ).toEqual(incident);
    }),
  );
});

/** The loop of §5.3, as written. */
function specified(list: Edges, way: string, source: number, { min, max }: { min: number; max: number }): number[] {
  const visited = new Set([source]);
  const emitted = new Set<number>();
  let frontier = new Set([source]);
  for (let hop = 1; hop <= max; hop++) {
    const next = new Set<number>();
    for (const node of frontier) {
      for (const neighbour of neighbours(list, way, node)) {
        if (neighbour === node) {
          if (hop >= min) emitted.add(neighbour);
        } else if (!visited.has(neighbour)) {
          visited.add(neighbour);
          next.add(neighbour);
          if (hop >= min) emitted.add(neighbour);
        }
      }
    }
    frontier = next;
  }
  return [...emitted];
}

function neighbours(list: Edges, way: string, node: number): number[] {
  return list.flatMap(([from, to]) => [
    ...(way !== 'backward' && from === node ? [to] : []),
    ...(way !== 'forward' && to === node ? [from] : []),
  ]);
}

function adjacencyOf(list: Edges, way: string) {
  const starts = Uint32Array.from(list, ([from]) => from);
  const ends = Uint32Array.from(list, ([, to]) => to);
  if (way === 'undirected') return buildUndirected({ starts, ends }, NODES);
  const oriented = way === 'forward' ? { starts, ends } : { starts: ends, ends: starts };
  return buildAdjacency(oriented, NODES, NODES, true);
}

const reversed = (way: string): string => (way === 'undirected' ? way : way === 'forward' ? 'backward' : 'forward');

function allPairs(): readonly [Uint32Array, Uint32Array] {
  const both = [...everyNode].flatMap((start) => [...everyNode].map((end) => [start, end] as const));
  return [Uint32Array.from(both, ([start]) => start), Uint32Array.from(both, ([, end]) => end)];
}

const zip = (left: Uint32Array, right: Uint32Array): number[][] =>
  [...left].map((value, at) => [value, right[at] ?? -1]);

const pairs = (tuples: readonly (readonly number[])[]): string[] => tuples.map((tuple) => tuple.join('-')).sort();
