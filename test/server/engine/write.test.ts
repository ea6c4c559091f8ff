import { describe, expect, test } from 'vitest';
import type { Graph } from '../../../server/src/engine/index.js';
import { GARDEN_LINES, GARDEN_SCHEMA } from './garden.js';
import { type Entity, entities, headId, ids, load, mutate, mutation, NOW, newGraph, refusal } from './write-graph.js';

const garden = async (): Promise<Graph> => (await newGraph(GARDEN_SCHEMA, GARDEN_LINES)).graph;

const plant = async (graph: Graph, code: string): Promise<Entity | undefined> =>
  (await entities(graph, 'Plant')).find(({ id }) => id === code);

/** query-language.md §14.3, W1–W12. */
describe('statements', () => {
  test('W1: a keyed insert replaces the whole record', async () => {
    const graph = await garden();
    await checkCounts(graph, 'insert Plant { code: "dil", common: "Dill Weed", stage: "sprout" }', 1, 0);
    expect(await ids(graph, 'Plant')).toEqual(['ash', 'bay', 'cos', 'dil']);
    expect(await plant(graph, 'dil')).toMatchObject({ common: 'Dill Weed', stage: 'sprout', price: null, hardy: null });
  });

  test('W2: an edge may come before its node, in one commit', async () => {
    const graph = await garden();
    const before = await graph.commits();
    const body =
      'insert GrowsIn { from: "elm", to: "west" } insert Plant { code: "elm", common: "Elm", stage: "seed" }';
    await checkCounts(graph, body, 1, 1);
    expect(await graph.commits()).toHaveLength(before.length + 1);
  });

  test('W3: a missing end refuses everything', async () => {
    const graph = await garden();
    const body =
      'insert Plant { code: "elm", common: "Elm", stage: "seed" } insert GrowsIn { from: "elm", to: "nowhere" }';
    await checkRefused(graph, body, "'nowhere' not found in Bed");
  });

  test('W4: keyless inserts are always new', async () => {
    const graph = await garden();
    await checkCounts(graph, 'insert Memo { text: "a" } insert Memo { text: "a" }', 2, 0);
    expect(new Set(await ids(graph, 'Memo')).size).toBe(2);
  });

  test('W5: an update sees the update before it', async () => {
    const graph = await garden();
    const body =
      'update Plant set { height: 500 } where code = "cos" update Plant set { stage: "mature" } where height > 400';
    await checkCounts(graph, body, 3, 0);
    expect(await plant(graph, 'cos')).toMatchObject({ height: 500n, stage: 'mature', common: 'Cos Lettuce' });
    expect(await plant(graph, 'ash')).toMatchObject({ stage: 'mature', height: 900n });
  });

  test('W6: null never matches, not even !=', async () => {
    const graph = await garden();
    await checkCounts(graph, 'update Plant set { price: 2.0 } where height != 30', 2, 0);
    expect((await entities(graph, 'Plant')).map(({ id, price }) => [id, price])).toEqual([
      ['ash', 2n],
      ['bay', 2n],
      ['cos', 1.5],
      ['dil', 1.5],
    ]);
  });

  test('W7: a delete takes its edges along', async () => {
    const graph = await garden();
    await checkCounts(graph, 'delete Plant where code = "bay"', 1, 5);
    expect([
      await ids(graph, 'Plant'),
      (await ids(graph, 'GrowsIn')).length,
      (await ids(graph, 'Shades')).length,
    ]).toEqual([['ash', 'cos', 'dil'], 2, 3]);
  });

  test('W8: overlapping deletes count distinct entities', async () => {
    await checkCounts(await garden(), 'delete Plant where code = "ash" delete Plant where height > 100', 2, 7);
  });

  test('W9: edges are deleted by their ends', async () => {
    const graph = await garden();
    await checkCounts(graph, 'delete Shades where from = "ash"', 0, 3);
    expect(await ids(graph, 'Plant')).toHaveLength(4);
  });

  test.each([['delete Plant where code = "zzz"'], ['update Plant set { height: 1 } where code = "zzz"']])(
    'W10: %s matches nothing and makes no commit',
    async (body) => {
      const graph = await garden();
      const head = await headId(graph);
      expect(await mutate(graph, body)).toEqual({
        branch: 'main',
        affected_nodes: 0,
        affected_edges: 0,
        actor_id: null,
        commit: null,
      });
      expect(await headId(graph)).toBe(head);
    },
  );

  test('W11: inserts or updates and deletes do not mix', async () => {
    const graph = await garden();
    const body = 'update Plant set { height: 1 } where code = "cos" delete Memo where text = "x"';
    await checkRefused(graph, body, 'mixes inserts/updates and deletes; split it into separate mutations');
  });

  test('W12: parallel edges are normal', async () => {
    const graph = await garden();
    await checkCounts(graph, 'insert Shades { from: "ash", to: "bay", weight: 0.5 }', 0, 1);
    const parallel = (await entities(graph, 'Shades')).filter(({ from, to }) => from === 'ash' && to === 'bay');
    expect(parallel).toHaveLength(3);
  });

  test('an update of what the same query inserted counts twice and writes once', async () => {
    const graph = await garden();
    const body =
      'insert Plant { code: "elm", common: "Elm", stage: "seed" } update Plant set { height: 3 } where code = "elm"';
    await checkCounts(graph, body, 2, 0);
    expect(await plant(graph, 'elm')).toMatchObject({ height: 3n, stage: 'seed' });
  });

  test('an update does not match the committed value a pending one shadows', async () => {
    const graph = await garden();
    const body = 'update Plant set { height: 1 } where code = "ash" update Plant set { price: 0.5 } where height = 900';
    await checkCounts(graph, body, 1, 0);
  });

  test('two keyed inserts of one key: the last stands', async () => {
    const graph = await garden();
    const body = 'insert Bed { bid: "east", area: 1 } insert Bed { bid: "east" }';
    await checkCounts(graph, body, 2, 0);
    expect((await entities(graph, 'Bed'))[0]).toEqual({ id: 'east', bid: 'east', area: null });
  });

  test('a query checked before a property was dropped is refused', async () => {
    const { graph, reopen } = await newGraph(
      'node Bed { bid: String @key  area: I32? }',
      '{"type":"Bed","data":{"bid":"a"}}',
    );
    const other = await reopen();
    const before = [
      'insert Bed { bid: "b", area: 1 }',
      'update Bed set { area: 1 } where bid = "a"',
      'delete Bed where area > 0',
    ];
    const requests = before.map((body) => ({ ...mutation(graph, body), branch: 'main', actor: null }));
    await other.applySchema('node Bed { bid: String @key }', { actor: null, allowDataLoss: false });
    for (const request of requests) {
      expect((await refusal(graph.mutate(request))).message).toBe("type Bed has no property 'area'");
    }
  });

  test("an edge's ends are not its properties of the same names", async () => {
    const { graph } = await newGraph(
      'node P { k: String @key }\nedge E: P -> P { from: String?  n: I32? }',
      '{"type":"P","data":{"k":"a"}}',
    );
    await checkCounts(graph, 'insert E { from: "a", to: "a", n: 1 }', 0, 1);
    await checkCounts(graph, 'delete E where from = "a"', 0, 1);
  });

  test('an update of a keyless node keeps its id', async () => {
    const graph = await garden();
    await mutate(graph, 'insert Memo { text: "a" }');
    const before = await ids(graph, 'Memo');
    await checkCounts(graph, 'update Memo set { text: "b" } where text = "a"', 1, 0);
    expect(await entities(graph, 'Memo')).toEqual([{ id: before[0], text: 'b' }]);
  });

  test('an update keeps lists, vectors and blobs it does not name', async () => {
    const { graph } = await newGraph(
      'node Doc { k: String @key  n: I32?  body: Blob?  none: Blob?  tags: [String]?  vec: Vector(2)? }',
      '{"type":"Doc","data":{"k":"d","body":"base64:AAE=","tags":["x","y"],"vec":[1,2]}}',
    );
    await checkCounts(graph, 'update Doc set { n: 7 } where k = "d"', 1, 0);
    expect(await entities(graph, 'Doc')).toEqual([
      { id: 'd', body: 'base64:AAE=', k: 'd', n: 7n, none: null, tags: ['x', 'y'], vec: [1n, 2n] },
    ]);
  });
});

