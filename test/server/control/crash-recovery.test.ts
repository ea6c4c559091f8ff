/** cluster.md §15 and §21, scenarios 40 to 51: inject, look at the storage, run apply. */
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { engineGraphs, FAILPOINTS, type Failpoint, InjectedFailpoint } from 'omnigraph-server/control';
import { StorageError } from 'omnigraph-server/storage';
import { describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_SCHEMA,
  FLEET_SCHEMA_WITH_FLAG,
  type Harbour,
  harbour,
  YARD,
} from './harbour.js';

/** A world in which apply fails at one point. */
const failingAt = (point: Failpoint) => ({
  reach: async (reached: Failpoint) => {
    if (reached === point) throw new InjectedFailpoint(point);
  },
});

async function imported(config?: string): Promise<Harbour> {
  const cluster = await harbour(config);
  await cluster.import();
  return cluster;
}

async function withSchemaEdit(): Promise<Harbour> {
  const cluster = await appliedHarbour();
  await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  return cluster;
}

async function withApprovedDelete(): Promise<Harbour> {
  const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
  await cluster.write('cluster.yaml', clusterYaml(FLEET));
  await cluster.approve('graph.yard');
  return cluster;
}

const jsonFilesIn = async (cluster: Harbour, folder: string) =>
  Promise.all((await cluster.list(folder)).map(async (name) => JSON.parse(await cluster.read(`${folder}/${name}`))));
const sidecarsOf = (cluster: Harbour) => jsonFilesIn(cluster, '__cluster/recoveries');
const approvalsOf = (cluster: Harbour) => jsonFilesIn(cluster, '__cluster/approvals');
const ledgerOf = async (cluster: Harbour) => JSON.parse(await cluster.ledger());
const recordsOf = async (cluster: Harbour) => Object.values((await ledgerOf(cluster)).recovery_records);

async function convergesNext(cluster: Harbour): Promise<readonly string[]> {
  const report = await cluster.apply();
  expect(report).toMatchObject({ ok: true, converged: true });
  expect(await cluster.sidecars()).toEqual([]);
  expect((await cluster.apply()).state_written).toBe(false);
  return codesOf(report);
}

test.each(FAILPOINTS)(
  'a run that fails at %s names it, gives the lock back and acknowledges nothing',
  async (point) => {
    const cluster = point.includes('graph_create')
      ? await imported()
      : point.includes('graph_delete')
        ? await withApprovedDelete()
        : await withSchemaEdit();
    const report = await cluster.with(failingAt(point)).apply();
    expect(report.ok).toBe(false);
    expect(report.diagnostics.find(({ code }) => code === 'injected_failpoint')?.message).toContain(point);
    expect(report.converged).toBe(false);
    expect(await cluster.list('__cluster')).not.toContain('lock.json');
    await convergesNext(cluster);
  },
);

