/**
 * The crash matrix of cluster.md §15 on real processes: `cluster apply` is killed at every failpoint, and the next plain
 * apply must converge. Signals that a person sends must give the lock back.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FAILPOINTS } from 'omnigraph-server/control';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  FLEET,
  FLEET_SCHEMA_WITH_FLAG,
  type Harbour,
  harbour,
  YARD,
} from '../server/control/harbour.js';
import { launcher } from '../support/built-cli.js';

let program = '';

beforeAll(() => {
  program = launcher();
}, 120_000);

interface Death {
  readonly signal: string | null;
  readonly code: number | null;
}

function startApply(cluster: Harbour, failpoint: string) {
  return spawn(process.execPath, [program, 'cluster', 'apply', '--config', cluster.dir, '--as', 'rune'], {
    env: { ...process.env, OMNIGRAPH_TEST_FAILPOINTS: failpoint },
    stdio: 'ignore',
  });
}

async function applyDyingAt(cluster: Harbour, failpoint: string): Promise<Death> {
  const [code, signal] = await once(startApply(cluster, failpoint), 'exit');
  return { code, signal };
}

/** A cluster whose next apply passes the given point. */
async function onItsWayTo(point: string): Promise<Harbour> {
  if (point.includes('graph_create')) {
    const cluster = await harbour();
    await cluster.import();
    return cluster;
  }
  const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
  if (point.includes('graph_delete')) {
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.approve('graph.yard');
  } else await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  return cluster;
}

describe('a killed apply', () => {
  test.each(FAILPOINTS)('at %s leaves the ledger whole and unchanged, and the next one converges', async (point) => {
    const cluster = await onItsWayTo(point);
    const before = await cluster.ledger();
    expect(await applyDyingAt(cluster, `${point}=kill`)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await cluster.ledger()).toBe(before);

    const { lock_id = '' } = JSON.parse(await cluster.read('__cluster/lock.json'));
    expect(await cluster.forceUnlock(lock_id)).toMatchObject({ ok: true, lock_removed: true });
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(await cluster.sidecars()).toEqual([]);
    expect(await cluster.apply()).toMatchObject({ changes: [], state_written: false });
  });
});

describe('an interrupted apply', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('gives the lock back on %s and dies of it', async (signal) => {
    const cluster = await onItsWayTo('cluster_apply.after_schema_apply');
    const child = startApply(cluster, 'cluster_apply.after_schema_apply=hold');
    const exit = once(child, 'exit');
    await waitUntil(async () => (await cluster.sidecars()).length === 1);
    expect(await cluster.list('__cluster')).toContain('lock.json');
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(await cluster.list('__cluster')).not.toContain('lock.json');
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
  });
});

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
