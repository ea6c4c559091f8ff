import type { BaseScalar, NodeType, PropType, Value } from 'omnigraph-language';
import { expect, test } from 'vitest';
import type { Column } from '../../../server/src/engine/columns.js';
import { batchOfRows, TableContention, TableStore, VersionReclaimed } from '../../../server/src/engine/tables/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const scalar = (name: BaseScalar): PropType => ({ scalar: name, nullable: true, list: false, enum_values: null });
const listOf = (name: BaseScalar): PropType => ({ ...scalar(name), list: true });
const vector = (dimension: number): PropType => ({ ...scalar('F32'), scalar: { Vector: dimension } });

function nodeType(properties: Readonly<Record<string, PropType>>): NodeType {
  return {
    kind: 'node',
    name: 'T',
    properties: new Map(
      Object.entries(properties).map(([name, type]) => [
        name,
        {
          name,
          type,
          annotations: [],
          flags: [],
          embed: null,
          declaredDirectly: true,
          satisfies: [],
          renameFrom: null,
        },
      ]),
    ),
    renameFrom: null,
    annotations: [],
    constraints: [],
    unique: [],
    indexes: [],
    blobs: new Set(),
    implements: [],
    key: null,
    ranges: [],
    checks: [],
    embeds: new Map(),
  };
}

async function openTables(): Promise<TableStore> {
  return new TableStore({ tablesUri: await temporaryFolder(), identity: 'test' });
}

const row = (id: string, values: Readonly<Record<string, Value>> = {}): ReadonlyMap<string, Value> =>
  new Map([['id', id], ...Object.entries(values)]);

const ids = (columns: ReadonlyMap<string, Column>): readonly (string | null)[] => {
  const column = columns.get('id');
  return column?.kind === 'text' ? column.values : [];
};

/** Cells of a column as plain values. */
function cells(column: Column | undefined): unknown[] {
  if (column === undefined) return [];
  if (column.kind === 'text') return [...column.values];
  const valid = (at: number): boolean => column.valid === null || column.valid[at] === 1;
  switch (column.kind) {
    case 'number':
    case 'bigint':
      return Array.from(column.values as ArrayLike<number | bigint>, (value, at) => (valid(at) ? value : null));
    case 'bool':
      return Array.from(column.values, (value, at) => (valid(at) ? value === 1 : null));
    case 'vector':
      return Array.from({ length: column.values.length / column.dimension }, (_, at) =>
        valid(at) ? [...column.values.subarray(at * column.dimension, (at + 1) * column.dimension)] : null,
      );
    case 'list': {
      const items = cells(column.items);
      return Array.from({ length: column.offsets.length - 1 }, (_, at) =>
        valid(at) ? items.slice(column.offsets[at], column.offsets[at + 1]) : null,
      );
    }
  }
}

const VALUES: [string, PropType, Value[]][] = [
  ['String', scalar('String'), ['', 'plain', null, 'Zoë 🌍 𝒳', "it's `quoted` \\ \n", '\0']],
  ['String, ASCII only', scalar('String'), ['a', null, 'bc', '']],
  ['Bool', scalar('Bool'), [true, false, null, true]],
  ['I32', scalar('I32'), [0, -(2 ** 31), 2 ** 31 - 1, null]],
  ['U32', scalar('U32'), [0, 2 ** 32 - 1, null]],
  ['I64', scalar('I64'), [-(2n ** 63n), 2n ** 63n - 1n, null]],
  ['U64', scalar('U64'), [0n, 2n ** 64n - 1n, null]],
  ['F32', scalar('F32'), [0, Math.fround(0.1), -3.5, null]],
  ['F64', scalar('F64'), [0.1, Number.MAX_VALUE, 5e-324, null]],
  ['Date', scalar('Date'), [0, 19782, -719162, null]],
  ['DateTime', scalar('DateTime'), [0, 1704067200123, -1, null]],
  ['Vector', vector(3), [[0, Math.fround(0.1), -2], null, [1, 2, 3]]],
  ['[String]', listOf('String'), [['a', 'é'], [], null, ['c']]],
  ['[I64]', listOf('I64'), [[1n], null, [], [2n, 3n]]],
  ['[Bool]', listOf('Bool'), [[true, false, true], null, [false]]],
  ['all null', scalar('Bool'), [null, null]],
  ['all null vectors', vector(2), [null, null]],
  ['all null lists', listOf('Date'), [null, null]],
];