describe('an interrupted create', () => {
  test('40 (C2): before the graph exists', async () => {
    const cluster = await imported();
    await cluster.with(failingAt('cluster_apply.before_graph_create')).apply();
    expect(await sidecarsOf(cluster)).toMatchObject([{ kind: 'graph_create', expected_manifest_version: null }]);
    expect(await cluster.list('graphs')).toEqual([]);
    expect((await ledgerOf(cluster)).applied_revision.resources).not.toHaveProperty(['graph.fleet']);
    expect(await convergesNext(cluster)).toEqual([]);
    expect(await recordsOf(cluster)).toEqual([]);
  });

  test('41 (C5): after the graph exists', async () => {
    const cluster = await imported();
    const before = await cluster.ledger();
    await cluster.with(failingAt('cluster_apply.after_graph_create')).apply('rune');
    expect(await cluster.ledger()).toBe(before);
    expect(await sidecarsOf(cluster)).toMatchObject([{ kind: 'graph_create', expected_manifest_version: 1 }]);
    expect(await convergesNext(cluster)).toEqual(['cluster_recovery_rolled_forward']);
    expect(await recordsOf(cluster)).toMatchObject([
      { kind: 'graph_create', graph_id: 'fleet', outcome: 'rolled_forward', actor: 'rune' },
    ]);
  });

  test('(C4): the pin was not written', async () => {
    const cluster = await imported();
    await cluster.with(failingAt('cluster_apply.after_graph_create')).apply();
    const [name] = await cluster.sidecars();
    const sidecar = JSON.parse(await cluster.read(`__cluster/recoveries/${name}`));
    await cluster.write(
      `__cluster/recoveries/${name}`,
      JSON.stringify({ ...sidecar, expected_manifest_version: null }),
    );
    expect(await convergesNext(cluster)).toEqual(['cluster_recovery_rolled_forward']);
  });

  test('42 (C3): a root that cannot be opened is never deleted', async () => {
    const cluster = await imported();
    await cluster.with(failingAt('cluster_apply.before_graph_create')).apply();
    await cluster.write('graphs/fleet.omni/nodes/half-written', 'x');
    const report = await cluster.apply();
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toContain('graph_create_incomplete');
    expect(report.changes.map(({ resource, reason }) => [resource, reason])).toEqual([
      ['graph.fleet', 'cluster_recovery_pending'],
      ['policy.gate', 'cluster_recovery_pending'],
      ['query.fleet.vessel_by_imo', 'cluster_recovery_pending'],
      ['schema.fleet', 'cluster_recovery_pending'],
    ]);
    expect((await ledgerOf(cluster)).resource_statuses['graph.fleet']).toEqual({
      status: 'error',
      conditions: ['graph_create_incomplete'],
    });
    expect(await cluster.sidecars()).toHaveLength(1);
    expect(await cluster.list('graphs')).toEqual(['fleet.omni']);

    await cluster.remove('graphs/fleet.omni');
    await convergesNext(cluster);
  });

  test('a root that the ledger does not know is not overwritten; refresh adopts it', async () => {
    const cluster = await appliedHarbour();
    await cluster.remove('__cluster');
    await cluster.import();
    const ledger = await ledgerOf(cluster);
    for (const address of ['graph.fleet', 'schema.fleet']) delete ledger.applied_revision.resources[address];
    await cluster.write('__cluster/state.json', JSON.stringify(ledger));
    const report = await cluster.apply();
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toContain('graph_create_failed');
    expect(await cluster.sidecars()).toHaveLength(1);
    expect(await cluster.refresh()).toMatchObject({ ok: true });
    await convergesNext(cluster);
  });
});