describe('predicates', () => {
  test.each<[string, number]>([
    ['height = 900', 1],
    ['height = 900.0', 1],
    ['height = 29.5', 0],
    ['height > 29.5', 3],
    ['height <= 300', 2],
    ['price = 1.5', 2],
    ['price >= 8', 2],
    ['hardy = true', 2],
    ['hardy != true', 2],
    ['hardy < true', 2],
    ['sown >= date("2024-09-15")', 2],
    ['watered = datetime("2025-05-01T08:00:00+02:00")', 1],
    ['watered < now()', 2],
    ['common > "Bay"', 3],
    ['common = "ash tree"', 0],
    ['stage = "mature"', 2],
    ['code != "ash"', 3],
  ])('%s matches %i', async (predicate, matches) => {
    await checkCounts(await garden(), `update Plant set { tags: ["seen"] } where ${predicate}`, matches, 0);
  });

  test('F32 columns compare at their precision', async () => {
    const { graph } = await newGraph('node P { k: String @key  f: F32? }', '{"type":"P","data":{"k":"a","f":0.1}}');
    await checkCounts(graph, 'update P set { f: 1.0 } where f = 0.1', 1, 0);
  });

  test('64-bit integers compare exactly', async () => {
    const { graph } = await newGraph(
      'node P { k: String @key  n: I64? }',
      '{"type":"P","data":{"k":"a","n":9007199254740993}}',
    );
    await checkCounts(graph, 'update P set { n: 1 } where n = 9007199254740992', 0, 0);
    await checkCounts(graph, 'update P set { n: 1 } where n = 9007199254740993', 1, 0);
  });

  test('texts compare by UTF-8 bytes', async () => {
    const lines = ['\u{1f600}', '\uffee'].map((text) => JSON.stringify({ type: 'Memo', data: { text } }));
    const { graph } = await newGraph('node Memo { text: String }', lines.join('\n'));
    await checkCounts(graph, 'delete Memo where text > "\uffee"', 1, 0);
  });

  test('a null parameter matches nothing', async () => {
    const graph = await garden();
    const body = 'query q($h: I32?) { delete Plant where height != $h }';
    expect((await mutate(graph, body)).commit).toBeNull();
  });

  test.each([
    ['delete Plant where sown = date("soon")', 'soon'],
    ['delete Plant where watered = datetime("2025-13-01")', '2025-13-01'],
  ])('%s is refused', async (body, part) => {
    await checkRefused(await garden(), body, part);
  });
});