test.each(VALUES)('%s comes back as it was stored', async (_, type, values) => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ p: type }));
  const rows = batchOfRows(values.map((value, at) => row(`k${at}`, { p: value })));
  const stored = await tables.write(empty, [{ kind: 'append', rows }]);
  const reader = await tables.reader(stored);
  expect(reader.rowCount).toBe(values.length);
  expect(cells((await reader.readColumns(['id', 'p'])).get('p'))).toEqual(values);
  const last = await reader.readRows('id', [`k${values.length - 1}`, 'absent'], ['p']);
  expect(cells(last.get('p'))).toEqual(values.slice(-1));
});

test('several appends, each its own chunk, read as one column', async () => {
  const tables = await openTables();
  let ref = await tables.create('nodes/1-2-a.lance', nodeType({ flag: scalar('Bool'), tags: listOf('String') }));
  for (const [id, flag, tags] of [
    ['a', true, ['x']],
    ['b', null, null],
    ['ç', false, ['y', 'z']],
  ] as const) {
    ref = await tables.write(ref, [{ kind: 'append', rows: batchOfRows([row(id, { flag, tags })]) }]);
  }
  const columns = await (await tables.reader(ref)).readColumns(['id', 'flag', 'tags']);
  expect([...columns.values()].map(cells)).toEqual([
    ['a', 'b', 'ç'],
    [true, null, false],
    [['x'], null, ['y', 'z']],
  ]);
});

test('blobs come back by id; null and empty stay apart', async () => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ plan: scalar('Blob') }));
  const rows = batchOfRows([
    row('full', { plan: { bytes: Uint8Array.of(1, 2) } }),
    row('empty', { plan: { bytes: new Uint8Array() } }),
    row('null', { plan: null }),
  ]);
  const reader = await tables.reader(await tables.write(empty, [{ kind: 'append', rows }]));
  expect(await reader.readBlobs('plan', ['full', 'empty', 'null', 'absent'])).toEqual(
    new Map([
      ['full', Uint8Array.of(1, 2)],
      ['empty', new Uint8Array()],
      ['null', null],
    ]),
  );
});

test('property names that differ by case only are different columns', async () => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ Name: scalar('String'), name: scalar('String') }));
  const rows = batchOfRows([row('a', { Name: 'upper', name: 'lower' }), row('b', { Name: 'x', name: 'upper' })]);
  const reader = await tables.reader(await tables.write(empty, [{ kind: 'append', rows }]));
  expect(ids(await reader.readRows('Name', ['upper'], ['id']))).toEqual(['a']);
  expect(ids(await reader.readRows('name', ['upper'], ['id']))).toEqual(['b']);
});

test.each([0, 1, 3000, 9000])('%i keys select exactly their rows', async (count) => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ p: scalar('String') }));
  const all = Array.from({ length: 10_000 }, (_, at) => row(`k'${at}`, { p: String(at) }));
  const reader = await tables.reader(await tables.write(empty, [{ kind: 'append', rows: batchOfRows(all) }]));
  const keys = Array.from({ length: count }, (_, at) => `k'${at}`);
  const found = await reader.readRows('id', [...keys, "k'absent"], ['id', 'p']);
  expect(ids(found)).toEqual(keys);
  expect([...found.keys()]).toEqual(['id', 'p']);
});

test('operations run in order and old versions stay readable', async () => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ p: scalar('I32') }));
  const first = await tables.write(empty, [
    { kind: 'append', rows: batchOfRows([row('a', { p: 1 }), row('b', { p: 2 }), row('c', { p: 3 })]) },
  ]);
  const second = await tables.write(first, [
    { kind: 'upsert', rows: batchOfRows([row('b', { p: 20 }), row('d', { p: 4 })]) },
    { kind: 'delete', ids: ['a', 'absent'] },
  ]);
  const third = await tables.write(second, [{ kind: 'replaceAll', rows: batchOfRows([row('z', { p: 9 })]) }]);
  const fourth = await tables.write(third, [{ kind: 'replaceAll', rows: batchOfRows([]) }]);
  const contents = await Promise.all(
    [empty, first, second, third, fourth].map(async (ref) => {
      const columns = await (await tables.reader(ref)).readColumns(['id', 'p']);
      return [ref.entityCount, ids(columns), cells(columns.get('p'))];
    }),
  );
  expect(contents).toEqual([
    [0, [], []],
    [3, ['a', 'b', 'c'], [1, 2, 3]],
    [3, ['c', 'b', 'd'], [3, 20, 4]],
    [1, ['z'], [9]],
    [0, [], []],
  ]);
});

