import {
  type Graph,
  type GraphLocation,
  graphLocation,
  initGraph,
  openGraph,
  readGraphRoot,
} from 'omnigraph-server/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BASE, exported, HARBOUR, load, valuesOf } from '../server/engine/harbour.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('graphs');
}, 300_000);

afterAll(() => server.stop());

const at = (name: string): GraphLocation => graphLocation(`s3://graphs/${name}.omni`, server.env);

async function withGraph(name: string, use: (graph: Graph, location: GraphLocation) => Promise<void>): Promise<void> {
  const location = at(name);
  await initGraph(location, { schemaSource: HARBOUR, actor: 'ann' });
  const graph = await openGraph(location, { mode: 'write' });
  try {
    await load(graph, BASE);
    await use(graph, location);
  } finally {
    await graph.close();
  }
}

test('a graph in a bucket is loaded, read, changed and read again at an old commit', () =>
  withGraph('basics', async (graph, location) => {
    const [old] = await graph.commits();
    await load(graph, '{"type":"Port","data":{"code":"RTM","depth":30}}\n', 'merge');
    expect(await valuesOf(graph, 'node:Port', 'depth')).toEqual({ RTM: 30, GOT: 15, OSL: 12, LEH: 14 });
    expect(await valuesOf(graph, 'node:Port', 'depth', old?.graph_commit_id)).toMatchObject({ RTM: 22 });
    expect(await exported(graph)).toHaveLength(6);
    expect(await readGraphRoot(location.store)).toMatchObject({ kind: 'open', state: { manifestVersion: 3 } });
  }));

test('a schema apply on a bucket', () =>
  withGraph('schema', async (graph) => {
    const text = HARBOUR.replace('  depth: F32?\n', '  depth: F32?\n  name: String?\n');
    expect((await graph.applySchema(text, { actor: null, allowDataLoss: false })).applied).toBe(true);
    expect(await valuesOf(graph, 'node:Port', 'name')).toEqual({ RTM: null, GOT: null, OSL: null, LEH: null });
  }));

test('of three initialisers in one bucket exactly one wins', async () => {
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => initGraph(at('race'), { schemaSource: HARBOUR, actor: null, force: true })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const graph = await openGraph(at('race'), { mode: 'write' });
  await load(graph, BASE);
  expect(await graph.commits()).toHaveLength(2);
  await graph.close();
});
