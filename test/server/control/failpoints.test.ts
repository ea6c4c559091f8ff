import { applyCluster, engineGraphs, FAILPOINT_VARIABLE, FAILPOINTS, importCluster } from 'omnigraph-server/control';
import { expect, test } from 'vitest';
import { codesOf, harbour } from './harbour.js';

test('the points of the contract, and no others', () => {
  expect(FAILPOINTS).toEqual([
    'cluster_apply.before_graph_create',
    'cluster_apply.after_graph_create',
    'cluster_apply.before_schema_apply',
    'cluster_apply.after_schema_apply',
    'cluster_apply.after_payload_phase',
    'cluster_apply.before_graph_delete',
    'cluster_apply.after_graph_delete',
    'cluster_apply.before_state_write',
  ]);
});

test('the environment arms a point', async () => {
  const cluster = await harbour();
  await cluster.import();
  const env = { [FAILPOINT_VARIABLE]: 'cluster_apply.before_state_write, cluster_apply.after_graph_delete' };
  const report = await applyCluster({ configDir: cluster.dir, env, runtime: { graphs: engineGraphs({}) } });
  expect(codesOf(report)).toEqual(['injected_failpoint']);
});

test.each(['nowhere', 'cluster_apply.before_state_write=explode'])('%s is no failpoint', async (text) => {
  const cluster = await harbour();
  await expect(importCluster({ configDir: cluster.dir, env: { [FAILPOINT_VARIABLE]: text } })).rejects.toThrow(
    `names no failpoint: "${text}"`,
  );
});