describe('an interrupted schema apply', () => {
  test('43: a live schema that is neither the old nor the new one stays pending until refresh', async () => {
    const cluster = await withSchemaEdit();
    await cluster.with(failingAt('cluster_apply.after_schema_apply')).apply();
    const [name] = await cluster.sidecars();
    const sidecar = JSON.parse(await cluster.read(`__cluster/recoveries/${name}`));
    const foreign = { ...sidecar, desired_schema_digest: 'f'.repeat(64) };
    await cluster.write(`__cluster/recoveries/${name}`, JSON.stringify(foreign));

    const report = await cluster.apply();
    expect(report.ok).toBe(true);
    expect(codesOf(report)).toContain('cluster_recovery_pending');
    expect(report.resource_statuses.get('schema.fleet')).toEqual({
      status: 'drifted',
      conditions: ['actual_applied_state_pending'],
    });
    expect(await cluster.sidecars()).toHaveLength(1);
    await cluster.refresh();
    await convergesNext(cluster);
  });

  test.each<[string, Failpoint, readonly string[]]>([
    ['C7', 'cluster_apply.before_schema_apply', []],
    ['C10', 'cluster_apply.after_schema_apply', ['cluster_recovery_rolled_forward']],
  ])('44 (%s): %s', async (_, point, codes) => {
    const cluster = await withSchemaEdit();
    const before = await ledgerOf(cluster);
    await cluster.with(failingAt(point)).apply('rune');
    expect((await ledgerOf(cluster)).applied_revision).toEqual(before.applied_revision);
    expect(await sidecarsOf(cluster)).toMatchObject([{ kind: 'schema_apply', graph_id: 'fleet', actor: 'rune' }]);
    expect(await convergesNext(cluster)).toEqual(codes);
  });

  test('45 (C9): the engine fails after its commit', async () => {
    const cluster = await withSchemaEdit();
    const report = await cluster
      .withGraphs({
        open: async (location) => {
          const graph = await engineGraphs({}).open(location);
          return {
            ...graph,
            applySchema: async (source, actor) => {
              await graph.applySchema(source, actor);
              throw new Error('the process was killed after its commit');
            },
          };
        },
      })
      .apply();
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toContain('schema_apply_failed');
    expect(await cluster.sidecars()).toHaveLength(1);
    expect(await convergesNext(cluster)).toEqual(['cluster_recovery_rolled_forward']);
  });

  test('45 (H12): the sweep finishes a recovery that the engine has pending', async () => {
    const cluster = await withSchemaEdit();
    await cluster.with(failingAt('cluster_apply.after_schema_apply')).apply();
    let recovered = false;
    const report = await cluster
      .withGraphs({
        read: async (root) =>
          recovered
            ? engineGraphs({}).read(root)
            : { kind: 'unreadable', message: 'recovery is pending', cause: 'recovery_required' },
        recover: async () => {
          recovered = true;
        },
      })
      .apply();
    expect(report.converged).toBe(true);
    expect(codesOf(report)).toEqual(['cluster_recovery_rolled_forward']);
  });

  test.each<[string, (cluster: Harbour) => Promise<void>]>([
    ['is gone', (cluster) => cluster.remove('graphs/fleet.omni')],
    ['cannot be opened', (cluster) => cluster.write('graphs/fleet.omni/format.json', 'garbage')],
  ])('a root that %s keeps the sidecar and every status', async (_, damage) => {
    const cluster = await withSchemaEdit();
    await cluster.with(failingAt('cluster_apply.before_schema_apply')).apply();
    await damage(cluster);
    const before = await ledgerOf(cluster);
    const report = await cluster.apply();
    expect(report.ok).toBe(true);
    expect(codesOf(report)).toContain('cluster_recovery_pending');
    expect((await ledgerOf(cluster)).resource_statuses).toEqual(before.resource_statuses);
    expect(await cluster.sidecars()).toHaveLength(1);
  });

  test('(C8): the engine fails before anything moved', async () => {
    const cluster = await withSchemaEdit();
    const report = await cluster
      .withGraphs({
        open: async (location) => ({
          ...(await engineGraphs({}).open(location)),
          applySchema: async () => {
            throw new Error('no space left on the device');
          },
        }),
      })
      .apply();
    expect(codesOf(report)).toContain('schema_apply_failed');
    expect(await cluster.sidecars()).toEqual([]);
    expect(await convergesNext(cluster)).toEqual([]);
  });
});

test('46 (C11): after the payloads', async () => {
  const cluster = await appliedHarbour();
  await cluster.write('gate.policy.yaml', 'version: 1\nrules: []\n# newer\n');
  const before = await cluster.ledger();
  const report = await cluster.with(failingAt('cluster_apply.after_payload_phase')).apply();
  expect(await cluster.ledger()).toBe(before);
  expect(await cluster.list('__cluster/resources/policy/gate')).toHaveLength(2);
  expect(Object.fromEntries(report.resource_statuses)).toEqual(JSON.parse(before).resource_statuses);
  await convergesNext(cluster);
});

