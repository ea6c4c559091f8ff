/**
 * Many machines, one cluster (cluster.md §18): processes that apply different configurations to one storage root at the
 * same time. With the lock one at a time acts and the others say who does; without it the ledger's compare-and-swap
 * alone keeps every published revision.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FLEET_SCHEMA_WITH_FLAG } from '../server/control/harbour.js';
import { launcher } from './built-cli.js';
import { Deployment, deployed, expectedRows, type Place, type Template, template } from './cluster-deployment.js';

export interface RaceOptions {
  /** Processes that apply at once. */
  readonly racers: number;
}

interface Outcome {
  readonly ok: boolean;
  readonly state_written: boolean;
  readonly applied_count: number;
  readonly diagnostics: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
}

export function describeApplyRaces(name: string, place: () => Place, { racers }: RaceOptions): void {
  let start: Template;
  beforeAll(async () => {
    launcher();
    start = await template(['fleet', 'yard']);
  }, 120_000);
  afterAll(() => start.remove());

  /** Config directories of several machines on one storage root, which holds an applied cluster with rows. */
  async function machines(count: number, head: string): Promise<readonly [Deployment, ...Deployment[]]> {
    const first = await deployed(start, sharedRoot(place()));
    const others = await Promise.all(
      Array.from({ length: count - 1 }, async () => {
        const dir = await mkdtemp(path.join(tmpdir(), 'omnigraph-'));
        onTestFinished(() => rm(dir, { recursive: true, force: true }));
        await cp(first.dir, dir, { recursive: true });
        return new Deployment(dir, { env: first.env }, first.root);
      }),
    );
    await Promise.all([first, ...others].map((machine) => machine.declare(['fleet', 'yard'], { head })));
    return [first, ...others];
  }

  async function race(all: readonly Deployment[]): Promise<readonly Outcome[]> {
    const results = await Promise.all(
      all.map((machine) => machine.run(['cluster', 'apply', '--as', 'rune', '--json'])),
    );
    return results.map(({ stdout, stderr, code, signal }): Outcome => {
      expect({ signal, stderr }).toEqual({ signal: null, stderr: '' });
      const outcome: Outcome = JSON.parse(stdout);
      expect(code).toBe(outcome.ok ? 0 : 1);
      return outcome;
    });
  }

  const errorsOf = ({ diagnostics }: Outcome) => diagnostics.filter(({ severity }) => severity === 'error');

  async function keepsEveryRow(
    [first]: readonly [Deployment, ...Deployment[]],
    added: Readonly<Record<string, null>> = {},
  ) {
    expect(await first.rows('fleet')).toEqual(expectedRows('fleet', added));
    expect(await first.rows('yard')).toEqual(expectedRows('yard'));
  }

  describe(`${racers} applies at once on ${name}`, () => {
    test('with the lock: one at a time acts, the others name it, and every revision counts', async () => {
      const all = await machines(racers, '');
      const [first] = all;
      await Promise.all(
        all.map((machine, at) => machine.write('gate.policy.yaml', `version: 1\nrules: []\n# ${at}\n`)),
      );
      const before = (await first.ledger()).state_revision;
      const outcomes = await race(all);
      for (const outcome of outcomes.filter(({ ok }) => !ok)) {
        const [error, ...more] = errorsOf(outcome);
        expect([error?.code, more]).toEqual(['state_lock_held', []]);
        // A holder that has gone by the time its lock is looked at cannot be named.
        expect(error?.message).toMatch(/cluster apply holds the lock \w{26}|has just finished/);
      }
      const written = outcomes.filter(({ state_written }) => state_written);
      expect(written.length).toBeGreaterThanOrEqual(1);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(written.length);
      expect((await first.ledger()).state_revision - before).toBe(written.length);
      expect(await first.store.exists('__cluster/lock.json')).toBe(false);
      expect(await first.apply()).toMatchObject({ ok: true, converged: true });
      await keepsEveryRow(all);
    }, 120_000);

    test('without the lock: the compare-and-swap alone keeps every published revision', async () => {
      const all = await machines(racers, 'state: { lock: false }\n');
      const [first] = all;
      await Promise.all(
        all.map((machine, at) => machine.write('gate.policy.yaml', `version: 1\nrules: []\n# ${at}\n`)),
      );
      const before = (await first.ledger()).state_revision;
      const outcomes = await race(all);
      for (const outcome of outcomes.filter(({ ok }) => !ok)) {
        expect(errorsOf(outcome).map(({ code }) => code)).toEqual(['state_cas_mismatch']);
        expect(outcome).toMatchObject({ state_written: false, applied_count: 0 });
      }
      const written = outcomes.filter(({ state_written }) => state_written);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(written.length);
      expect((await first.ledger()).state_revision - before).toBe(written.length);
      expect(await first.apply()).toMatchObject({ ok: true, converged: true });
      await keepsEveryRow(all);
    }, 120_000);

    test('without the lock and with graphs to migrate: a plain apply afterwards converges, and no row is lost', async () => {
      const all = await machines(Math.min(racers, 6), 'state: { lock: false }\n');
      const [first] = all;
      await Promise.all(all.map((machine) => machine.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG)));
      const before = (await first.ledger()).state_revision;
      const outcomes = await race(all);
      const written = outcomes.filter(({ state_written }) => state_written);
      expect((await first.ledger()).state_revision - before).toBe(written.length);
      expect(await settle(first)).toMatchObject({ ok: true, converged: true });
      expect(await first.sidecars()).toEqual([]);
      await keepsEveryRow(all, { flag: null });
    }, 120_000);
  });
}

/** Without a lock a sidecar of a run that lost may outlive the first healing apply; the second finds a still world. */
async function settle(cluster: Deployment) {
  const first = await cluster.apply();
  return first.converged ? first : cluster.apply();
}

/** A place outside every config directory, so that several can share it. */
const sharedRoot = (place: Place): Place => ({
  ...place,
  newRoot: () => {
    if (place.newRoot !== undefined) return place.newRoot();
    const root = path.join(tmpdir(), `omnigraph-${randomUUID()}`);
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    return root;
  },
});
