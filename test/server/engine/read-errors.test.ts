/** What type-checks and fails at execution: each with the place and what to do. query-language.md §§3.7, 5.4, 5.6, 7, 9. */
import { expect, test } from 'vitest';
import { GraphError } from '../../../server/src/engine/graph-error.js';
import { executeRead } from '../../../server/src/engine/read/index.js';
import { GARDEN_ROWS, GARDEN_SCHEMA } from './garden.js';
import { memorySnapshot } from './memory-graph.js';
import { compiled, NOW, planned, runRead } from './run-read.js';

const { catalog } = compiled(GARDEN_SCHEMA);
const snapshot = memorySnapshot(catalog, GARDEN_ROWS);

const plant = (clauses: string, items: string, tail = '', params = ''): string =>
  `query q(${params}) { match { $p: Plant ${clauses} } return { ${items} } ${tail} }`;

test.each([
  ['a date that does not exist', plant('$p.sown > date("2024-02-30")', '$p.code'), {}, /date\("2024-02-30"\)/],
  ['a bad date, whatever the data', plant('{ code: "zzz" } $p.sown > date("soon")', '$p.code'), {}, /date\("soon"\)/],
  ['a bad datetime', plant('$p.watered > datetime("noon")', '$p.code'), {}, /datetime\("noon"\)/],
  ['a bad date inside not', plant('not { $p.sown = date("x") }', '$p.code'), {}, /date\("x"\)/],
  ['a bad date parameter', plant('$p.sown > $d', '$p.code', '', '$d: Date'), { d: 'soon' }, /parameter 'd' "soon"/],
  ['a bad date parameter, returned', plant('', '$d', '', '$d: Date'), { d: 'soon' }, /parameter 'd' "soon"/],
  ['an unknown alias in order', plant('', '$p.code', 'order { zz desc }'), {}, /unsupported ordering expression.*'zz'/],
  ['order by a bare variable', plant('', '$p.code', 'order { $p }'), {}, /unsupported ordering expression: \$p/],
  ['order by a list', plant('', '$p.code', 'order { $p.tags }'), {}, /unsupported ordering expression: \$p\.tags/],
  ['order by an aggregate call', plant('', '$p.code', 'order { count($p) }'), {}, /count\(\$p\)/],
  [
    'order groups by what is not grouped',
    plant('', '$p.stage, count($p) as n', 'order { $p.code }'),
    {},
    /unsupported ordering expression: \$p\.code/,
  ],
  ['an unknown alias in return', plant('', 'zz'), {}, /'zz'/],
  ['a search as a value', plant('', 'search($p.common, "bay") as s'), {}, /unsupported projection expression: search/],
  ['the sum of a node', plant('', 'sum($p) as s'), {}, /unsupported projection expression: sum\(\$p\)/],
  ['a nested aggregate', plant('', 'count(count($p)) as n'), {}, /unsupported aggregate argument expression/],
  [
    'nearest',
    plant('', '$p.code', 'order { nearest($p.vec, [1.0, 0.0]) } limit 2'),
    {},
    /ranked search \(nearest\) is not available yet/,
  ],
  ['bm25', plant('', '$p.code', 'order { bm25($p.common, "bay") }'), {}, /ranked search \(bm25\) is not available yet/],
  ['bm25 as a score', plant('', 'bm25($p.common, "bay") as s'), {}, /unsupported projection expression: ranked/],
  ['a negative edit limit', plant('fuzzy($p.common, "bay", $e)', '$p.code', '', '$e: I32'), { e: -1 }, /0 or more/],
  ['a search for a property', plant('search($p.common, $p.code)', '$p.code'), {}, /literal or a parameter/],
])('%s', async (_, query, params, message) => {
  const error = await runRead(query, { catalog, snapshot, params }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GraphError);
  expect(error).toMatchObject({ kind: 'bad_request', message: expect.stringMatching(message) });
});

test('a parameter that was not bound', async () => {
  const { plan } = planned(plant('{ height: $h }', '$p.code', '', '$h: I32'), catalog, { h: 1 });
  await expect(executeRead(plan, { snapshot, params: new Map(), now: NOW })).rejects.toMatchObject({
    kind: 'bad_request',
    message: "parameter 'h' not provided",
  });
});

test('a cross join beyond reason', async () => {
  const memos = Array.from({ length: 8000 }, (_, at) => ({ id: `m${at}`, text: 'x' }));
  const crowded = memorySnapshot(catalog, { ...GARDEN_ROWS, 'node:Memo': memos });
  const query = 'query q() { match { $a: Memo $b: Memo } return { $a.text } }';
  await expect(runRead(query, { catalog, snapshot: crowded })).rejects.toMatchObject({
    kind: 'resource_limit',
    details: { resource_limit: { resource: 'query_intermediate_rows', limit: 50_000_000, actual: 64_000_000 } },
  });
});

test('a table that cannot be read fails every request that waits for it, and none after', async () => {
  let failures = 1;
  const flaky = {
    ...snapshot,
    readerFor: async (type: `node:${string}` | `edge:${string}`) => {
      const reader = await snapshot.readerFor(type);
      return {
        ...reader,
        key: `flaky/${reader.key}`,
        readColumns: async (names: readonly string[]) => {
          if (failures-- > 0) throw new Error('disk unplugged');
          return reader.readColumns(names);
        },
      };
    },
  };
  const query = plant('', '$p.code', 'limit 1');
  await expect(runRead(query, { catalog, snapshot: flaky })).rejects.toThrow('disk unplugged');
  expect((await runRead(query, { catalog, snapshot: flaky })).rows).toEqual([['ash']]);
});
