/** The control plane on a real S3 server: cluster.md §21, scenarios 14, 15, 27, 35, 38 and C13. */
import { randomUUID } from 'node:crypto';
import { applyCluster, approveResource, importCluster, planClusterAt, refreshCluster } from 'omnigraph-server/control';
import { type ObjectStore, openStore } from 'omnigraph-server/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterYaml, codesOf, FLEET, FLEET_SCHEMA_WITH_FLAG, GATE, harbour, YARD } from '../server/control/harbour.js';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.js';
import { textOf } from '../support/object-store-conformance.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

let server: S3Server;
let proxy: FaultyProxy;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('clusters');
  proxy = await startFaultyProxy(server.endpoint);
}, 300_000);

afterAll(async () => {
  await proxy.close();
  await server.stop();
});

/** A config directory whose cluster lives in the bucket, reached directly or through the proxy. */
async function onS3(graphs = FLEET) {
  const root = `s3://clusters/${randomUUID()}`;
  const yaml = (declared: string) => clusterYaml(declared, GATE, `storage: ${root}\n`);
  const cluster = await harbour(yaml(graphs));
  const direct = { configDir: cluster.dir, env: server.env };
  const throughProxy = { configDir: cluster.dir, env: { ...server.env, AWS_ENDPOINT_URL_S3: proxy.endpoint } };
  const store: ObjectStore = openStore(root, server.env);
  return { cluster, direct, throughProxy, store, declare: (to: string) => cluster.write('cluster.yaml', yaml(to)) };
}

test('14, 15: deploys, and a second apply writes nothing', async () => {
  const { cluster, direct, store } = await onS3();
  const before = await cluster.list('.');
  expect((await importCluster(direct)).ok).toBe(true);
  expect(await applyCluster(direct)).toMatchObject({ ok: true, converged: true, applied_count: 4, diagnostics: [] });
  const ledger = textOf(await store.read('__cluster/state.json'));
  expect(await applyCluster(direct)).toMatchObject({ changes: [], state_written: false });
  expect(textOf(await store.read('__cluster/state.json'))).toBe(ledger);
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  expect(await applyCluster(direct)).toMatchObject({ ok: true, converged: true });
  expect((await refreshCluster(direct)).ok).toBe(true);
  expect(await cluster.list('.')).toEqual(before);
  expect(await store.list('__cluster/recoveries')).toEqual([]);
});

test('27, C13: an approved delete removes every object, also of a root that is gone in part', async () => {
  const { direct, store, declare } = await onS3(FLEET + YARD);
  await importCluster(direct);
  await applyCluster(direct);
  await declare(FLEET);
  await approveResource({ ...direct, resource: 'graph.yard', actor: 'mira' });
  await store.delete('graphs/yard.omni/format.json');
  expect(await applyCluster(direct)).toMatchObject({ ok: true, converged: true });
  expect(await store.existsBelow('graphs/yard.omni')).toBe(false);
  expect(await store.existsBelow('graphs/fleet.omni')).toBe(true);
});

test('38: two machines race for the lock; one wins, and it is gone when the commands return', async () => {
  const { direct, throughProxy, store } = await onS3();
  await importCluster(direct);
  for (let round = 0; round < 5; round += 1) {
    const plans = await Promise.all([planClusterAt(direct), planClusterAt(throughProxy)]);
    const codes = plans.map(codesOf);
    expect(codes.filter((found) => found.length === 0).length).toBeGreaterThanOrEqual(1);
    for (const found of codes) expect([[], ['state_lock_held']]).toContainEqual(found);
    expect(await store.exists('__cluster/lock.json')).toBe(false);
  }
});

test('35: of two applies at most one writes', async () => {
  const { direct, throughProxy, store } = await onS3();
  await importCluster(direct);
  const reports = await Promise.all([applyCluster(direct), applyCluster(throughProxy)]);
  expect(reports.filter((report) => report.state_written)).toHaveLength(1);
  expect(JSON.parse(textOf(await store.read('__cluster/state.json')) ?? '').state_revision).toBe(2);
});