describe('an interrupted delete', () => {
  test('47 (C12): the root is intact and the approval is not consumed', async () => {
    const cluster = await withApprovedDelete();
    await cluster.with(failingAt('cluster_apply.before_graph_delete')).apply();
    expect(await approvalsOf(cluster)).toMatchObject([{ consumed_at: null }]);
    expect(await cluster.list('graphs')).toContain('yard.omni');
    expect(await convergesNext(cluster)).toEqual(['graph_delete_incomplete']);
    expect(await cluster.list('graphs')).toEqual(['fleet.omni']);
  });

  test('47 (C13): the root is gone in part', async () => {
    const cluster = await withApprovedDelete();
    await cluster.with(failingAt('cluster_apply.before_graph_delete')).apply();
    await cluster.remove('graphs/yard.omni/format.json');
    expect(await convergesNext(cluster)).toEqual(['graph_delete_incomplete']);
    expect(await cluster.list('graphs')).toEqual(['fleet.omni']);
  });

  test.each<[string, (cluster: Harbour) => Promise<unknown>]>([
    ['apply', (cluster) => cluster.apply()],
    ['refresh', (cluster) => cluster.refresh()],
  ])('47 (C14): the root is gone; %s records it and consumes the approval', async (_, run) => {
    const cluster = await withApprovedDelete();
    const before = await cluster.ledger();
    await cluster.with(failingAt('cluster_apply.after_graph_delete')).apply('rune');
    expect(await cluster.ledger()).toBe(before);
    const [sidecar] = await sidecarsOf(cluster);
    await run(cluster);
    const ledger = await ledgerOf(cluster);
    expect(ledger.applied_revision.resources).not.toHaveProperty(['graph.yard']);
    expect(ledger.observations['graph.yard']).toMatchObject({ kind: 'tombstone', actor: 'rune' });
    const [approval] = await approvalsOf(cluster);
    expect(approval.consumed_by_operation).toBe(sidecar.operation_id);
    expect(ledger.approval_records[approval.approval_id].consumed_by_operation).toBe(sidecar.operation_id);
    expect(await recordsOf(cluster)).toMatchObject([{ kind: 'graph_delete', graph_id: 'yard' }]);
    await convergesNext(cluster);
  });
});

test('48 (C15): a sidecar whose effect is recorded goes without a trace', async () => {
  const cluster = await withSchemaEdit();
  await cluster.with(failingAt('cluster_apply.after_schema_apply')).apply();
  const [name] = await cluster.sidecars();
  const stale = await cluster.read(`__cluster/recoveries/${name}`);
  await cluster.apply();
  const before = await cluster.ledger();
  await cluster.write(`__cluster/recoveries/${name}`, stale);
  expect(await cluster.apply()).toMatchObject({ ok: true, state_written: false, diagnostics: [] });
  expect(await cluster.ledger()).toBe(before);
  expect(await cluster.sidecars()).toEqual([]);
});

test('49 (C16): an approval that the ledger calls consumed authorizes nothing, and is stamped', async () => {
  const cluster = await withApprovedDelete();
  const [name] = await cluster.list('__cluster/approvals');
  const file = `__cluster/approvals/${name}`;
  const unstamped = await cluster.read(file);
  await cluster.apply();
  const before = await cluster.ledger();
  await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD));
  await cluster.apply();
  await cluster.write('cluster.yaml', clusterYaml(FLEET));
  await cluster.write(file, unstamped);
  const report = await cluster.apply();
  expect(report.changes[0]).toMatchObject({
    resource: 'graph.yard',
    disposition: 'blocked',
    reason: 'approval_required',
  });
  expect(await cluster.list('graphs')).toContain('yard.omni');
  expect(JSON.parse(await cluster.read(file)).consumed_at).toBe(
    Object.values(JSON.parse(before).approval_records as Record<string, { consumed_at: string }>)[0]?.consumed_at,
  );
});

test('50: a ledger that cannot be written leaves the statuses that are on disk', async () => {
  const cluster = await withSchemaEdit();
  const before = await cluster.ledger();
  const report = await cluster
    .withStore(() => ({
      putIfMatch: async (key) => {
        throw new StorageError('replace', key, new Error('permission denied'));
      },
    }))
    .apply();
  expect(report).toMatchObject({ ok: false, converged: false, applied_count: 0, state_written: false });
  expect(codesOf(report)).toContain('state_write_error');
  expect(await cluster.ledger()).toBe(before);
  expect(Object.fromEntries(report.resource_statuses)).toEqual(JSON.parse(before).resource_statuses);
  await convergesNext(cluster);
});

