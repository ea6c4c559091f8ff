import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Graph, readGraphRoot } from 'omnigraph-server/engine';
import { expect, test } from 'vitest';
import { emptyHarbour, exported, HARBOUR, harbour, load, opened, valuesOf } from './harbour.js';

const apply = (graph: Graph, text: string, allowDataLoss = false) =>
  graph.applySchema(text, { actor: 'bob', allowDataLoss });

const withPort = (lines: string): string => HARBOUR.replace('  depth: F32?\n', `  depth: F32?\n${lines}`);
const WITHOUT_DEPTH = HARBOUR.replace('  depth: F32?\n', '');

const datasets = async (graph: Graph) =>
  Object.fromEntries((await graph.snapshot()).datasets.map((dataset) => [dataset.type_name, dataset]));

test('a new nullable property is null in every old entity and writable at once', async () => {
  const { graph } = await harbour();
  const before = await datasets(graph);
  const result = await apply(graph, withPort('  name: String?\n'));
  expect(result).toEqual({
    supported: true,
    applied: true,
    step_count: 1,
    graph_manifest_version: 3,
    steps: [expect.objectContaining({ kind: 'add_property', type_name: 'Port', property_name: 'name' })],
  });
  expect((await graph.commits())[0]).toMatchObject({ graph_manifest_version: 3, actor_id: 'bob' });
  await load(graph, '{"type":"Port","data":{"code":"AAR","name":"Aarhus"}}\n');
  expect(await valuesOf(graph, 'node:Port', 'name')).toEqual({
    RTM: null,
    GOT: null,
    OSL: null,
    LEH: null,
    AAR: 'Aarhus',
  });
  const after = await datasets(graph);
  expect(after.Port?.dataset_path).toBe(before.Port?.dataset_path);
  expect([after.Line, after.Route, after.Owns]).toEqual([before.Line, before.Route, before.Owns]);
});

test('other handles see a new schema at their next operation', async () => {
  const { graph, location } = await harbour();
  const other = await opened(location);
  await apply(graph, withPort('  name: String?\n'));
  await load(other, '{"type":"Port","data":{"code":"AAR","name":"Aarhus"}}\n');
  expect(other.catalog.nodes.get('Port')?.properties.has('name')).toBe(true);
  expect(
    (await (await opened(location, 'read')).pin({ branch: 'main' })).catalog.nodes.get('Port')?.properties.has('name'),
  ).toBe(true);
});

test('a renamed type keeps path, entities and history; a renamed property its values', async () => {
  const { graph } = await harbour();
  const [old] = await graph.commits();
  const before = await datasets(graph);
  const renamed = HARBOUR.replace('node Port {', 'node Haven @rename_from("Port") {')
    .replaceAll('Port -> Port', 'Haven -> Haven')
    .replaceAll('Line -> Port', 'Line -> Haven')
    .replace('  depth: F32?', '  draught: F32? @rename_from("depth")');
  const result = await apply(graph, renamed);
  expect(result.steps.map((step) => step.kind)).toEqual(['rename_type', 'rename_property']);
  expect((await datasets(graph)).Haven?.dataset_path).toBe(before.Port?.dataset_path);
  expect(await valuesOf(graph, 'node:Haven', 'draught')).toEqual({ RTM: 22, GOT: 15, OSL: 12, LEH: 14 });
  expect(await valuesOf(graph, 'node:Haven', 'grade', old?.graph_commit_id)).toEqual({
    RTM: null,
    GOT: null,
    OSL: null,
    LEH: null,
  });
  await expect(valuesOf(graph, 'node:Haven', 'draught', old?.graph_commit_id)).rejects.toMatchObject({
    kind: 'bad_request',
    message: "property 'draught' did not exist at the commit read from",
  });
  await load(graph, '{"type":"Haven","data":{"code":"RTM","draught":23}}\n', 'merge');
  expect(await valuesOf(graph, 'node:Haven', 'draught')).toMatchObject({ RTM: 23, GOT: 15 });
});

