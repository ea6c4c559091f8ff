import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphError, initGraph, openGraph, readGraphRoot } from 'omnigraph-server/engine';
import { expect, test } from 'vitest';
import { BASE, emptyHarbour, HARBOUR, harbour, load, opened, valuesOf } from './harbour.js';

const refusal = (kind: string, message: RegExp, details: object = {}) =>
  expect.objectContaining({ kind, message: expect.stringMatching(message), details: expect.objectContaining(details) });

test('a new graph has one commit without parent and only empty types', async () => {
  const location = await emptyHarbour();
  const graph = await opened(location);
  const commits = await graph.commits('main');
  expect(commits).toEqual([
    {
      graph_commit_id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      graph_branch: null,
      graph_manifest_version: 1,
      parent_commit_id: null,
      merged_parent_commit_id: null,
      actor_id: 'ann',
      created_at: expect.any(Number),
    },
  ]);
  const snapshot = await graph.snapshot();
  expect(
    snapshot.datasets.map(({ entity_kind, type_name, entity_count }) => [entity_kind, type_name, entity_count]),
  ).toEqual([
    ['edge', 'Owns', 0],
    ['edge', 'Route', 0],
    ['node', 'Line', 0],
    ['node', 'Port', 0],
  ]);
  expect(snapshot).toMatchObject({ graph_branch: 'main', graph_manifest_version: 1, internal_schema_version: 1 });
  expect(graph.schemaSource).toBe(HARBOUR);
  expect(await graph.branches()).toEqual(['main']);
});

test('two initialisers at once: exactly one graph', async () => {
  const location = await emptyHarbour();
  await location.store.deleteBelow('');
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map((at) => initGraph(location, { schemaSource: HARBOUR, actor: `a${at}`, force: true })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refusal('conflict', /^already_initialized/));
  }
  const graph = await opened(location);
  await load(graph, BASE);
  expect(await graph.commits()).toHaveLength(2);
});

test('init refuses a graph, even with force, and leftovers only without it', async () => {
  const location = await emptyHarbour();
  const again = { schemaSource: HARBOUR, actor: null };
  await expect(initGraph(location, again)).rejects.toEqual(refusal('conflict', /^already_initialized/));
  await expect(initGraph(location, { ...again, force: true })).rejects.toEqual(
    refusal('conflict', /^already_initialized/),
  );
  await location.store.deleteBelow('log');
  expect(await readGraphRoot(location.store)).toEqual({ kind: 'absent' });
  await expect(initGraph(location, again)).rejects.toEqual(refusal('conflict', /already_initialized.*unfinished/));
  await initGraph(location, { ...again, force: true });
  expect((await readGraphRoot(location.store)).kind).toBe('open');
});

test('init refuses a schema with errors and leaves nothing', async () => {
  const location = await emptyHarbour();
  await location.store.deleteBelow('');
  const init = initGraph(location, { schemaSource: 'node A { b: Nope }', actor: null });
  await expect(init).rejects.toEqual(refusal('bad_request', /^line 1: /));
  expect(await readGraphRoot(location.store)).toEqual({ kind: 'absent' });
});

test('opening where no graph is says so', async () => {
  const location = await emptyHarbour();
  const elsewhere = { ...location, store: location.store.below('nowhere') };
  await expect(openGraph(elsewhere, { mode: 'read' })).rejects.toEqual(refusal('not_found', /not a graph/));
});

test('the root tells schema, branches, head and counts without opening a table', async () => {
  const { graph, location } = await harbour();
  const root = await readGraphRoot(location.store);
  expect(root).toMatchObject({
    kind: 'open',
    state: { schemaSource: HARBOUR, branches: ['main'], manifestVersion: 2 },
  });
  if (root.kind !== 'open') throw new Error('open');
  expect([...root.state.entityCounts]).toEqual([
    ['edge:Owns', 0],
    ['edge:Route', 1],
    ['node:Line', 1],
    ['node:Port', 4],
  ]);
  expect(root.state.headCommit).toEqual((await graph.commits())[0]);
  expect(root.state.schema.catalog.nodes.get('Port')?.typeId).toBeGreaterThan(0);
});

