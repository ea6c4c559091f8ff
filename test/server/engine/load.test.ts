import { describe, expect, test } from 'vitest';
import type { Graph, LoadMode } from '../../../server/src/engine/index.js';
import { entities, headId, ids, load, newGraph, refusal } from './write-graph.js';

/** engine.md §23, schema S and base B0. */
const SHIPPING = `
node Port { code: String @key  depth: F32?  grade: enum(a, b)?  berth: I32?  @range(berth, 1..99) }
node Line { code: String @key  imo: String?  @unique(imo) }
edge Route: Port -> Port
edge Owns: Line -> Port @card(0..1)
`;

const B0 = `
{"type":"Port","data":{"code":"RTM","depth":22}}
{"type":"Port","data":{"code":"GOT","depth":15}}
{"type":"Port","data":{"code":"OSL","depth":12}}
{"type":"Port","data":{"code":"LEH","depth":14}}
{"type":"Line","data":{"code":"MSK","imo":"1"}}
{"edge":"Route","from":"GOT","to":"OSL","data":{"id":"r1"}}
`;

const MODES: readonly LoadMode[] = ['append', 'merge', 'overwrite'];

const shipping = async (): Promise<Graph> => (await newGraph(SHIPPING, B0)).graph;

describe('outcome', () => {
  test('counts input lines per type, by name, under the declared spelling', async () => {
    const graph = await shipping();
    const lines = [
      '{"edge":"route","from":"RTM","to":"GOT"}',
      '{"type":"Port","data":{"code":"AAR"}}',
      '{"edge":"ROUTE","from":"AAR","to":"GOT"}',
      '{"edge":"Owns","from":"MSK","to":"AAR"}',
    ];
    const result = await graph.load({ source: lines.join('\n'), mode: 'append', branch: 'main', actor: 'ann' });
    expect(result).toEqual({
      branch: 'main',
      base_branch: null,
      branch_created: false,
      mode: 'append',
      nodes: [{ name: 'Port', entities_loaded: 1 }],
      edges: [
        { name: 'Owns', entities_loaded: 1 },
        { name: 'Route', entities_loaded: 2 },
      ],
      total_entities: 4,
      commit: (await graph.commits())[0],
    });
    expect(result.commit.actor_id).toBe('ann');
  });

  test.each(MODES)('an empty file commits (%s)', async (mode) => {
    const graph = await shipping();
    const before = await graph.commits();
    const { total_entities, commit } = await load(graph, '\n', mode);
    expect([total_entities, commit.parent_commit_id]).toEqual([0, before[0]?.graph_commit_id]);
    expect(await graph.commits()).toHaveLength(before.length + 1);
    expect(await ids(graph, 'Port')).toEqual(['GOT', 'LEH', 'OSL', 'RTM']);
  });

  test('a refused file leaves nothing and does not block the next', async () => {
    const graph = await shipping();
    const head = await headId(graph);
    const lines = ['{"type":"Port","data":{"code":"A"}}', '', '{"type":', '{"type":"Port","data":{"code":"B"}}', ''];
    expect((await refusal(load(graph, lines.join('\n'), 'append'))).message).toContain('line 3');
    expect(await headId(graph)).toBe(head);
    await load(graph, '{"type":"Port","data":{"code":"A"}}', 'append');
    expect(await ids(graph, 'Port')).toEqual(['A', 'GOT', 'LEH', 'OSL', 'RTM']);
  });

  test('a missing branch is not found', async () => {
    const graph = await shipping();
    const request = { source: '', mode: 'append', branch: 'nowhere', actor: null } as const;
    expect((await refusal(graph.load(request))).kind).toBe('not_found');
  });

  test('chunks of bytes load like one text', async () => {
    const { graph } = await newGraph(SHIPPING);
    async function* chunks() {
      for (let at = 0; at < B0.length; at += 11) yield Buffer.from(B0.slice(at, at + 11));
    }
    await graph.load({ source: chunks(), mode: 'append', branch: 'main', actor: null });
    expect(await ids(graph, 'Port')).toEqual(['GOT', 'LEH', 'OSL', 'RTM']);
  });
});

