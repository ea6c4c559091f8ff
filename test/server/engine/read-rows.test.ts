/** query-language.md §14.3: every read row, over arrays; graph tests run the same rows over files. */
import { describe, expect, test } from 'vitest';
import { processCache, ResidentCache } from '../../../server/src/engine/read/index.js';
import { GARDEN_ROWS, GARDEN_SCHEMA } from './garden.js';
import { memorySnapshot } from './memory-graph.js';
import { READ_ROWS } from './read-rows.js';
import { compiled, runRead } from './run-read.js';

const { catalog } = compiled(GARDEN_SCHEMA);

describe('exact rows', () => {
  test.each(READ_ROWS)('$name', async ({ query, params, columns, rows }) => {
    const snapshot = memorySnapshot(catalog, GARDEN_ROWS);
    const result = await runRead(query, { catalog, snapshot, params: params ?? {} });
    expect(result).toEqual({ columns, rows });
  });
});

test('rows are the same whether tables are cached or not', async () => {
  const snapshot = memorySnapshot(catalog, GARDEN_ROWS);
  const query = 'query q() { match { $p: Plant { code: "ash" } $p shades{1,3} $q } return { $q.code } }';
  const cold = await runRead(query, { catalog, snapshot, cache: new ResidentCache(0) });
  await runRead('query q() { match { $p: Plant $p <shades> $q } return { $q.code } }', { catalog, snapshot });
  const warm = await runRead(query, { catalog, snapshot, cache: processCache });
  expect(warm).toEqual(cold);
});