describe('values', () => {
  const VALUES = `node V {
    k: String @key  i: I32?  u: U32?  l: I64?  m: U64?  f: F32?  d: F64?  day: Date?  at: DateTime?
    list: [I32]?  vec: Vector(2)?  blob: Blob?  need: I32?
  }`;

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ['insert V { k: "a", i: 5, d: 5, f: 2 }', {}, { i: 5n, d: 5n, f: 2n }],
    [
      'insert V { k: "a", day: date("2024-02-29"), at: datetime("2025-05-01") }',
      {},
      { day: 19782n, at: 1746057600000n },
    ],
    ['insert V { k: "a", list: [1, 2], vec: [1, 0.5] }', {}, { list: [1n, 2n], vec: [1n, 0.5] }],
    [
      'query q($l: I64, $m: U64) { insert V { k: "a", l: $l, m: $m } }',
      { l: '-9223372036854775808', m: '9223372036854775807' },
      { l: -(2n ** 63n), m: 2n ** 63n - 1n },
    ],
    ['query q($n: I64) { insert V { k: "a", i: $n } }', { n: 7 }, { i: 7n }],
    ['query q($n: I32) { insert V { k: "a", l: $n, d: $n } }', { n: 7 }, { l: 7n, d: 7n }],
    ['query q($b: Blob) { insert V { k: "a", blob: $b } }', { b: 'base64:AAE=' }, { blob: 'base64:AAE=' }],
    [
      'query q($d: Date, $t: DateTime?) { insert V { k: "a", day: $d, at: $t } }',
      { d: '2024-02-29' },
      { day: 19782n, at: null },
    ],
    [
      'query q($v: Vector(2), $l: [I32]) { insert V { k: "a", vec: $v, list: $l } }',
      { v: [1, 2], l: [3] },
      { vec: [1n, 2n], list: [3n] },
    ],
    ['insert V { k: "a", at: now() }', {}, { at: BigInt(NOW) }],
  ])('%s %j', async (body, json, expected) => {
    const { graph } = await newGraph(VALUES);
    await mutate(graph, body, { json });
    expect((await entities(graph, 'V'))[0]).toMatchObject(expected);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['insert V { k: "a", i: 2147483648 }', {}, "property 'V.i': value exceeds I32, got 2147483648"],
    ['query q($n: I64) { insert V { k: "a", u: $n } }', { n: -1 }, "property 'V.u': value exceeds U32"],
    ['query q($n: I64) { insert V { k: "a", m: $n } }', { n: -1 }, "property 'V.m': value exceeds U64"],
    ['insert V { k: "a", i: 2.0 }', {}, "property 'V.i': expected I32 integer"],
    ['query q($f: F64) { insert V { k: "a", l: $f } }', { f: 2 }, "property 'V.l': expected I64 integer"],
    ['query q($f: F64) { insert V { k: "a", f: $f } }', { f: 1e39 }, "property 'V.f': value exceeds F32"],
    ['insert V { k: "a", day: date("2023-02-29") }', {}, "property 'V.day': expected Date"],
    ['query q($d: Date) { insert V { k: "a", day: $d } }', { d: 'soon' }, "property 'V.day': expected Date"],
    ['query q($b: Blob) { insert V { k: "a", blob: $b } }', { b: 's3://b/x' }, 'external blob URI is denied'],
    ['query q($k: String?) { insert V { k: $k } }', {}, "non-nullable property 'V.k'"],
    ['query q($k: String) { insert V { k: $k } }', { k: '\ud800' }, 'not well-formed Unicode'],
  ])('%s %j is refused', async (body, json, part) => {
    const { graph } = await newGraph(VALUES);
    const { kind, message } = await refusal(mutate(graph, body, { json }));
    expect([kind, message]).toEqual(['bad_request', expect.stringContaining(part)]);
  });
});

