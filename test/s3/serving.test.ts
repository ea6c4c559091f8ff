/** A bucket alone is a whole deployment: cluster.md §21, scenario 60, and what plan and gc see of one. */
import { randomUUID } from 'node:crypto';
import { applyCluster, collectGarbage, importCluster, planClusterAt } from 'omnigraph-server/control';
import { graphLocation, openGraph } from 'omnigraph-server/engine';
import { type ObjectStore, openStore } from 'omnigraph-server/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  clusterYaml,
  FLEET,
  FLEET_QUERY,
  FLEET_SCHEMA_WITH_FLAG,
  type Harbour,
  harbour,
} from '../server/control/harbour.js';
import { serve } from '../server/http/client.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('served');
}, 300_000);

afterAll(() => server.stop());

interface Deployed {
  readonly root: string;
  readonly cluster: Harbour;
  readonly options: { readonly configDir: string; readonly env: Readonly<Record<string, string>> };
  readonly store: ObjectStore;
}

async function deployed(): Promise<Deployed> {
  const root = `s3://served/${randomUUID()}`;
  const cluster = await harbour(clusterYaml(FLEET, '', `storage: ${root}\n`));
  const options = { configDir: cluster.dir, env: server.env };
  await importCluster(options);
  expect(await applyCluster(options)).toMatchObject({ ok: true, converged: true });
  const graph = await openGraph(graphLocation(`${root}/graphs/fleet.omni`, server.env), { mode: 'write' });
  const source = '{"type":"Vessel","data":{"imo":"9321483","name":"Emma"}}\n';
  await graph.load({ source, mode: 'append', branch: 'main', actor: null });
  await graph.close();
  return { root, cluster, options, store: openStore(root, server.env) };
}

test('60: a server needs the URI of the bucket and nothing on disk', async () => {
  const { root, cluster } = await deployed();
  await cluster.remove('.');
  const { server: running, request } = await serve(root, { unauthenticated: true, env: server.env });
  try {
    const answer = await request('POST', '/graphs/fleet/queries/vessel_by_imo', {
      body: { params: { imo: '9321483' } },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Emma');
  } finally {
    await running.close();
  }
});

test('plan tells the rows of a graph in a bucket', async () => {
  const { cluster, options } = await deployed();
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const plan = await planClusterAt(options);
  expect(plan.changes.find(({ resource }) => resource === 'schema.fleet')?.data_impact?.rows).toBe(1);
});

test('gc lists and deletes what a bucket does not need', async () => {
  const { cluster, options, store } = await deployed();
  await cluster.write('queries/fleet.gq', `${FLEET_QUERY}// changed\n`);
  expect(await applyCluster(options)).toMatchObject({ converged: true });
  expect(await store.listBelow('__cluster/resources')).toHaveLength(2);
  const later = { ...options, runtime: { now: () => new Date(Date.now() + 8 * 86_400_000) } };
  expect(await collectGarbage(later)).toMatchObject({ ok: true, garbage: [{ kind: 'catalog_blob', deleted: false }] });
  expect(await collectGarbage({ ...later, confirm: true })).toMatchObject({ ok: true, deleted_count: 1 });
  expect(await store.listBelow('__cluster/resources')).toHaveLength(1);
  expect(await applyCluster(options)).toMatchObject({ ok: true, changes: [] });
});
