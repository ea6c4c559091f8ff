/** The order of result rows: user keys, then a tie-break that makes it total. query-language.md §5.6. */
import { compareValues, type ScalarValue } from './order-of-values.js';

export interface SortKey {
  readonly read: (position: number) => ScalarValue | null;
  readonly descending: boolean;
}

/** Positions 0 … count − 1 in order, cut to `limit`. Keeps only `limit` candidates at a time when that is fewer. */
export function orderedPositions(count: number, keys: readonly SortKey[], limit: number): Uint32Array {
  const compare = comparatorOf(keys);
  if (limit === 0) return new Uint32Array();
  if (limit < count) return smallest(count, limit, compare);
  return Uint32Array.from({ length: count }, (_, position) => position).sort(compare);
}

type Comparator = (left: number, right: number) => number;

function comparatorOf(keys: readonly SortKey[]): Comparator {
  return (left, right) => {
    for (const { read, descending } of keys) {
      const order = compareNullable(read(left), read(right));
      if (order !== 0) return descending ? -order : order;
    }
    // Positions stand in a deterministic order already; this keeps the heap as stable as the sort.
    return left - right;
  };
}

/** Null is the smallest value: first when ascending, last when descending. */
function compareNullable(left: ScalarValue | null, right: ScalarValue | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compareValues(left, right);
}

/** The `limit` smallest positions: a heap whose root is the greatest candidate kept so far. */
function smallest(count: number, limit: number, compare: Comparator): Uint32Array {
  const heap = new Uint32Array(limit);
  for (let position = 0; position < count; position++) {
    if (position < limit) {
      heap[position] = position;
      siftUp(heap, position, compare);
    } else if (compare(position, heap[0] as number) < 0) {
      heap[0] = position;
      siftDown(heap, compare);
    }
  }
  return heap.sort(compare);
}

function siftUp(heap: Uint32Array, from: number, compare: Comparator): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (compare(heap[at] as number, heap[parent] as number) <= 0) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown(heap: Uint32Array, compare: Comparator): void {
  let at = 0;
  for (;;) {
    let greatest = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && compare(heap[child] as number, heap[greatest] as number) > 0) greatest = child;
    }
    if (greatest === at) return;
    swap(heap, at, greatest);
    at = greatest;
  }
}

function swap(heap: Uint32Array, left: number, right: number): void {
  const kept = heap[left] as number;
  heap[left] = heap[right] as number;
  heap[right] = kept;
}