/** engine.md §23, rows 58–61. */
describe('constraints', () => {
  const SHIPPING = `
node Port { code: String @key  berth: I32?  @range(berth, 1..99) }
node Line { code: String @key  imo: String?  @unique(imo) }
edge Route: Port -> Port
edge Owns: Line -> Port @card(1..1)
`;
  const LINES = `
{"type":"Port","data":{"code":"RTM"}}
{"type":"Port","data":{"code":"GOT"}}
{"type":"Line","data":{"code":"MSK","imo":"1"}}
{"type":"Line","data":{"code":"ONE","imo":"2"}}
{"edge":"Route","from":"GOT","to":"RTM"}
{"edge":"Owns","from":"MSK","to":"RTM"}
`;
  const shipping = async (): Promise<Graph> => (await newGraph(SHIPPING, LINES)).graph;

  test('a node and its edge go together', async () => {
    await checkCounts(await shipping(), 'delete Port where code = "GOT"', 1, 1);
  });

  test('a unique value swaps inside one mutation', async () => {
    const graph = await shipping();
    const body = 'update Line set { imo: "2" } where code = "MSK" update Line set { imo: "1" } where code = "ONE"';
    await checkCounts(graph, body, 2, 0);
    expect((await entities(graph, 'Line')).map(({ imo }) => imo)).toEqual(['2', '1']);
  });

  test('a source without edges is fine', async () => {
    await checkCounts(await shipping(), 'insert Line { code: "HAP" }', 1, 0);
  });

  test('a source goes with its edges', async () => {
    await checkCounts(await shipping(), 'delete Line where code = "MSK"', 1, 1);
  });

  test.each([
    [
      'update Line set { imo: "2" } where code = "MSK"',
      "@unique violation on Line.imo: value '2' is held by both 'ONE' and 'MSK'",
    ],
    ['update Line set { imo: "3" } where code != ""', "@unique violation on Line.imo: value '3'"],
    ['insert Port { code: "OSL", berth: 100 }', '@range violation on Port.berth: value 100 > max 99'],
    ['insert Owns { from: "MSK", to: "GOT" }', "@card violation on edge Owns: source 'MSK' has 2 edges (max 1)"],
    ['delete Owns where from = "MSK"', "@card violation on edge Owns: source 'MSK' has 0 edges (min 1)"],
    ['delete Port where code = "RTM"', "@card violation on edge Owns: source 'MSK' has 0 edges (min 1)"],
    [
      'update Port set { code: "X" } where code = "RTM"',
      "cannot update @key property 'code' — delete and re-insert instead",
    ],
    ['update Port set { code: "RTM" } where code = "RTM"', "cannot update @key property 'code'"],
  ])('%s is refused', async (body, part) => {
    await checkRefused(await shipping(), body, part);
  });
});

