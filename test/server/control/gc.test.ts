/** `cluster gc`: what nothing needs is listed with its reason, and deleted only when told to and old enough. */
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type GcReport, renderReportText } from 'omnigraph-language';
import { collectGarbage, type GcOptions } from 'omnigraph-server/control';
import { StorageError } from 'omnigraph-server/storage';
import { describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_QUERY,
  FLEET_SCHEMA_WITH_FLAG,
  type Harbour,
  harbour,
  migrate,
  YARD,
} from './harbour.js';

const DAY = 86_400_000;

/** Collects as a process would whose clock is `later` days ahead. */
const gc = (cluster: Harbour, later = 8, options: Partial<GcOptions> = {}): Promise<GcReport> =>
  collectGarbage({
    configDir: cluster.dir,
    env: {},
    runtime: { ...cluster.runtime, now: () => new Date(Date.now() + later * DAY) },
    ...options,
  });

const kindsOf = (report: GcReport): readonly string[] => report.garbage.map(({ kind }) => kind);

async function filesOf(cluster: Harbour): Promise<readonly string[]> {
  const entries = await readdir(cluster.dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** A cluster with one thing of each kind to collect: an old query, a consumed approval, a stale sidecar, a torn ledger. */
async function litteredHarbour(): Promise<Harbour> {
  const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
  await cluster.write('queries/fleet.gq', `${FLEET_QUERY}// changed\n`);
  await cluster.write('cluster.yaml', clusterYaml(FLEET));
  await cluster.approve('graph.yard');
  if (!(await cluster.apply()).converged) throw new Error('the fixture does not converge');
  await cluster.write('__cluster/recoveries/01JZ0000000000000000000000.json', sidecar('fleet'));
  await cluster.write('__cluster/state.corrupt-01JZ0000000000000000000000.json', '{"version":1');
  return cluster;
}

const sidecar = (graph: string): string =>
  JSON.stringify({
    schema_version: 1,
    operation_id: '01JZ0000000000000000000000',
    started_at: '2031-01-01T00:00:00Z',
    kind: 'graph_create',
    graph_id: graph,
    graph_uri: 'anywhere',
    desired_schema_digest: 'none',
  });

test('everything that nothing needs, with its reason, and nothing else', async () => {
  const cluster = await litteredHarbour();
  const before = await filesOf(cluster);
  const report = await gc(cluster);
  expect(codesOf(report)).toEqual([]);
  expect(
    report.garbage.map(({ path: place, kind, reason }) => [path.basename(path.dirname(place)), kind, reason]),
  ).toEqual([
    ['approvals', 'approval', 'it was consumed by apply'],
    ['recoveries', 'recovery_sidecar', 'the ledger records what became of graph.fleet'],
    ['vessel_by_imo', 'catalog_blob', 'the applied revision does not name it'],
    ['__cluster', 'corrupt_state_copy', 'the ledger was rebuilt and is in order'],
  ]);
  expect(report).toMatchObject({ ok: true, confirmed: false, older_than_days: 7, kept_young: 0, deleted_count: 0 });
  expect(renderReportText(report)).toContain('nothing was deleted; pass --confirm to delete');
  expect(await filesOf(cluster)).toEqual(before);
});

test('confirmed, exactly that is deleted, and the cluster is as good as before', async () => {
  const cluster = await litteredHarbour();
  const [before, ledger] = [await filesOf(cluster), await cluster.ledger()];
  const report = await gc(cluster, 8, { confirm: true });
  const deleted = report.garbage.map(({ path: place }) => place);
  expect(report).toMatchObject({ ok: true, deleted_count: 4 });
  expect(await filesOf(cluster)).toEqual(before.filter((file) => !deleted.includes(file)));
  expect(await cluster.ledger()).toBe(ledger);
  expect(codesOf(await cluster.status())).toEqual([]);
  expect(await cluster.apply()).toMatchObject({ ok: true, changes: [], state_written: false });
  expect((await gc(cluster)).garbage).toEqual([]);
});

test('a week passes before anything is collected, more when asked for, never less', async () => {
  const cluster = await litteredHarbour();
  expect(await gc(cluster, 6, { confirm: true })).toMatchObject({ garbage: [], kept_young: 4 });
  expect(await gc(cluster, 6, { olderThanDays: 1 })).toMatchObject({ garbage: [], older_than_days: 7 });
  expect(await gc(cluster, 20, { olderThanDays: 30 })).toMatchObject({ garbage: [], kept_young: 4 });
});

test('graph roots, foreign files and what the ledger names are never considered', async () => {
  const cluster = await appliedHarbour();
  for (const file of [
    'graphs/fleet.omni/left-behind',
    'graphs/other.omni/data',
    '__cluster/notes.json',
    '__cluster/resources/query/fleet/README.md',
    '__cluster/resources/query/fleet/vessel_by_imo/latest.gq',
    '__cluster/approvals/keep.txt',
  ]) {
    await cluster.write(file, 'someone put it here');
    await utimes(path.join(cluster.dir, file), new Date(0), new Date(0));
  }
  expect(await gc(cluster, 400)).toMatchObject({ ok: true, garbage: [], kept_young: 0 });
});

describe('sidecars', () => {
  const place = '__cluster/recoveries/01JZ0000000000000000000000.json';

  test.each<[string, string, (cluster: Harbour) => Promise<void>, readonly string[]]>([
    ['a malformed one goes when every graph is as recorded', '{', async () => {}, ['recovery_sidecar']],
    [
      'a malformed one stays while a graph has moved',
      '{',
      (cluster) => migrate(cluster, 'fleet', FLEET_SCHEMA_WITH_FLAG),
      [],
    ],
    ['a malformed one stays while a graph is gone', '{', (cluster) => cluster.remove('graphs/fleet.omni'), []],
    ['one of a later version stays', '{"schema_version":2}', async () => {}, []],
    [
      'one of a graph that has moved stays',
      sidecar('fleet'),
      (cluster) => migrate(cluster, 'fleet', FLEET_SCHEMA_WITH_FLAG),
      [],
    ],
    ['one of a graph that never was goes', sidecar('ghost'), async () => {}, ['recovery_sidecar']],
  ])('%s', async (_, text, prepare, expected) => {
    const cluster = await appliedHarbour();
    await prepare(cluster);
    await cluster.write(place, text);
    expect(kindsOf(await gc(cluster))).toEqual(expected);
  });
});

test('an approval that may still authorize something stays', async () => {
  const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
  await cluster.write('cluster.yaml', clusterYaml(FLEET));
  await cluster.approve('graph.yard');
  await cluster.write('__cluster/approvals/broken.json', '{');
  expect((await gc(cluster, 400)).garbage).toEqual([]);
});

describe('gc refuses and deletes nothing', () => {
  test.each<[string, (cluster: Harbour) => Promise<void>, string]>([
    ['without a ledger', (cluster) => cluster.remove('__cluster/state.json'), 'state_missing'],
    ['with a torn ledger', (cluster) => cluster.write('__cluster/state.json', '{"version":1'), 'invalid_state_json'],
    [
      'with a forged ledger',
      async (cluster) =>
        cluster.write(
          '__cluster/state.json',
          (await cluster.ledger()).replace(/("graph.fleet": \{\s+"digest": ")./, '$1_'),
        ),
      'external_blob_policy_digest_mismatch',
    ],
    ['while the lock is held', (cluster) => cluster.write('__cluster/lock.json', '{}'), 'state_lock_held'],
    [
      'with the lock switched off',
      (cluster) => cluster.write('cluster.yaml', clusterYaml(FLEET, '', 'state: { lock: false }\n')),
      'garbage_needs_lock',
    ],
  ])('%s', async (_, prepare, code) => {
    const cluster = await litteredHarbour();
    await prepare(cluster);
    const before = await filesOf(cluster);
    const report = await gc(cluster, 8, { confirm: true });
    expect(codesOf(report)).toEqual([code]);
    expect(report).toMatchObject({ ok: false, garbage: [] });
    expect(await filesOf(cluster)).toEqual(before);
  });

  test('what cannot be listed or deleted is an error with its place', async () => {
    const cluster = await litteredHarbour();
    const failing = (member: 'listBelow' | 'delete') =>
      cluster.withStore((store) => ({
        [member]: async (key: string) => {
          if (key.includes('lock')) return store.delete(key);
          throw new StorageError(member, store.display(key), new Error('denied'));
        },
      }));
    expect(codesOf(await gc(failing('listBelow'), 8, { confirm: true }))).toEqual(['garbage_list_error']);
    const undeleted = await gc(failing('delete'), 8, { confirm: true });
    expect(new Set(codesOf(undeleted))).toEqual(new Set(['garbage_delete_failed']));
    expect(undeleted).toMatchObject({ ok: false, deleted_count: 0 });
  });
});

test('before the first ledger there is nothing to collect', async () => {
  const cluster = await harbour();
  await writeFile(path.join(cluster.dir, 'notes.txt'), '');
  expect(codesOf(await gc(cluster))).toEqual(['state_missing']);
  expect(await cluster.list('__cluster')).toEqual([]);
});

test('the lock of a gc that died is seen and removed like any other', async () => {
  const cluster = await appliedHarbour();
  const lock = { version: 1, lock_id: '01JHELD', operation: 'gc', created_at: '2031-02-03T04:05:06Z', pid: 1 };
  await cluster.write('__cluster/lock.json', JSON.stringify(lock));
  expect((await cluster.status()).state_observations).toMatchObject({ locked: true, lock_operation: 'gc' });
  expect(await cluster.forceUnlock('01JHELD')).toMatchObject({ ok: true, lock_removed: true });
  expect(await gc(cluster)).toMatchObject({ ok: true });
});
