/** query-language.md §14.3: every read row over arrays, from whole tables and by look-ups. */
import { describe, expect, test } from 'vitest';
import { ResidentCache, type SourcePolicy } from '../../../server/src/engine/read/index.js';
import { GARDEN_ROWS, GARDEN_SCHEMA } from './garden.js';
import { memorySnapshot } from './memory-graph.js';
import { READ_ROWS } from './read-rows.js';
import { compiled, runRead } from './run-read.js';

const { catalog } = compiled(GARDEN_SCHEMA);
const ALWAYS_LOAD: SourcePolicy = { smallGraph: Number.POSITIVE_INFINITY, lookupsBeforeLoading: 0 };
const ALWAYS_LOOK_UP: SourcePolicy = { smallGraph: 0, lookupsBeforeLoading: Number.POSITIVE_INFINITY };
const shared = memorySnapshot(catalog, GARDEN_ROWS);
const sharedCache = new ResidentCache(2 ** 20);

describe.each([
  ['whole tables, loaded', () => ({ snapshot: memorySnapshot(catalog, GARDEN_ROWS), policy: ALWAYS_LOAD })],
  ['whole tables, cached', () => ({ snapshot: shared, cache: sharedCache, policy: ALWAYS_LOAD })],
  ['a cache too small for anything', () => ({ snapshot: shared, cache: new ResidentCache(1), policy: ALWAYS_LOAD })],
  ['look-ups', () => ({ snapshot: memorySnapshot(catalog, GARDEN_ROWS), policy: ALWAYS_LOOK_UP })],
])('from %s', (_, source) => {
  test.each(READ_ROWS)('$name', async ({ query, params, columns, rows }) => {
    expect(await runRead(query, { catalog, params: params ?? {}, ...source() })).toEqual({ columns, rows });
  });
});

describe('what is read', () => {
  const reads = async (query: string, policy: SourcePolicy): Promise<readonly string[]> => {
    const log = { reads: [] };
    await runRead(query, { catalog, snapshot: memorySnapshot(catalog, GARDEN_ROWS, log), policy });
    return log.reads;
  };

  test.each([
    [
      'a key look-up is one read of one row',
      'query q() { match { $p: Plant { code: "ash" } } return { $p.common } }',
      ['node:Plant rows id'],
    ],
    [
      'one hop reads the edges of its start and the properties it returns',
      'query q() { match { $p: Plant { code: "ash" } $p growsIn $b } return { $b.area } }',
      ['node:Plant rows id', 'edge:GrowsIn rows src', 'node:Bed rows id'],
    ],
    [
      'counting reads no property',
      'query q() { match { $p: Plant { code: "ash" } $p shades{1,3} $q } return { count($q) as n } }',
      ['node:Plant rows id', 'edge:Shades rows src', 'edge:Shades rows src', 'edge:Shades rows src'],
    ],
  ])('%s', async (_, query, expected) => expect(await reads(query, ALWAYS_LOOK_UP)).toEqual(expected));

  test('a table asked often enough is loaded, once', async () => {
    const log = { reads: [] as string[] };
    const options = {
      catalog,
      snapshot: memorySnapshot(catalog, GARDEN_ROWS, log),
      cache: new ResidentCache(2 ** 20),
      policy: { smallGraph: 0, lookupsBeforeLoading: 2 },
    };
    const query = 'query q() { match { $p: Plant { code: "ash" } } return { $p.common } }';
    for (let request = 0; request < 5; request++) await runRead(query, options);
    expect(log.reads).toEqual([
      'node:Plant rows id',
      'node:Plant rows id',
      'node:Plant columns id',
      'node:Plant columns common',
    ]);
  });
});