test('a soft-dropped property is gone now, still there at older commits, and does not come back', async () => {
  const { graph } = await harbour();
  const [old] = await graph.commits();
  await apply(graph, WITHOUT_DEPTH);
  await expect(valuesOf(graph, 'node:Port', 'depth')).rejects.toMatchObject({ kind: 'bad_request' });
  expect(await valuesOf(graph, 'node:Port', 'depth', old?.graph_commit_id)).toMatchObject({ RTM: 22 });
  await apply(graph, HARBOUR);
  expect(await valuesOf(graph, 'node:Port', 'depth')).toEqual({ RTM: null, GOT: null, OSL: null, LEH: null });
});

test('a type dropped and added again is new and empty, and does not show the old one in old commits', async () => {
  const { graph } = await harbour();
  const [old] = await graph.commits();
  const before = await datasets(graph);
  const withoutRoute = HARBOUR.replace('edge Route: Port -> Port\n', '');
  expect((await apply(graph, withoutRoute)).steps).toEqual([
    { kind: 'drop_type', type_kind: 'edge', name: 'Route', mode: 'soft' },
  ]);
  expect(Object.keys(await datasets(graph))).toEqual(['Owns', 'Line', 'Port']);
  await apply(graph, HARBOUR);
  const after = await datasets(graph);
  expect(after.Route?.entity_count).toBe(0);
  expect(after.Route?.dataset_path).not.toBe(before.Route?.dataset_path);
  await expect(valuesOf(graph, 'edge:Route', 'src', old?.graph_commit_id)).rejects.toMatchObject({
    kind: 'bad_request',
    message: expect.stringContaining('did not exist at commit'),
  });
});

test('a hard drop removes the old versions at once', async () => {
  const { graph, location } = await harbour();
  const [old] = await graph.commits();
  const route = (await datasets(graph)).Route?.dataset_path ?? '';
  const result = await apply(graph, WITHOUT_DEPTH.replace('edge Route: Port -> Port\n', ''), true);
  expect(result.steps.map((step) => ('mode' in step ? step.mode : step.kind))).toEqual(['hard', 'hard']);
  expect(await valuesOf(graph, 'node:Port', 'grade')).toEqual({ RTM: null, GOT: null, OSL: null, LEH: null });
  const fresh = await opened(location, 'read');
  await expect(valuesOf(fresh, 'node:Port', 'grade', old?.graph_commit_id)).rejects.toMatchObject({
    kind: 'gone',
    message: expect.stringContaining('historical version reclaimed'),
  });
  expect(await readdir(join(location.tablesUri, 'edges'))).not.toContain(route.replace('edges/', ''));
  await load(graph, '{"type":"Port","data":{"code":"AAR"}}\n');
  expect(Object.keys(await valuesOf(graph, 'node:Port', 'grade'))).toHaveLength(5);
});

test('a text that differs in layout only replaces the accepted text, without a commit', async () => {
  const { graph, location } = await harbour();
  const commented = `// ports of the north\n${HARBOUR}`;
  const unchanged = { supported: true, applied: false, step_count: 0, graph_manifest_version: 2, steps: [] };
  expect(await apply(graph, commented)).toEqual(unchanged);
  expect(graph.schemaSource).toBe(commented);
  expect(await apply(graph, commented)).toEqual(unchanged);
  expect(await apply(graph, `${commented}\n// more`)).toEqual(unchanged);
  expect(await graph.commits()).toHaveLength(2);
  expect((await opened(location, 'read')).schemaSource).toBe(`${commented}\n// more`);
  expect(await readGraphRoot(location.store)).toMatchObject({ state: { schemaSource: `${commented}\n// more` } });
  const other = await opened(location);
  await apply(other, `${commented}\n// from elsewhere`);
  await apply(graph, HARBOUR);
  expect((await opened(location, 'read')).schemaSource).toBe(HARBOUR);
  const next = withPort('  name: String?\n');
  await apply(graph, next);
  expect((await opened(location, 'read')).schemaSource).toBe(next);
});

