/** cluster.md §21, scenarios 33 to 37, and the promises of the lock in §7. */
import { describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_SCHEMA_WITH_FLAG,
  GATE,
  type Harbour,
  harbour,
  messagesOf,
} from './harbour.js';

const LOCK = '__cluster/lock.json';
const lockText = (id: string, version = 1) =>
  `${JSON.stringify({ version, lock_id: id, operation: 'apply', created_at: '2031-02-03T04:05:06Z', pid: 4711 })}\n`;

const NOW = { now: () => new Date('2031-02-03T04:06:41Z') };

describe('a held lock', () => {
  test.each<[string, (cluster: Harbour) => ReturnType<Harbour['plan' | 'apply' | 'approve' | 'refresh']>]>([
    ['plan', (cluster) => cluster.plan()],
    ['apply', (cluster) => cluster.apply()],
    ['approve', (cluster) => cluster.approve('graph.fleet')],
    ['refresh', (cluster) => cluster.refresh()],
    ['import', (cluster) => cluster.import()],
  ])('33: makes %s fail at once, names its holder and stays', async (_, run) => {
    const cluster = await appliedHarbour();
    await cluster.write(LOCK, lockText('01JZ'));
    const before = await cluster.ledger();
    const report = await run(cluster.with(NOW));
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toEqual(['state_lock_held']);
    expect(messagesOf(report)).toContain(`omnigraph cluster force-unlock 01JZ --config ${cluster.dir}`);
    expect(await cluster.read(LOCK)).toBe(lockText('01JZ'));
    expect(await cluster.ledger()).toBe(before);
  });

  test('33: shows in status, which exits well', async () => {
    const cluster = await appliedHarbour();
    await cluster.write(LOCK, lockText('01JZ'));
    const report = await cluster.with(NOW).status();
    expect(report).toMatchObject({ ok: true, diagnostics: [] });
    expect(report.state_observations).toMatchObject({
      locked: true,
      lock_id: '01JZ',
      lock_operation: 'apply',
      lock_pid: 4711,
      lock_created_at: '2031-02-03T04:05:06Z',
      lock_age_seconds: 95,
      lock_acquired: false,
    });
  });

  test('without a readable holder no id is named', async () => {
    const cluster = await appliedHarbour();
    await cluster.write(LOCK, '{');
    const report = await cluster.apply();
    expect(codesOf(report)).toEqual(['state_lock_held']);
    expect(report.state_observations).toMatchObject({ locked: true, lock_acquired: false });
    expect(report.state_observations.lock_id).toBeUndefined();
    expect(codesOf(await cluster.status())).toEqual(['invalid_state_lock']);
  });
});

describe('force-unlock', () => {
  test('34: refuses another id and keeps the lock; its own id removes it', async () => {
    const cluster = await appliedHarbour();
    await cluster.write(LOCK, lockText('01JZ'));
    const refused = await cluster.forceUnlock('01XX');
    expect(refused).toMatchObject({ ok: false, lock_removed: false });
    expect(codesOf(refused)).toEqual(['state_lock_id_mismatch']);
    expect(messagesOf(refused)).toContain('01JZ');
    expect(refused.state_observations.locked).toBe(true);
    expect(await cluster.read(LOCK)).toBe(lockText('01JZ'));

    const removed = await cluster.forceUnlock('01JZ');
    expect(removed).toMatchObject({ ok: true, lock_removed: true, diagnostics: [] });
    expect(removed.state_observations).toMatchObject({ locked: false, lock_id: '01JZ', lock_operation: 'apply' });
    expect((await cluster.plan()).ok).toBe(true);
  });

  test.each([
    ['{', 'invalid_state_lock'],
    [lockText('01JZ').replace('"pid"', '"extra":1,"pid"'), 'invalid_state_lock'],
    [lockText('01JZ', 2), 'unsupported_state_lock_version'],
  ])('34: leaves %j alone', async (text, code) => {
    const cluster = await appliedHarbour();
    await cluster.write(LOCK, text);
    const report = await cluster.forceUnlock('01JZ');
    expect(report).toMatchObject({ ok: false, lock_removed: false });
    expect(codesOf(report)).toEqual([code]);
    expect(await cluster.read(LOCK)).toBe(text);
  });

  test('says that there is nothing to unlock', async () => {
    const cluster = await appliedHarbour();
    expect(codesOf(await cluster.forceUnlock('01JZ'))).toEqual(['state_lock_missing']);
  });
});

describe('two commands at once', () => {
  test('35: of two applies one converges and the other finds the lock held', async () => {
    const cluster = await harbour();
    await cluster.import();
    const reports = await Promise.all([cluster.apply(), cluster.apply()]);
    expect(reports.map((report) => report.converged).sort()).toEqual([false, true]);
    const loser = reports.find((report) => !report.converged);
    expect(loser && codesOf(loser)).toEqual(['state_lock_held']);
    expect(JSON.parse(await cluster.ledger()).state_revision).toBe(2);
    expect(await cluster.list('__cluster')).not.toContain('lock.json');
  });

  test('36: without a lock the slower writer records nothing, and its next run converges', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET, GATE, 'state: { lock: false }\n'));
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    const other = (await cluster.ledger()).replace('"state_revision": 2', '"state_revision": 9');
    const report = await cluster
      .with({
        reach: async (point) => {
          if (point === 'cluster_apply.before_state_write') await cluster.write('__cluster/state.json', other);
        },
      })
      .apply();
    expect(report).toMatchObject({ ok: false, converged: false, applied_count: 0, state_written: false });
    expect(codesOf(report)).toEqual(['state_lock_disabled', 'state_cas_mismatch']);
    expect(report.state_observations.state_revision).toBe(9);
    expect(await cluster.ledger()).toBe(other);
    const again = await cluster.apply();
    expect(again.converged).toBe(true);
    expect(codesOf(again)).toEqual(['state_lock_disabled', 'cluster_recovery_rolled_forward']);
  });

  test('37: a lock that was removed by force and taken again survives its first holder', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    await cluster
      .with({
        reach: async (point) => {
          if (point === 'cluster_apply.before_state_write') await cluster.write(LOCK, lockText('01SUCCESSOR'));
        },
      })
      .apply();
    expect(await cluster.read(LOCK)).toBe(lockText('01SUCCESSOR'));
  });

  test('a storage root that cannot be written to is an error of the lock, and no crash', async () => {
    const cluster = await harbour();
    await cluster.write('__cluster', 'a file where a folder should be');
    const report = await cluster.import();
    expect(codesOf(report)).toEqual(['state_lock_error']);
  });
});