test('a commit names its parent, its actor and its version; unknown ids are not found', async () => {
  const { graph } = await harbour();
  const { commit } = await load(graph, '{"type":"Port","data":{"code":"AAR"}}\n');
  const [newest, before] = await graph.commits();
  expect(newest).toEqual(commit);
  expect(commit).toMatchObject({
    graph_manifest_version: 3,
    parent_commit_id: before?.graph_commit_id,
    actor_id: 'ann',
  });
  expect(await graph.commit(commit.graph_commit_id)).toEqual(commit);
  await expect(graph.commit('01UNKNOWN')).rejects.toEqual(refusal('not_found', /commit '01UNKNOWN' not found/));
  await expect(graph.snapshot('nope')).rejects.toEqual(refusal('not_found', /branch 'nope' not found/));
});

test('a load of an empty file makes one commit', async () => {
  const { graph } = await harbour();
  expect(await load(graph, '')).toMatchObject({ total_entities: 0, commit: { graph_manifest_version: 3 } });
});

test('an old commit shows its old values; an unknown one is not found', async () => {
  const { graph } = await harbour();
  const [head] = await graph.commits();
  await load(graph, '{"type":"Port","data":{"code":"RTM","depth":30}}\n', 'merge');
  await graph.writer.transact(
    { branch: 'main', actor: null, operation: 'mutation', onMovedHead: 'refuse' },
    async (transaction) => {
      transaction.table('node:Port').delete(['LEH']);
      return { publish: true, value: undefined };
    },
  );
  expect(await valuesOf(graph, 'node:Port', 'depth')).toEqual({ GOT: 15, OSL: 12, RTM: 30 });
  expect(await valuesOf(graph, 'node:Port', 'depth', head?.graph_commit_id)).toEqual({
    RTM: 22,
    GOT: 15,
    OSL: 12,
    LEH: 14,
  });
  await expect(graph.pin({ snapshot: '01X' })).rejects.toEqual(refusal('not_found', /commit '01X' not found/));
});

test('a snapshot pinned before a commit keeps showing the old state, also in tables not opened yet', async () => {
  const { graph, location } = await harbour();
  const pinned = await graph.pin({ branch: 'main' });
  const other = await opened(location);
  await load(other, '{"type":"Port","data":{"code":"NEW"}}\n', 'overwrite').catch(() => undefined);
  await load(other, '{"type":"Port","data":{"code":"AAR"}}\n');
  expect((await pinned.readerFor('node:Port')).rowCount).toBe(4);
  expect(Object.keys(await valuesOf(graph, 'node:Port', 'depth'))).toHaveLength(5);
});

test('a body that publishes nothing leaves the head as it is', async () => {
  const { graph } = await harbour();
  const result = await graph.writer.transact(
    { branch: 'main', actor: null, operation: 'mutation', onMovedHead: 'refuse' },
    async () => ({ publish: false, value: 7 }),
  );
  expect(result).toEqual({ commit: null, value: 7 });
  expect(await graph.commits()).toHaveLength(2);
});

test('a body that fails writes nothing', async () => {
  const { graph, location } = await harbour();
  const failing = graph.writer.transact(
    { branch: 'main', actor: null, operation: 'mutation', onMovedHead: 'replay' },
    async (transaction) => {
      transaction.table('node:Port').delete(['RTM']);
      throw new GraphError('bad_request', 'no');
    },
  );
  await expect(failing).rejects.toEqual(refusal('bad_request', /^no$/));
  expect(Object.keys(await valuesOf(await opened(location, 'read'), 'node:Port', 'depth'))).toHaveLength(4);
});

test('if-commit holds with the current head and refuses any other, also when nothing would be written', async () => {
  const { graph } = await harbour();
  const [head] = await graph.commits();
  const ifCommit = head?.graph_commit_id ?? '';
  const request = { branch: 'main', actor: null, operation: 'mutation', onMovedHead: 'refuse', ifCommit } as const;
  const passes = await graph.writer.transact(request, async (transaction) => {
    transaction.table('node:Port').delete(['LEH']);
    return { publish: true, value: undefined };
  });
  for (const publish of [true, false]) {
    await expect(graph.writer.transact(request, async () => ({ publish, value: undefined }))).rejects.toEqual(
      refusal('precondition_failed', /^precondition failed on branch 'main': expected head '.*' but current is /, {
        precondition_failure: { expected: ifCommit, actual: passes.commit?.graph_commit_id },
      }),
    );
  }
});