test('a version nobody published is discarded by the next write', async () => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ p: scalar('I32') }));
  const published = await tables.write(empty, [{ kind: 'append', rows: batchOfRows([row('kept')]) }]);
  await tables.write(published, [{ kind: 'append', rows: batchOfRows([row('lost')]) }]);
  const healed = await tables.write(published, [{ kind: 'append', rows: batchOfRows([row('new')]) }]);
  expect(ids(await (await tables.reader(healed)).readColumns(['id']))).toEqual(['kept', 'new']);
});

test('two stores writing one table at once: never the rows of both in one result', async () => {
  const tablesUri = await temporaryFolder();
  const [one, two] = [1, 2].map((at) => new TableStore({ tablesUri, identity: String(at) }));
  if (one === undefined || two === undefined) throw new Error('two stores');
  const empty = await one.create('nodes/1-2-a.lance', nodeType({ p: scalar('I32') }));
  const base = await one.write(empty, [{ kind: 'append', rows: batchOfRows([row('x', { p: -1 })]) }]);
  let succeeded = 0;
  for (let round = 0; round < 40; round += 1) {
    // The row counts of both are equal, so that only versions can tell them apart.
    const outcomes = await Promise.allSettled(
      [one, two].map((tables, at) =>
        tables.write(base, [{ kind: 'upsert', rows: batchOfRows([row('x', { p: at })]) }]),
      ),
    );
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toBeInstanceOf(TableContention);
        continue;
      }
      succeeded += 1;
      const columns = await (await one.reader(outcome.value)).readColumns(['id', 'p']);
      expect([ids(columns), cells(columns.get('p'))]).toEqual([['x'], [at]]);
    }
  }
  expect(succeeded).toBeGreaterThan(0);
});

test('columns are dropped, renamed and added; rows keep their values', async () => {
  const tables = await openTables();
  const empty = await tables.create(
    'nodes/1-2-a.lance',
    nodeType({ keep: scalar('I32'), old: scalar('String'), gone: scalar('Bool') }),
  );
  const rows = batchOfRows([row('a', { keep: 1, old: 'x', gone: true }), row('b', { keep: 2 })]);
  const before = await tables.write(empty, [{ kind: 'append', rows }]);
  const after = await tables.reshape(before, {
    drop: ['gone'],
    rename: [{ from: 'old', to: 'fresh' }],
    add: [
      { name: 'text', type: scalar('String') },
      { name: 'when', type: scalar('DateTime') },
      { name: 'tags', type: listOf('String') },
      { name: 'vec', type: vector(2) },
      { name: 'plan', type: scalar('Blob') },
    ],
  });
  const grown = await tables.write(after, [
    { kind: 'append', rows: batchOfRows([row('c', { fresh: 'y', vec: [1, 2], tags: ['t'], when: 5 })]) },
  ]);
  const columns = await (await tables.reader(grown)).readColumns([
    'id',
    'keep',
    'fresh',
    'text',
    'when',
    'tags',
    'vec',
  ]);
  expect([...columns.values()].map(cells)).toEqual([
    ['a', 'b', 'c'],
    [1, 2, null],
    ['x', null, 'y'],
    [null, null, null],
    [null, null, 5],
    [null, null, ['t']],
    [null, null, [1, 2]],
  ]);
  expect((await tables.reader(before)).columnNames).toEqual(['id', 'gone', 'keep', 'old']);
  expect((await tables.reader(grown)).columnNames).not.toContain('gone');
});

test.each<[string, PropType, Value]>([
  ['I32 beyond its width', scalar('I32'), 2 ** 40],
  ['I32 from text', scalar('I32'), 'abc'],
  ['I32 with a fraction', scalar('I32'), 1.7],
  ['I64 from a number', scalar('I64'), 1],
  ['F64 not finite', scalar('F64'), Number.NaN],
  ['vector of another size', vector(3), [1, 2]],
  ['text with half a surrogate pair', scalar('String'), '\ud83c'],
])('%s is refused and stores nothing', async (_, type, value) => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ p: type }));
  const write = tables.write(empty, [{ kind: 'append', rows: batchOfRows([row('a', { p: value })]) }]);
  await expect(write).rejects.toThrow("column 'p'");
  const next = await tables.write(empty, [{ kind: 'append', rows: batchOfRows([row('b')]) }]);
  expect(next.entityCount).toBe(1);
});

