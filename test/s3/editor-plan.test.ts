/** The plan of the editor on a real S3 server: the same source that the language server is given. */
import { randomUUID } from 'node:crypto';
import { loadDesired } from 'omnigraph-language';
import { applyCluster, importCluster, nodePlanSource, openConfigFolder } from 'omnigraph-server/control';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterYaml, FLEET, FLEET_SCHEMA_WITH_FLAG, GATE, harbour } from '../server/control/harbour.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('clusters');
}, 300_000);

afterAll(async () => {
  await server.stop();
});

const onS3 = () => harbour(clusterYaml(FLEET, GATE, `storage: s3://clusters/${randomUUID()}\n`));

test('shows what apply would do, from ledger and graph roots in the bucket', async () => {
  const cluster = await onS3();
  const options = { configDir: cluster.dir, env: server.env };
  const source = nodePlanSource({ env: server.env });
  const preview = async () => source.preview(await loadDesired(openConfigFolder(cluster.dir)), options);

  expect(await preview()).toMatchObject({ ledger: 'missing', report: { ok: true, changes: { length: 4 } } });
  await importCluster(options);
  await applyCluster(options);
  const converged = await preview();
  expect(converged).toMatchObject({ ledger: 'found', report: { changes: [] } });
  expect([...converged.graphs.entries()]).toMatchObject([['fleet', { kind: 'open', branches: ['main'] }]]);
  expect(await preview()).toBe(converged);

  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const { report } = await preview();
  expect(report.changes.find(({ resource }) => resource === 'schema.fleet')?.migration?.steps).toHaveLength(1);
});

test('an endpoint that nobody answers at is said, and never thrown', async () => {
  const cluster = await onS3();
  const env = { ...server.env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' };
  const desired = await loadDesired(openConfigFolder(cluster.dir));
  const preview = await nodePlanSource({ env }).preview(desired, { configDir: cluster.dir });
  expect(preview.ledger).toBe('unreachable');
  expect(preview.report.diagnostics.map(({ code }) => code)).toContain('state_read_error');
});