test('eight writers at once: eight commits in one chain', async () => {
  const { graph, location } = await harbour();
  const handles = [graph, await opened(location)];
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, at) => load(handles[at % 2] ?? graph, `{"type":"Port","data":{"code":"P${at}"}}\n`)),
  );
  const commits = await graph.commits();
  expect(commits).toHaveLength(10);
  commits.slice(0, -1).forEach((commit, at) => {
    expect(commit.parent_commit_id).toBe(commits[at + 1]?.graph_commit_id);
  });
  expect(new Set(results.map(({ commit }) => commit.graph_commit_id)).size).toBe(8);
  expect(Object.keys(await valuesOf(graph, 'node:Port', 'depth'))).toHaveLength(12);
});

test('a handle opened for reading refuses writes and writes nothing', async () => {
  const { location } = await harbour();
  const graph = await opened(location, 'read');
  await expect(load(graph, BASE)).rejects.toThrow('opened for reading only');
});

test.each<[string, (record: Record<string, unknown>) => unknown, RegExp]>([
  ['not JSON', () => 'x', /corrupt object .*0000000000000002\.json/],
  ['an unknown record version', (record) => ({ ...record, record_version: 9 }), /0002\.json: unknown record_version 9/],
  ['without tables', (record) => ({ ...record, tables: null }), /0002\.json: 'tables' must be an array/],
  ['another number', (record) => ({ ...record, graph_manifest_version: 7 }), /0002\.json: it says it is version 7/],
])('a head record that is %s refuses to open, naming it', async (_, change, message) => {
  const { location } = await harbour();
  const file = join(location.tablesUri, 'log/main/0000000000000002.json');
  const changed = change(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, typeof changed === 'string' ? changed : JSON.stringify(changed));
  await expect(openGraph(location, { mode: 'write' })).rejects.toEqual(refusal('internal', message));
  expect(await readGraphRoot(location.store)).toMatchObject({
    kind: 'unreadable',
    problem: expect.stringMatching(message),
    cause: 'damaged',
  });
});

test.each([
  ['lower', 0, /format 0; this version reads 1: rebuild the graph/],
  ['higher', 2, /format 2; this version reads 1: upgrade this tool/],
])('a %s format number is refused with its remedy', async (_, version, message) => {
  const { location } = await harbour();
  await location.store.write('format.json', Buffer.from(JSON.stringify({ internal_schema_version: version })));
  await expect(openGraph(location, { mode: 'read' })).rejects.toEqual(refusal('internal', message));
});

test('a head that names a missing schema object is not found, naming it', async () => {
  const { location } = await harbour();
  for (const name of await location.store.list('schema')) {
    if (name.endsWith('.ir.json')) await location.store.delete(`schema/${name}`);
  }
  await expect(openGraph(location, { mode: 'read' })).rejects.toEqual(
    refusal('not_found', /missing object .*\.ir\.json/),
  );
});

test('a schema text that was tampered with is refused', async () => {
  const { location } = await harbour();
  for (const name of await location.store.list('schema')) {
    if (name.endsWith('.pg')) await location.store.write(`schema/${name}`, Buffer.from('node Other { a: String }'));
  }
  await expect(openGraph(location, { mode: 'read' })).rejects.toEqual(refusal('internal', /corrupt object .*\.pg/));
});

test('an opening handle finds the head beyond any hint', async () => {
  const { graph, location } = await harbour();
  for (let at = 0; at < 40; at += 1) await load(graph, '');
  expect((await (await opened(location, 'read')).snapshot()).graph_manifest_version).toBe(42);
  await location.store.write('log/main/head.json', Buffer.from('{"head":3}'));
  expect((await (await opened(location, 'read')).snapshot()).graph_manifest_version).toBe(42);
  await location.store.delete('log/main/head.json');
  expect((await (await opened(location, 'read')).commits()).map((commit) => commit.graph_manifest_version)).toEqual(
    Array.from({ length: 42 }, (_, at) => 42 - at),
  );
});