test('a version that is not there is reported as reclaimed', async () => {
  const tables = await openTables();
  const ref = await tables.create('nodes/1-2-a.lance', nodeType({ p: scalar('I32') }));
  await expect(tables.reader({ ...ref, version: 7 })).rejects.toBeInstanceOf(VersionReclaimed);
  await tables.drop(ref.path);
  await expect(tables.reader({ ...ref, version: 1 })).rejects.toBeInstanceOf(VersionReclaimed);
});

test('names that differ by case, SQL words and underscores are changed as they are written', async () => {
  const tables = await openTables();
  const text = scalar('String');
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ Name: text, name: text, select: text, _x: text }));
  const rows = batchOfRows([row('a', { Name: 'upper', name: 'lower', select: 's', _x: 'u' })]);
  const before = await tables.write(empty, [{ kind: 'append', rows }]);
  const after = await tables.reshape(before, {
    drop: ['Name', '_x'],
    rename: [
      { from: 'name', to: 'order' },
      { from: 'select', to: 'From' },
    ],
    add: [{ name: 'NAME', type: text }],
  });
  const reader = await tables.reader(after);
  expect([...reader.columnNames].sort()).toEqual(['From', 'NAME', 'id', 'order']);
  const columns = await reader.readRows('order', ['lower'], ['order', 'From', 'NAME']);
  expect([...columns.values()].map(cells)).toEqual([['lower'], ['s'], [null]]);
});

test('a rewritten table loses its older versions and keeps its rows', async () => {
  const tables = await openTables();
  const empty = await tables.create('nodes/1-2-a.lance', nodeType({ p: scalar('I32'), flag: scalar('Bool') }));
  const before = await tables.write(empty, [
    { kind: 'append', rows: batchOfRows([row('a', { p: 1 }), row('b', { p: null })]) },
  ]);
  const rewritten = await tables.rewrite(before);
  await tables.removeOlderVersions(rewritten);
  const next = await tables.write(rewritten, [{ kind: 'append', rows: batchOfRows([row('c', { flag: true })]) }]);
  const columns = await (await tables.reader(next)).readColumns(['id', 'p', 'flag']);
  expect([...columns.values()].map(cells)).toEqual([
    ['a', 'b', 'c'],
    [1, null, null],
    [null, null, true],
  ]);
  await expect(tables.reader(before)).rejects.toBeInstanceOf(VersionReclaimed);
  expect((await tables.reader(rewritten)).rowCount).toBe(2);
});

test('ends of edges are found among the ids of both node tables, whatever bytes they hold', async () => {
  const tables = await openTables();
  const idsOf = (prefix: string): string[] => [
    '',
    'é',
    '\u{1F600}',
    ...Array.from({ length: 500 }, (_, at) => prefix + at),
  ];
  const nodes = await Promise.all(
    ['a', 'bb'].map(async (prefix, at) => {
      const empty = await tables.create(`nodes/${at}-2-a.lance`, nodeType({}));
      // Two chunks per column.
      const half = await tables.write(empty, [
        {
          kind: 'append',
          rows: batchOfRows(
            idsOf(prefix)
              .slice(0, 200)
              .map((id) => row(id)),
          ),
        },
      ]);
      const full = await tables.write(half, [
        {
          kind: 'append',
          rows: batchOfRows(
            idsOf(prefix)
              .slice(200)
              .map((id) => row(id)),
          ),
        },
      ]);
      return tables.reader(full);
    }),
  );
  const [from, to] = nodes;
  if (from === undefined || to === undefined) throw new Error('two tables');
  const type = { ...nodeType({}), kind: 'edge', from: 'A', to: 'B', cardinality: { min: 0, max: null } } as const;
  const edges = await tables.create('edges/9-9-a.lance', type);
  const ends = Array.from({ length: 700 }, (_, at) => [(at * 7) % 503, (at * 11) % 503] as const);
  const [sources, targets] = [idsOf('a'), idsOf('bb')];
  const rows = ends.map(([src, dst], at) => row(`e${at}`, { src: sources[src] ?? '', dst: targets[dst] ?? '' }));
  const reader = await tables.reader(await tables.write(edges, [{ kind: 'append', rows: batchOfRows(rows) }]));
  const found = await reader.readEndRows?.(from, to);
  expect([...(found?.starts ?? [])]).toEqual(ends.map(([src]) => src));
  expect([...(found?.ends ?? [])]).toEqual(ends.map(([, dst]) => dst));
  await expect(reader.readEndRows?.(to, from)).rejects.toThrow('does not exist');
  const none = await (await tables.reader(edges)).readEndRows?.(from, to);
  expect(none?.starts.length).toBe(0);
});
