/** Reading a cluster never loads the native engine: validate, plan, status, refresh and import must stay quick. */
import { createRequire } from 'node:module';
import { validateCluster } from 'omnigraph-server/control';
import { expect, test } from 'vitest';
import { omnigraph } from '../../support/built-cli.js';
import { FLEET_SCHEMA_WITH_FLAG, harbour } from './harbour.js';

const loadedModules = createRequire(import.meta.url).cache;
const isEngineLoaded = (): boolean => Object.keys(loadedModules).some((file) => file.includes('@lancedb'));

test('only an apply that creates or migrates a graph loads the engine', async () => {
  const cluster = await harbour();
  await cluster.import();
  const elsewhere = await omnigraph(['cluster', 'apply'], { cwd: cluster.dir });
  expect(elsewhere).toMatchObject({ code: 0 });

  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const plan = await cluster.plan();
  expect(plan.changes.find(({ resource }) => resource === 'schema.fleet')?.migration?.supported).toBe(true);
  expect((await cluster.status()).ok).toBe(true);
  expect((await cluster.refresh()).observations.get('graph.fleet')).toMatchObject({ exists: true });
  expect((await validateCluster({ configDir: cluster.dir })).ok).toBe(true);
  expect(isEngineLoaded()).toBe(false);

  expect((await cluster.apply()).converged).toBe(true);
  expect(isEngineLoaded()).toBe(true);
});
