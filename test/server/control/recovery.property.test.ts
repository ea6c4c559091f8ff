/** Whatever is edited and wherever apply dies, plain commands lead back to a converged cluster. */
import fc from 'fast-check';
import { checkComposites } from 'omnigraph-language';
import { collectGarbage, FAILPOINTS, type Failpoint, InjectedFailpoint, readLedger } from 'omnigraph-server/control';
import { openDiskStore } from 'omnigraph-server/storage';
import { expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  FLEET,
  FLEET_SCHEMA,
  FLEET_SCHEMA_WITH_FLAG,
  GATE,
  type Harbour,
  YARD,
} from './harbour.js';

interface Edit {
  readonly hasYard: boolean;
  readonly hasQueries: boolean;
  readonly schema: string;
  readonly policy: number;
}

interface Step {
  readonly edit: Edit;
  readonly approves: boolean;
  readonly diesAt: Failpoint | null;
  readonly refreshes: boolean;
  readonly collects: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  edit: fc.record({
    hasYard: fc.boolean(),
    hasQueries: fc.boolean(),
    schema: fc.constantFrom(FLEET_SCHEMA, FLEET_SCHEMA_WITH_FLAG, FLEET_SCHEMA.replace('name', 'title')),
    policy: fc.nat(2),
  }),
  approves: fc.boolean(),
  diesAt: fc.option(fc.constantFrom(...FAILPOINTS)),
  refreshes: fc.boolean(),
  collects: fc.boolean(),
});

async function write(cluster: Harbour, { hasYard, hasQueries, schema, policy }: Edit): Promise<void> {
  const fleet = hasQueries ? FLEET : '  fleet: { schema: fleet.pg }\n';
  // The query asks for a name, which not every schema has.
  const names = schema.includes('name');
  await cluster.write('queries/fleet.gq', names ? QUERY : QUERY.replace('$v.name', '$v.title'));
  await cluster.write('fleet.pg', schema);
  await cluster.write('gate.policy.yaml', `version: 1\nrules: []\n# ${policy}\n`);
  await cluster.write('cluster.yaml', clusterYaml(hasYard ? fleet + YARD : fleet, GATE));
}

const QUERY = 'query vessel_by_imo($imo: String) {\n  match { $v: Vessel { imo: $imo } }\n  return { $v.name }\n}\n';

async function approveGates(cluster: Harbour): Promise<void> {
  for (const { resource } of (await cluster.plan()).approvals_required) await cluster.approve(resource);
}

/** A year later: whatever gc might ever take away, it takes now. */
async function collect(cluster: Harbour): Promise<void> {
  const now = () => new Date(Date.now() + 365 * 86_400_000);
  const report = await collectGarbage({ configDir: cluster.dir, env: {}, runtime: { now }, confirm: true });
  expect(report).toMatchObject({ ok: true, diagnostics: [] });
}

const dyingAt = (point: Failpoint | null) => ({
  reach: async (reached: Failpoint) => {
    if (reached === point) throw new InjectedFailpoint(reached);
  },
});

test('any history of edits, approvals, refreshes, collections and deaths ends converged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const cluster = await appliedHarbour();
      for (const { edit, approves, diesAt, refreshes, collects } of steps) {
        await write(cluster, edit);
        if (approves) await approveGates(cluster);
        await cluster.with(dyingAt(diesAt)).apply('rune');
        if (refreshes) await cluster.refresh();
        if (collects) await collect(cluster);
      }
      await cluster.apply();
      await approveGates(cluster);
      expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
      expect(await cluster.apply()).toMatchObject({ ok: true, changes: [], state_written: false, diagnostics: [] });

      await collect(cluster);
      expect((await cluster.status()).diagnostics).toEqual([]);
      expect(await cluster.sidecars()).toEqual([]);
      expect(await cluster.list('__cluster')).not.toContain('lock.json');
      const snapshot = await readLedger(openDiskStore(cluster.dir));
      if (snapshot.kind !== 'ledger') throw new Error('the ledger is not readable');
      const { applied_revision, resource_statuses } = snapshot.ledger;
      expect(checkComposites(applied_revision.resources)).toEqual([]);
      expect([...resource_statuses.keys()]).toEqual([...applied_revision.resources.keys()]);
      expect(new Set([...resource_statuses.values()].map(({ status }) => status))).toEqual(new Set(['applied']));
      const graphs = [...applied_revision.resources.keys()].filter((address) => address.startsWith('graph.'));
      expect(await cluster.list('graphs')).toEqual(graphs.map((address) => `${address.slice('graph.'.length)}.omni`));
    }),
    { numRuns: 15 },
  );
}, 120_000);