describe('modes', () => {
  test('append of a committed key is a key conflict', async () => {
    const graph = await shipping();
    const error = await refusal(load(graph, '{"type":"Port","data":{"code":"RTM","depth":1}}', 'append'));
    expect([error.kind, error.details]).toEqual([
      'conflict',
      { key_conflict: { entity_kind: 'node', type_name: 'Port', entity_id: 'RTM' } },
    ]);
    expect((await entities(graph, 'Port')).find(({ id }) => id === 'RTM')?.depth).toBe(22n);
  });

  test('append of a committed edge id is a key conflict', async () => {
    const graph = await shipping();
    const error = await refusal(load(graph, '{"edge":"Route","from":"RTM","to":"OSL","data":{"id":"r1"}}', 'append'));
    expect(error.details.key_conflict).toEqual({ entity_kind: 'edge', type_name: 'Route', entity_id: 'r1' });
  });

  test('merge replaces the whole entity', async () => {
    const graph = await shipping();
    await load(
      graph,
      '{"type":"Port","data":{"code":"RTM"}}\n{"type":"Port","data":{"code":"AAR","depth":9}}',
      'merge',
    );
    expect((await entities(graph, 'Port')).map(({ id, depth }) => [id, depth])).toEqual([
      ['AAR', 9n],
      ['GOT', 15n],
      ['LEH', 14n],
      ['OSL', 12n],
      ['RTM', null],
    ]);
  });

  test('merge moves an edge given by id', async () => {
    const graph = await shipping();
    await load(graph, '{"edge":"Route","from":"RTM","to":"LEH","data":{"id":"r1"}}', 'merge');
    expect(await entities(graph, 'Route')).toEqual([{ id: 'r1', from: 'RTM', to: 'LEH' }]);
  });

  test.each<[LoadMode, number]>([
    ['append', 2],
    ['merge', 2],
    ['overwrite', 1],
  ])('an edge without id loaded twice by %s', async (mode, count) => {
    const { graph } = await newGraph(SHIPPING, B0.replace(/\{"edge".*\n/, ''));
    await load(graph, '{"edge":"Route","from":"RTM","to":"GOT"}', mode);
    await load(graph, '{"edge":"Route","from":"RTM","to":"GOT"}', mode);
    expect(await entities(graph, 'Route')).toHaveLength(count);
  });

  test('overwrite fails while a kept edge needs a node it leaves out', async () => {
    const graph = await shipping();
    const { kind, message } = await refusal(load(graph, '{"type":"Port","data":{"code":"RTM"}}', 'overwrite'));
    expect([kind, message]).toEqual(['bad_request', "src 'GOT' not found in Port, needed by edge Route 'r1'"]);
    expect(await ids(graph, 'Port')).toEqual(['GOT', 'LEH', 'OSL', 'RTM']);
  });

  test('overwrite makes each type in the file exactly that, and leaves the others', async () => {
    const graph = await shipping();
    await load(graph, '{"type":"Port","data":{"code":"GOT"}}\n{"type":"Port","data":{"code":"OSL"}}', 'overwrite');
    expect(await entities(graph, 'Port')).toEqual([
      { id: 'GOT', berth: null, code: 'GOT', depth: null, grade: null },
      { id: 'OSL', berth: null, code: 'OSL', depth: null, grade: null },
    ]);
    expect([await ids(graph, 'Line'), await ids(graph, 'Route')]).toEqual([['MSK'], ['r1']]);
  });

  test('overwrite of edges alone finds its ends among committed nodes', async () => {
    const graph = await shipping();
    await load(graph, '{"edge":"Route","from":"RTM","to":"LEH","data":{"id":"r2"}}', 'overwrite');
    expect(await ids(graph, 'Route')).toEqual(['r2']);
  });

  test('edges may stand before their nodes', async () => {
    const graph = await shipping();
    const lines =
      '{"edge":"Route","from":"A","to":"B"}\n{"type":"Port","data":{"code":"B"}}\n{"type":"Port","data":{"code":"A"}}';
    expect((await load(graph, lines, 'append')).total_entities).toBe(3);
  });

  test('8,192 entities of a type append, one more is too many, and overwrite takes them', async () => {
    const graph = await shipping();
    const ports = (count: number) =>
      Array.from({ length: count }, (_, at) => `{"type":"Line","data":{"code":"L${at}"}}`).join('\n');
    const error = await refusal(load(graph, ports(8193), 'append'));
    expect([error.kind, error.details.resource_limit]).toEqual([
      'resource_limit',
      { resource: 'keyed entities for node:Line', limit: 8192, actual: 8193 },
    ]);
    expect((await load(graph, ports(8192), 'append')).total_entities).toBe(8192);
    expect((await load(graph, ports(8193), 'overwrite')).total_entities).toBe(8193);
  });
});

describe('repeated ids in one file', () => {
  const NOTES = 'node Note { text: String? }\nedge Cites: Note -> Note { page: I32? }';
  const TWICE = '{"type":"Note","data":{"id":"n","text":"a"}}\n{"type":"Note","data":{"id":"n","text":"b"}}';

  test.each(MODES)('a key twice is a uniqueness violation (%s)', async (mode) => {
    const graph = await shipping();
    const lines = '{"type":"Port","data":{"code":"RTM"}}\n{"type":"Port","data":{"code":"RTM"}}';
    const { kind, message } = await refusal(load(graph, lines, mode));
    expect([kind, message]).toEqual([
      'bad_request',
      "@unique violation on Port.code: value 'RTM' is held by both 'RTM' (line 1) and 'RTM' (line 2)",
    ]);
  });

  test.each<LoadMode>(['append', 'overwrite'])('a given id twice is refused (%s)', async (mode) => {
    const { graph } = await newGraph(NOTES);
    expect((await refusal(load(graph, TWICE, mode))).message).toBe(
      "line 2: duplicate source row: node:Note id 'n' was given on line 1 already",
    );
  });

  test('a given id twice merges to the last', async () => {
    const { graph } = await newGraph(NOTES);
    const edges = [1, 2].map((page) => `{"edge":"Cites","from":"n","to":"n","data":{"id":"c","page":${page}}}`);
    const { total_entities } = await load(graph, [TWICE, ...edges].join('\n'), 'merge');
    expect(total_entities).toBe(4);
    expect(await entities(graph, 'Note')).toEqual([{ id: 'n', text: 'b' }]);
    expect(await entities(graph, 'Cites')).toEqual([{ id: 'c', from: 'n', to: 'n', page: 2n }]);
  });
});

describe('constraints on the whole image', () => {
  test.each<[string, LoadMode, string, string]>([
    [
      'a range',
      'append',
      '{"type":"Port","data":{"code":"A","berth":100}}',
      '@range violation on Port.berth: value 100 > max 99 (line 1)',
    ],
    [
      'a committed unique value',
      'append',
      '{"type":"Line","data":{"code":"X","imo":"1"}}',
      "@unique violation on Line.imo: value '1' is held by both 'MSK' and 'X' (line 1)",
    ],
    ['a missing end', 'append', '\n{"edge":"Route","from":"RTM","to":"Z"}', "dst 'Z' not found in Port"],
    [
      'too many edges',
      'append',
      '{"edge":"Owns","from":"MSK","to":"RTM"}\n{"edge":"Owns","from":"MSK","to":"GOT"}',
      "@card violation on edge Owns: source 'MSK' has 2 edges (max 1)",
    ],
    ['a text for a number', 'append', '{"type":"Port","data":{"code":"A","depth":"22"}}', "property 'depth'"],
    ['a fraction for an integer', 'append', '{"type":"Port","data":{"code":"A","berth":3.5}}', "property 'berth'"],
    [
      'an unknown enum value',
      'append',
      '{"type":"Port","data":{"code":"A","grade":"z"}}',
      "property 'grade': invalid enum value 'z' (expected: a, b)",
    ],
  ])('%s (%s)', async (_, mode, lines, part) => {
    const graph = await shipping();
    const { kind, message } = await refusal(load(graph, lines, mode));
    expect(kind).toBe('bad_request');
    expect(message).toContain(part);
  });

  test('a unique value may move within one file', async () => {
    const graph = await shipping();
    await load(
      graph,
      '{"type":"Line","data":{"code":"X","imo":"1"}}\n{"type":"Line","data":{"code":"MSK","imo":"2"}}',
      'merge',
    );
    expect((await entities(graph, 'Line')).map(({ id, imo }) => [id, imo])).toEqual([
      ['MSK', '2'],
      ['X', '1'],
    ]);
  });
});

test('a schema that changes while the file is read refuses the load', async () => {
  const { graph, reopen } = await newGraph('node Port { code: String @key }');
  const other = await reopen();
  async function* source() {
    yield Buffer.from('{"type":"Port","data":{"code":"A"}}\n');
    await other.applySchema('node Port { code: String @key  depth: F32? }', { actor: null, allowDataLoss: false });
  }
  const error = await refusal(graph.load({ source: source(), mode: 'append', branch: 'main', actor: null }));
  expect([error.kind, error.details.read_set_conflict?.member]).toEqual(['conflict', 'schema']);
  expect(await ids(graph, 'Port')).toEqual([]);
});

test('a composite key is the JSON text of its members by property id, and edges find it', async () => {
  const { graph } = await newGraph('node Berth { port: String  no: I32  @key(port, no) }\nedge Next: Berth -> Berth');
  const lines = [
    '{"type":"Berth","data":{"port":"RTM","no":4}}',
    '{"edge":"Next","from":"[\\"4\\",\\"RTM\\"]","to":"[\\"4\\",\\"RTM\\"]","data":{"id":"n"}}',
  ];
  await load(graph, lines.join('\n'), 'append');
  expect(await ids(graph, 'Berth')).toEqual(['["4","RTM"]']);
});

test('every kind of value comes back as it was loaded', async () => {
  const { graph } = await newGraph(`node All {
    k: String @key  big: U64?  low: I64?  day: Date?  at: DateTime?  f: F32?  list: [I32]?  vec: Vector(2)?  blob: Blob?  yes: Bool?
  }`);
  const lines = [
    '{"type":"All","data":{"k":"ü","big":18446744073709551615,"low":-9223372036854775808,"day":"2024-02-29","at":"2025-05-01T06:00:00.250Z","f":0.5,"list":[1,2],"vec":[1,0.25],"blob":"base64:AAE=","yes":true}}',
    '{"type":"All","data":{"k":"z"}}',
  ];
  await load(graph, lines.join('\n'), 'append');
  expect(await entities(graph, 'All')).toEqual([
    {
      id: 'z',
      k: 'z',
      big: null,
      low: null,
      day: null,
      at: null,
      f: null,
      list: null,
      vec: null,
      blob: null,
      yes: null,
    },
    {
      id: 'ü',
      k: 'ü',
      big: 18446744073709551615n,
      low: -9223372036854775808n,
      day: 19782n,
      at: 1746079200250n,
      f: 0.5,
      list: [1n, 2n],
      vec: [1n, 0.25],
      blob: 'base64:AAE=',
      yes: true,
    },
  ]);
});
