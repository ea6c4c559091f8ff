/** cluster.md §21, scenarios 26 to 30 and 32. */
import { StorageError } from 'omnigraph-server/storage';
import { describe, expect, test } from 'vitest';
import { appliedHarbour, clusterYaml, codesOf, FLEET, type Harbour, YARD } from './harbour.js';

const QUAY = '  quay: { schema: yard.pg }\n';

/** A cluster whose configuration no longer names the graph `yard`. */
async function withoutYard(): Promise<Harbour> {
  const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
  await cluster.write('cluster.yaml', clusterYaml(FLEET));
  return cluster;
}

const approvalFiles = async (cluster: Harbour) => {
  const names = await cluster.list('__cluster/approvals');
  return Promise.all(names.map(async (name) => JSON.parse(await cluster.read(`__cluster/approvals/${name}`))));
};

describe('deleting a graph needs an approval', () => {
  test('26: without one nothing is deleted', async () => {
    const cluster = await withoutYard();
    const plan = await cluster.plan();
    expect(plan.approvals_required).toMatchObject([{ resource: 'graph.yard', satisfied: false }]);
    const report = await cluster.apply();
    expect(report).toMatchObject({ ok: true, converged: false, deferred_count: 2, state_written: true });
    expect(report.changes.map(({ resource, disposition, reason }) => [resource, disposition, reason])).toEqual([
      ['graph.yard', 'blocked', 'approval_required'],
      ['schema.yard', 'blocked', 'approval_required'],
    ]);
    expect(await cluster.list('graphs')).toEqual(['fleet.omni', 'yard.omni']);
    expect((await cluster.apply()).state_written).toBe(false);
  });

  test('27: an approved delete happens once and is recorded in both stores', async () => {
    const cluster = await withoutYard();
    const approved = await cluster.approve('graph.yard');
    expect(approved).toMatchObject({ ok: true, resource: 'graph.yard', operation: 'delete', approved_by: 'mira' });
    expect((await cluster.plan()).approvals_required).toMatchObject([{ satisfied: true }]);
    const report = await cluster.apply('rune');
    expect(report).toMatchObject({ ok: true, converged: true, applied_count: 2 });
    expect(await cluster.list('graphs')).toEqual(['fleet.omni']);
    expect(await cluster.sidecars()).toEqual([]);

    const ledger = JSON.parse(await cluster.ledger());
    const id = approved.approval_id ?? '';
    expect(ledger.observations['graph.yard']).toMatchObject({ kind: 'tombstone', approval_id: id, actor: 'rune' });
    expect(ledger.approval_records[id]).toMatchObject({ consumed_by_operation: 'apply' });
    expect(ledger.applied_revision.resources['schema.yard']).toBeUndefined();
    expect(ledger.resource_statuses['graph.yard']).toBeUndefined();
    expect(await approvalFiles(cluster)).toMatchObject([
      { approval_id: id, consumed_by_operation: 'apply', consumed_at: ledger.approval_records[id].consumed_at },
    ]);
    expect(await cluster.apply()).toMatchObject({ changes: [], state_written: false });
  });

  test('28: any edit makes the approval stale; approving again works', async () => {
    const cluster = await withoutYard();
    await cluster.approve('graph.yard');
    await cluster.write('gate.policy.yaml', 'version: 1\n# tightened later\nrules: []\n');
    const report = await cluster.apply();
    expect(codesOf(report)).toContain('approval_stale');
    expect(await cluster.list('graphs')).toContain('yard.omni');
    await cluster.approve('graph.yard');
    expect((await cluster.apply()).converged).toBe(true);
    expect(await cluster.list('graphs')).toEqual(['fleet.omni']);
  });

  test('29: a configuration restored byte for byte is approved again', async () => {
    const cluster = await withoutYard();
    await cluster.approve('graph.yard');
    await cluster.write('gate.policy.yaml', 'version: 1\nrules: []\n# x\n');
    expect((await cluster.plan()).approvals_required).toMatchObject([{ satisfied: false }]);
    await cluster.write('gate.policy.yaml', 'version: 1\nrules: []\n');
    expect((await cluster.plan()).approvals_required).toMatchObject([{ satisfied: true }]);
    expect((await cluster.apply()).converged).toBe(true);
  });

  test('30: what needs no approval gets none', async () => {
    const cluster = await withoutYard();
    const report = await cluster.approve('query.fleet.vessel_by_imo');
    expect(report.ok).toBe(false);
    expect(report.diagnostics).toMatchObject([{ code: 'approval_not_required', path: 'query.fleet.vessel_by_imo' }]);
    expect(await cluster.list('__cluster/approvals')).toEqual([]);
  });

  test('32: of two deletes only the approved one runs', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + QUAY + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.approve('graph.yard');
    const report = await cluster.apply();
    expect(report).toMatchObject({ ok: true, converged: false });
    expect(await cluster.list('graphs')).toEqual(['fleet.omni', 'quay.omni']);
  });

  test('approving twice makes two artifacts, and the lower one is consumed', async () => {
    const cluster = await withoutYard();
    const first = await cluster.approve('graph.yard');
    await cluster.approve('graph.yard');
    await cluster.apply();
    const consumed = (await approvalFiles(cluster)).filter(({ consumed_at }) => consumed_at !== null);
    expect(consumed).toMatchObject([{ approval_id: first.approval_id }]);
  });

  test('an approval without a ledger is refused', async () => {
    const cluster = await withoutYard();
    await cluster.remove('__cluster/state.json');
    expect(codesOf(await cluster.approve('graph.yard'))).toEqual(['state_missing']);
  });

  test.each([
    ['{', 'invalid_approval_artifact'],
    ['{"schema_version": 2}', 'unsupported_approval_version'],
  ])('an artifact holding %j authorizes nothing and is warned of', async (text, code) => {
    const cluster = await withoutYard();
    await cluster.write('__cluster/approvals/01JZ.json', text);
    const report = await cluster.apply();
    expect(report.ok).toBe(true);
    expect(codesOf(report)).toContain(code);
    expect(await cluster.list('graphs')).toContain('yard.omni');
    expect(await cluster.read('__cluster/approvals/01JZ.json')).toBe(text);
  });

  test('an artifact that cannot be read is warned of', async () => {
    const cluster = await withoutYard();
    await cluster.write('__cluster/approvals', 'a file where a folder should be');
    expect(codesOf(await cluster.plan())).toEqual([]);
    await cluster.remove('__cluster/approvals');
    const report = await cluster
      .withStore((store) => ({
        list: async (prefix) => {
          if (prefix === '__cluster/approvals') throw new StorageError('list', prefix, new Error('access denied'));
          return store.list(prefix);
        },
      }))
      .plan();
    expect(codesOf(report)).toEqual(['approval_read_error']);
  });

  test('an artifact that cannot be written is an error', async () => {
    const cluster = await withoutYard();
    const report = await cluster
      .withStore(() => ({
        write: async (key) => {
          throw new StorageError('write', key, new Error('access denied'));
        },
      }))
      .approve('graph.yard');
    expect(report).toMatchObject({ ok: false, diagnostics: [{ code: 'approval_write_error', path: 'graph.yard' }] });
  });
});

test('a storage root that cannot be opened is an error of the configuration', async () => {
  const cluster = await appliedHarbour();
  const refusing = cluster.with({
    openStore: () => {
      throw new StorageError('open', 's3://harbour', new Error('AWS_ENDPOINT_URL is not an http:// or https:// URL'));
    },
  });
  for (const run of [refusing.plan, refusing.apply, refusing.refresh, refusing.import, refusing.status]) {
    expect((await run()).diagnostics).toMatchObject([{ code: 'storage_root_invalid', path: 'storage' }]);
  }
});
