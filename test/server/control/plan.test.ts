/** `cluster plan` on real folders and graphs: cluster.md §11 and scenarios 2, 18, 21, 33 and 51 of §21. */
import { loadDesired, renderReportJson, renderReportText } from 'omnigraph-language';
import { openConfigFolder, previewCluster } from 'omnigraph-server/control';
import { describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_SCHEMA,
  FLEET_SCHEMA_WITH_FLAG,
  harbour,
  load,
  readingAs,
  YARD,
} from './harbour.js';

test('18: a schema edit carries its migration', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const plan = await cluster.plan();
  expect(renderReportText(plan)).toBe(
    'plan: 2 changes, 0 approval gates\n  Update graph.fleet\n  Update schema.fleet\n      add_property Vessel.flag: String?\n',
  );
  expect(plan.changes[1]?.migration).toMatchObject({ supported: true, steps: [{ kind: 'add_property' }] });
  expect(await cluster.list('__cluster')).not.toContain('lock.json');
});

test('a plan tells the rows that a migration and a delete concern, from the small objects of the roots', async () => {
  const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
  await cluster.write('cluster.yaml', clusterYaml(FLEET));
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const counted = cluster.withGraphs({ read: readingAs({ entityCounts: new Map([['node:Vessel', 1200]]) }) });
  const plan = await counted.plan();
  const text = renderReportText(plan);
  expect(text).toContain('      add_property Vessel.flag: String?\n      data: touches 1200 rows (node Vessel 1200)\n');
  expect(text).toContain('  Delete graph.yard\n      data: deletes 1200 rows (node Vessel 1200)\n');
  const { changes } = JSON.parse(renderReportJson(plan));
  expect(changes.find((change: { resource: string }) => change.resource === 'schema.fleet').data_impact).toEqual({
    rows: 1200,
    types: [{ type_kind: 'node', type_name: 'Vessel', rows: 1200 }],
    steps: [1200],
  });
});

test('rows really loaded are counted', async () => {
  const cluster = await appliedHarbour();
  await load(cluster, 'fleet', '{"type":"Vessel","data":{"imo":"1"}}\n{"type":"Vessel","data":{"imo":"2"}}\n');
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  expect((await cluster.plan()).changes[1]?.data_impact?.rows).toBe(2);
});

test('18: with the root missing there is no preview, and no error', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  await cluster.remove('graphs/fleet.omni');
  const plan = await cluster.plan();
  expect(plan.ok).toBe(true);
  expect(codesOf(plan)).toEqual(['schema_preview_unavailable']);
  expect(plan.changes.some(({ migration }) => migration !== undefined)).toBe(false);
});

test('live branches are named', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const plan = await cluster.withGraphs({ read: readingAs({ branches: ['draft', 'main'] }) }).plan();
  expect(plan.diagnostics[0]?.message).toContain('draft');
  expect(plan.changes[1]?.migration?.supported).toBe(true);
});

test('a migration that apply would refuse is shown', async () => {
  const cluster = await appliedHarbour(clusterYaml('  fleet: { schema: fleet.pg }\n'));
  await cluster.write('fleet.pg', FLEET_SCHEMA.replace('name: String?', 'name: I64?'));
  const plan = await cluster.plan();
  expect(plan.ok).toBe(true);
  expect(plan.changes[1]?.migration?.supported).toBe(false);
  expect(renderReportText(plan)).toContain('unsupported: ');
});

test('21: only applies_to edited', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('cluster.yaml', clusterYaml(FLEET).replace('applies_to: [fleet]', 'applies_to: [cluster]'));
  expect(renderReportText(await cluster.plan())).toBe(
    'plan: 1 change, 0 approval gates\n  Update policy.gate [bindings]\n',
  );
});

test('2: layout and lock: true plan nothing', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('cluster.yaml', `# ours\n${clusterYaml(FLEET)}state: { lock: true }\n`);
  const plan = await cluster.plan();
  expect(plan).toMatchObject({ ok: true, changes: [], diagnostics: [] });
  expect(plan.state_observations.applied_config_digest).not.toBe(plan.desired_revision.config_digest);
});

test('33: a held lock stops plan before it reads any state', async () => {
  const cluster = await appliedHarbour();
  const lock = { version: 1, lock_id: '01JHELD', operation: 'apply', created_at: '2031-02-03T04:05:06Z', pid: 1 };
  await cluster.write('__cluster/lock.json', JSON.stringify(lock));
  await cluster.write('__cluster/recoveries/01J.json', '{}');
  const plan = await cluster.plan();
  expect(plan).toMatchObject({
    ok: false,
    changes: [],
    state_observations: { locked: true, lock_id: '01JHELD', state_revision: 0 },
  });
  expect(codesOf(plan)).toEqual(['state_lock_held', 'cluster_recovery_pending']);
  expect(JSON.parse(await cluster.read('__cluster/lock.json'))).toEqual(lock);
});

test('51: a sidecar is a warning and stays as it is', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('__cluster/recoveries/01J.json', 'not even JSON');
  const plan = await cluster.plan();
  expect(plan.ok).toBe(true);
  expect(codesOf(plan)).toEqual(['cluster_recovery_pending']);
  expect(await cluster.read('__cluster/recoveries/01J.json')).toBe('not even JSON');
});

test('configuration errors: digests, but no changes and no storage', async () => {
  const cluster = await harbour(clusterYaml(FLEET).replace('applies_to: [fleet]', 'applies_to: [ghost]'));
  const plan = await cluster.plan();
  expect(plan).toMatchObject({ ok: false, desired_revision: {}, changes: [] });
  expect(plan.resource_digests.size).toBe(4);
  expect(await cluster.list('__cluster')).toEqual([]);
});

test('an unreadable ledger is an error of the plan', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('__cluster/state.json', '{"version":1');
  const plan = await cluster.plan();
  expect(codesOf(plan)).toEqual(['invalid_state_json']);
  expect(plan).toMatchObject({ ok: false, changes: [], state_observations: { state_found: true } });
});

describe('preview', () => {
  test('is the same plan without the lock', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    const desired = await loadDesired(openConfigFolder(cluster.dir));
    const preview = await previewCluster(desired, { configDir: cluster.dir, env: {} });
    const plan = await cluster.plan();
    expect(preview.changes).toEqual(plan.changes);
    expect(preview.state_observations.lock_acquired).toBe(false);
  });

  test('works while another command holds the lock, and writes nothing', async () => {
    const cluster = await harbour();
    const desired = await loadDesired(openConfigFolder(cluster.dir));
    const preview = await previewCluster(desired, { configDir: cluster.dir, env: {} });
    expect(preview.changes).toHaveLength(4);
    expect(await cluster.list('__cluster')).toEqual([]);
  });
});