test.each<[string, string, RegExp]>([
  ['a required property', withPort('  name: String\n'), /OG-MF-103/],
  ['another type', HARBOUR.replace('depth: F32?', 'depth: F64?'), /OG-MF-106/],
  ['a text with errors', 'node A { b: Nope }', /^line 1: /],
])('%s is refused and changes nothing', async (_, text, message) => {
  const { graph } = await harbour();
  const before = await graph.snapshot();
  await expect(apply(graph, text)).rejects.toMatchObject({
    kind: 'bad_request',
    message: expect.stringMatching(message),
  });
  expect(await graph.snapshot()).toEqual(before);
  expect(graph.schemaSource).toBe(HARBOUR);
  await load(graph, '');
});

test('a plan is data, also when it is unsupported, and changes nothing', async () => {
  const { graph } = await harbour();
  expect(await graph.planSchema(withPort('  name: String\n'), { allowDataLoss: false })).toMatchObject({
    supported: false,
    step_count: 1,
    steps: [{ kind: 'unsupported_change', entity: 'node:Port.name', code: 'OG-MF-103' }],
  });
  expect(await graph.planSchema(WITHOUT_DEPTH, { allowDataLoss: true })).toEqual({
    supported: true,
    step_count: 1,
    steps: [{ kind: 'drop_property', type_kind: 'node', type_name: 'Port', property_name: 'depth', mode: 'hard' }],
  });
  expect(await graph.commits()).toHaveLength(2);
});

test('writes and a second apply conflict while one runs, and pass afterwards', async () => {
  const { graph, location } = await harbour();
  const other = await opened(location);
  const running = apply(graph, withPort('  name: String?\n'));
  await expect(load(other, '')).rejects.toMatchObject({
    kind: 'conflict',
    message: 'load is unavailable while schema apply is in progress',
  });
  await expect(apply(other, HARBOUR)).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('in progress'),
  });
  expect((await running).applied).toBe(true);
  await load(other, '');
  expect(await location.store.exists('schema-apply.json')).toBe(false);
});

test("a live process's marker refuses writes; a dead one's is cleared", async () => {
  const { graph, location } = await harbour();
  const { hostname } = await import('node:os');
  const mark = (pid: number, host = hostname(), started_at = Date.now()) =>
    location.store.write('schema-apply.json', Buffer.from(JSON.stringify({ id: 'x', host, pid, started_at })));
  await mark(process.ppid);
  await expect(load(graph, '')).rejects.toMatchObject({ kind: 'conflict' });
  await expect(apply(graph, withPort('  name: String?\n'))).rejects.toMatchObject({ kind: 'conflict' });
  await mark(1, 'another-machine');
  await expect(load(graph, '')).rejects.toMatchObject({ kind: 'conflict' });
  await mark(1, 'another-machine', Date.now() - 3_600_000);
  await load(graph, '');
  await mark(2 ** 22 - 1);
  expect((await apply(graph, withPort('  name: String?\n'))).applied).toBe(true);
});

test('bounds and every kind of declaration survive a reopen', async () => {
  const schema = `interface Named {
  name: String?
}
node Place implements Named {
  code: I64 @key
  low: F64?
  high: I64?
  tags: [String]?
  vec: Vector(3)?
  plan: Blob?
  seen: DateTime?
  @range(low, 0.0..1.0)
  @range(high, -5..9007199254740993)
}
`;
  const location = await emptyHarbour(schema);
  const graph = await opened(location);
  const line =
    '{"type":"Place","data":{"code":1,"low":0.5,"plan":"base64:UERG","vec":[0.5,0,-2],"tags":["x"],"seen":5}}\n';
  await load(graph, line);
  const again = await opened(location, 'read');
  expect(again.catalog).toEqual(graph.catalog);
  expect(await exported(again)).toEqual([
    '{"type":"Place","data":{"id":"1","code":1,"high":null,"low":0.5,"name":null,"plan":"base64:UERG","seen":5,"tags":["x"],"vec":[0.5,0,-2]}}',
  ]);
});