/** engine.md §23, rows 38–40. */
describe('several writers', () => {
  test('eight parallel inserts make one linear chain', async () => {
    const { graph, reopen } = await newGraph('node Port { code: String @key }');
    const genesis = await headId(graph);
    const handles = [graph, await reopen(), await reopen(), await reopen()];
    const codes = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
    await Promise.all(
      codes.map((code, at) => mutate(handles[at % handles.length] ?? graph, `insert Port { code: "${code}" }`)),
    );
    expect(await ids(graph, 'Port')).toEqual(codes);
    const chain = await graph.commits();
    expect(chain.slice(0, -1).map(({ parent_commit_id }) => parent_commit_id)).toEqual(
      chain.slice(1).map(({ graph_commit_id }) => graph_commit_id),
    );
    expect([chain.length, chain.at(-1)?.graph_commit_id]).toEqual([9, genesis]);
  });

  test('two updates from two handles lose nothing', async () => {
    const { graph, reopen } = await newGraph(GARDEN_SCHEMA, GARDEN_LINES);
    const other = await reopen();
    const outcomes = await Promise.allSettled([
      mutate(graph, 'update Plant set { height: 1 } where code = "ash"'),
      mutate(other, 'update Plant set { price: 9.5 } where code = "ash"'),
    ]);
    const done = outcomes.map(({ status }) => status === 'fulfilled');
    expect(done).toContain(true);
    const ash = await plant(graph, 'ash');
    expect([ash?.height, ash?.price]).toEqual([done[0] ? 1n : 900n, done[1] ? 9.5 : 12.5]);
  });

  test('an expected head lets a mutation pass, and stops it once another commit came between', async () => {
    const graph = await garden();
    const head = await headId(graph);
    await mutate(graph, 'insert Memo { text: "a" }', { ifCommit: head ?? '' });
    const actual = await headId(graph);
    for (const body of ['insert Memo { text: "b" }', 'delete Memo where text = "zzz"']) {
      const error = await refusal(mutate(graph, body, { ifCommit: head ?? '' }));
      expect([error.kind, error.details]).toEqual([
        'precondition_failed',
        { precondition_failure: { expected: head, actual } },
      ]);
    }
    expect(await ids(graph, 'Memo')).toHaveLength(1);
  });

  test('actor and commit are in the result', async () => {
    const graph = await garden();
    const { actor_id, commit } = await mutate(graph, 'insert Memo { text: "a" }', { actor: 'ann' });
    expect([actor_id, commit?.actor_id, commit?.graph_commit_id]).toEqual(['ann', 'ann', await headId(graph)]);
  });
});

describe('limits', () => {
  test('8,192 rows of a type in one mutation, not one more', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, at) => `{"type":"Port","data":{"code":"P${at}","n":1}}`).join('\n');
    const { graph } = await newGraph('node Port { code: String @key  n: I32? }');
    await load(graph, lines(8192), 'append');
    await checkCounts(graph, 'update Port set { n: 2 } where n = 1', 8192, 0);
    const body = 'insert Port { code: "Q", n: 3 } update Port set { n: 3 } where n = 2';
    const error = await refusal(mutate(graph, body));
    expect([error.kind, error.details.resource_limit]).toEqual([
      'resource_limit',
      { resource: 'keyed entities for node:Port', limit: 8192, actual: 8193 },
    ]);
    expect(await ids(graph, 'Port')).toHaveLength(8192);
  });

  test('32 MiB of a type in one mutation', async () => {
    const { graph } = await newGraph('node Memo { text: String }');
    const body = `query q($t: String) { ${'insert Memo { text: $t } '.repeat(5)} }`;
    const error = await refusal(mutate(graph, body, { json: { t: 'a'.repeat(8 * 1024 * 1024) } }));
    expect(error.details.resource_limit?.resource).toBe('keyed entity bytes for node:Memo');
  });
});

async function checkCounts(graph: Graph, body: string, nodes: number, edges: number): Promise<void> {
  const { affected_nodes, affected_edges } = await mutate(graph, body);
  expect([affected_nodes, affected_edges]).toEqual([nodes, edges]);
}

async function checkRefused(graph: Graph, body: string, part: string): Promise<void> {
  const head = await headId(graph);
  const { kind, message } = await refusal(mutate(graph, body));
  expect([kind, message]).toEqual(['bad_request', expect.stringContaining(part)]);
  expect(await headId(graph)).toBe(head);
}
