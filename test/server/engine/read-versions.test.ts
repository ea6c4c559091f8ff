/** One cache, many table versions: a read sees exactly the versions its snapshot names (engine.md §2). */
import { expect, test } from 'vitest';
import { type ReadableSnapshot, ResidentCache } from '../../../server/src/engine/read/index.js';
import { GARDEN_ROWS, GARDEN_SCHEMA } from './garden.js';
import { memorySnapshot } from './memory-graph.js';
import { compiled, runRead } from './run-read.js';

const { catalog } = compiled(GARDEN_SCHEMA);
const SHADED = 'query q() { match { $p: Plant { code: "ash" } $p shades $q } return { $q.code, $q.common } }';

/** `later`, with the edge tables of `earlier`: as after a write that touched nodes only. */
const withEdgesOf = (earlier: ReadableSnapshot, later: ReadableSnapshot): ReadableSnapshot => ({
  ...later,
  readerFor: (type) => (type.startsWith('edge:') ? earlier : later).readerFor(type),
});

test('nodes that moved and changed meet edges that did not', async () => {
  const cache = new ResidentCache(2 ** 20);
  const before = memorySnapshot(catalog, GARDEN_ROWS);
  const plants = (GARDEN_ROWS['node:Plant'] ?? []).toReversed().map((row) => ({ ...row, common: `new ${row.code}` }));
  const after = withEdgesOf(before, memorySnapshot(catalog, { ...GARDEN_ROWS, 'node:Plant': plants }));

  expect((await runRead(SHADED, { catalog, snapshot: before, cache })).rows).toEqual([
    ['bay', 'Bay Laurel'],
    ['cos', 'Cos Lettuce'],
  ]);
  expect((await runRead(SHADED, { catalog, snapshot: after, cache })).rows).toEqual([
    ['bay', 'new bay'],
    ['cos', 'new cos'],
  ]);
  expect((await runRead(SHADED, { catalog, snapshot: before, cache })).rows).toEqual([
    ['bay', 'Bay Laurel'],
    ['cos', 'Cos Lettuce'],
  ]);
});

test('the cache keeps to its budget and forgets what was used longest ago', async () => {
  const cache = new ResidentCache(100);
  const sizes = async (key: string, bytes: number) => cache.get(key, async () => ({ value: key, bytes }));
  await sizes('a', 40);
  await sizes('b', 40);
  await sizes('a', 40);
  await sizes('c', 40);
  expect([cache.has('a'), cache.has('b'), cache.has('c'), cache.bytes]).toEqual([true, false, true, 80]);
  await sizes('too large', 101);
  expect([cache.has('too large'), cache.bytes]).toEqual([false, 80]);
});

test('requests that come together load once', async () => {
  const log = { reads: [] as string[] };
  const snapshot = memorySnapshot(catalog, GARDEN_ROWS, log);
  const cache = new ResidentCache(2 ** 20);
  await Promise.all(Array.from({ length: 5 }, () => runRead(SHADED, { catalog, snapshot, cache })));
  expect(log.reads.toSorted()).toEqual([...new Set(log.reads)].toSorted());
});

test('an edge to a node that is not there is a fault of the store, said aloud', async () => {
  const snapshot = memorySnapshot(catalog, {
    ...GARDEN_ROWS,
    'edge:Shades': [{ id: 'e', src: 'ash', dst: 'gone' }],
  });
  await expect(runRead(SHADED, { catalog, snapshot })).rejects.toThrow("ends at 'gone', which does not exist");
});