test('51: plan and status only warn of a sidecar', async () => {
  const cluster = await withSchemaEdit();
  await cluster.with(failingAt('cluster_apply.after_schema_apply')).apply();
  const before = await sidecarsOf(cluster);
  for (const report of [await cluster.plan(), await cluster.status()]) {
    expect(report.ok).toBe(true);
    expect(codesOf(report)).toContain('cluster_recovery_pending');
  }
  expect(await sidecarsOf(cluster)).toEqual(before);
});

describe('sidecars that are not what they should be', () => {
  test.each([
    ['01JZ.json', '{', 'invalid_recovery_sidecar'],
    ['01JZ.json', '{"schema_version": 2}', 'unsupported_recovery_sidecar_version'],
  ])('%s holding %j is warned of and left in place', async (name, text, code) => {
    const cluster = await appliedHarbour();
    await cluster.write(`__cluster/recoveries/${name}`, text);
    const report = await cluster.apply();
    expect(report).toMatchObject({ ok: true, state_written: false });
    expect(codesOf(report)).toEqual([code]);
    expect(await cluster.sidecars()).toEqual([name]);
  });

  test('residue of other kinds is ignored', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('__cluster/recoveries/notes.txt', 'x');
    expect(codesOf(await cluster.apply())).toEqual([]);
  });

  test('H4: the root is found by the graph id, and a moved cluster is only mentioned', async () => {
    const cluster = await imported();
    await cluster.with(failingAt('cluster_apply.after_graph_create')).apply();
    const [name] = await cluster.sidecars();
    const sidecar = JSON.parse(await cluster.read(`__cluster/recoveries/${name}`));
    const moved = { ...sidecar, graph_uri: 's3://elsewhere/graphs/fleet.omni' };
    await cluster.write(`__cluster/recoveries/${name}`, JSON.stringify(moved));
    const report = await cluster.apply();
    expect(report.converged).toBe(true);
    expect(report.diagnostics).toMatchObject([{ code: 'cluster_recovery_rolled_forward' }]);
    expect(report.diagnostics[0]?.message).toContain('s3://elsewhere/graphs/fleet.omni');
  });

  test('H8: a root that cannot be probed keeps its sidecar', async () => {
    const cluster = await imported();
    await cluster.with(failingAt('cluster_apply.after_graph_create')).apply();
    const report = await cluster
      .withGraphs({
        read: async () => ({ kind: 'unreadable', message: 'the network is down', cause: 'unreachable' }),
      })
      .apply();
    expect(report.ok).toBe(true);
    expect(codesOf(report)).toContain('cluster_recovery_pending');
    expect(report.resource_statuses.get('graph.fleet')).toEqual({ status: 'drifted', conditions: ['graph_missing'] });
    expect(await cluster.sidecars()).toHaveLength(1);
    await convergesNext(cluster);
  });
});

test('a source that changes while apply runs is not applied', async () => {
  const cluster = await imported();
  const report = await cluster
    .with({
      reach: async (point) => {
        if (point === 'cluster_apply.before_graph_create') await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
      },
    })
    .apply();
  expect(report.ok).toBe(false);
  expect(codesOf(report)).toContain('resource_content_changed');
  expect(await cluster.sidecars()).toEqual([]);
  await cluster.write('fleet.pg', FLEET_SCHEMA);
  await convergesNext(cluster);
});

test('a sidecar that cannot be written stops its operation before anything moves', async () => {
  const cluster = await imported();
  await cluster.write('__cluster/recoveries', 'a file where a folder should be');
  const report = await cluster.apply();
  expect(report.ok).toBe(false);
  expect(codesOf(report)).toContain('recovery_sidecar_write_error');
  expect(await cluster.list('graphs')).toEqual([]);
  await chmod(path.join(cluster.dir, '__cluster/recoveries'), 0o600);
  await cluster.remove('__cluster/recoveries');
  await convergesNext(cluster);
});
