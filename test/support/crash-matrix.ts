/**
 * The crash matrix of cluster.md §15 as one suite for every kind of storage: a real process is killed before or after
 * each kind of write that a command makes; a server booted at that midpoint serves the healthy graphs or says what to
 * do; and `apply` again converges, with every row, one audit record where one is due, and nothing left that blocks.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLEET_QUERY, FLEET_SCHEMA_WITH_FLAG } from '../server/control/harbour.js';
import { launcher } from './built-cli.js';
import {
  type Deployment,
  deployed,
  expectedRows,
  type GraphName,
  type Place,
  type Template,
  template,
} from './cluster-deployment.js';

interface Scenario {
  readonly name: string;
  /** Graphs that are applied and hold rows before. */
  readonly before: readonly GraphName[];
  readonly arrange: (cluster: Deployment) => Promise<unknown>;
  readonly command: readonly string[];
  readonly points: readonly string[];
  /** Points after which the graph moved and the ledger did not: the next apply records that, once. */
  readonly recovered?: readonly string[];
  /** Points that leave a half-made graph, which the operator must remove (C3). */
  readonly incomplete?: readonly string[];
  /** Graphs that every server booted at any midpoint must serve. */
  readonly healthy: readonly GraphName[];
  /** What else must be true at the end. */
  readonly settled?: (cluster: Deployment, point: string) => Promise<void>;
}

const both: readonly GraphName[] = ['fleet', 'yard'];
const apply = ['cluster', 'apply', '--as', 'rune', '--json'];

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'create',
    before: ['yard'],
    arrange: (cluster) => cluster.declare(both),
    command: apply,
    points: [
      'after_lock_write',
      'before_sidecar_write',
      'after_sidecar_write',
      'before_schema_object_write',
      'after_schema_object_write#2',
      'after_branch_registry_write',
      'after_format_marker_write',
      'before_commit_record_write',
      'after_commit_record_write',
      'after_sidecar_write#2',
      'before_payload_write',
      'after_payload_write',
      'after_payload_write#2',
      'before_ledger_write',
      'after_ledger_write',
      'after_sidecar_delete',
      'before_lock_release',
      'after_lock_release',
    ],
    incomplete: [
      'before_schema_object_write',
      'after_schema_object_write#2',
      'after_branch_registry_write',
      'after_format_marker_write',
      'before_commit_record_write',
    ],
    recovered: [
      'after_commit_record_write',
      'after_sidecar_write#2',
      'before_payload_write',
      'after_payload_write',
      'after_payload_write#2',
      'before_ledger_write',
    ],
    healthy: ['yard'],
    settled: async (cluster) => expect(await cluster.rows('yard')).toEqual(expectedRows('yard')),
  },
  {
    name: 'schema apply',
    before: both,
    arrange: (cluster) => cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG),
    command: apply,
    points: [
      'after_sidecar_write',
      'after_schema_apply_mark',
      'after_schema_object_write',
      'before_commit_record_write',
      'after_commit_record_write',
      'before_schema_apply_unmark',
      'after_schema_apply_unmark',
      'after_sidecar_write#2',
      'before_ledger_write',
      'after_ledger_write',
      'after_sidecar_delete',
      'before_lock_release',
    ],
    recovered: [
      'after_commit_record_write',
      'before_schema_apply_unmark',
      'after_schema_apply_unmark',
      'after_sidecar_write#2',
      'before_ledger_write',
    ],
    healthy: ['yard'],
    settled: async (cluster) => {
      expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet', { flag: null }));
      expect(await cluster.rows('yard')).toEqual(expectedRows('yard'));
    },
  },
  {
    name: 'catalog write',
    before: both,
    arrange: async (cluster) => {
      await cluster.write('queries/fleet.gq', `${FLEET_QUERY}// second edition\n`);
      await cluster.write('gate.policy.yaml', 'version: 1\nrules: []\n# second edition\n');
    },
    command: apply,
    points: [
      'before_payload_write',
      'after_payload_write',
      'after_payload_write#2',
      'before_ledger_write',
      'after_ledger_write',
    ],
    healthy: both,
    settled: async (cluster) => expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet')),
  },
  {
    name: 'approved delete',
    before: both,
    arrange: async (cluster) => {
      await cluster.declare(['fleet']);
      await cluster.approve('graph.yard');
    },
    command: apply,
    points: [
      'after_sidecar_write',
      'before_graph_delete',
      'after_graph_delete',
      'before_ledger_write',
      'after_ledger_write',
      'after_sidecar_delete',
      'before_approval_write',
      'after_approval_write',
      'before_lock_release',
    ],
    recovered: ['after_graph_delete', 'before_ledger_write'],
    healthy: ['fleet'],
    settled: async (cluster) => {
      expect(await cluster.store.existsBelow('graphs/yard.omni')).toBe(false);
      expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet'));
      const [approval, ...others] = await cluster.approvals();
      expect(others).toEqual([]);
      const { approval_records: records, observations } = await cluster.ledger();
      expect(records).toEqual({
        [approval.approval_id]: {
          consumed_at: approval.consumed_at,
          consumed_by_operation: approval.consumed_by_operation,
        },
      });
      expect(observations['graph.yard']).toMatchObject({
        kind: 'tombstone',
        approval_id: approval.approval_id,
        actor: 'rune',
      });
    },
  },
  {
    name: 'approve',
    before: both,
    arrange: (cluster) => cluster.declare(['fleet']),
    command: ['cluster', 'approve', 'graph.yard', '--as', 'mira', '--json'],
    points: ['before_approval_write', 'after_approval_write', 'before_lock_release'],
    healthy: both,
    settled: async (cluster, point) => {
      // Only consent that reached storage is consent: otherwise the graph is still there, and so are its rows.
      const isApproved = point !== 'before_approval_write';
      expect(await cluster.store.existsBelow('graphs/yard.omni')).toBe(!isApproved);
      if (!isApproved) expect(await cluster.rows('yard')).toEqual(expectedRows('yard'));
    },
  },
  {
    name: 'refresh',
    before: both,
    arrange: async (cluster) => {
      const { digest } = (await cluster.ledger()).applied_revision.resources['policy.gate'];
      await cluster.store.delete(`__cluster/resources/policy/gate/${digest}.yaml`);
    },
    command: ['cluster', 'refresh', '--json'],
    points: ['after_lock_write', 'before_ledger_write', 'after_ledger_write', 'before_lock_release'],
    healthy: both,
    settled: async (cluster) => expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet')),
  },
  {
    name: 'import over a torn ledger',
    before: both,
    arrange: async (cluster) =>
      cluster.store.write('__cluster/state.json', new TextEncoder().encode((await cluster.ledgerText()).slice(0, 40))),
    command: ['cluster', 'import', '--json'],
    points: [
      'after_lock_write',
      'before_corrupt_ledger_copy',
      'after_corrupt_ledger_copy',
      'before_ledger_write',
      'after_ledger_write',
      'before_lock_release',
    ],
    healthy: both,
    settled: async (cluster) => {
      expect(await cluster.rows('fleet')).toEqual(expectedRows('fleet'));
      expect(await cluster.rows('yard')).toEqual(expectedRows('yard'));
      expect((await cluster.store.list('__cluster')).filter((name) => name.startsWith('state.corrupt-'))).not.toEqual(
        [],
      );
    },
  },
];

export interface MatrixOptions {
  /** Every how many-th point is tried: 1 for all. Which ones depends on the scenario, so that kinds of points alternate. */
  readonly every?: number;
}

export function describeCrashMatrix(name: string, place: () => Place, { every = 1 }: MatrixOptions = {}): void {
  const templates = new Map<string, Template>();
  const templateOf = async (graphs: readonly GraphName[]): Promise<Template> => {
    const key = graphs.join(' ');
    const made = templates.get(key) ?? (await template(graphs));
    templates.set(key, made);
    return made;
  };
  beforeAll(() => void launcher(), 120_000);
  afterAll(() => Promise.all([...templates.values()].map((made) => made.remove())));

  describe.each(SCENARIOS)(`a killed $name on ${name}`, (scenario) => {
    const points = scenario.points.filter((_, at) => (at + SCENARIOS.indexOf(scenario)) % every === 0);
    test.each(points)(
      '%s',
      async (point) => {
        const cluster = await deployed(await templateOf(scenario.before), place());
        await scenario.arrange(cluster);
        const before = await cluster.ledgerText();
        const death = await cluster.run(scenario.command, { killAt: point });
        expect(death).toMatchObject({ code: null, signal: 'SIGKILL', stdout: '' });
        const wasPublished = (await cluster.ledgerText()) !== before;
        expect(wasPublished).toBe(isPublished(scenario, point));

        await checkServing(cluster, scenario);
        await heal(cluster, scenario, point);
        await checkServing(cluster, scenario, 'settled');
        await checkAudit(cluster, scenario, point);
        await scenario.settled?.(cluster, point);
      },
      60_000,
    );
  });
}

/** Whether the process lived to see its ledger written. */
function isPublished({ points, command }: Scenario, point: string): boolean {
  if (command.includes('approve')) return false;
  return points.indexOf(point) >= points.indexOf('after_ledger_write');
}

/**
 * What a server would do: serve at least the healthy graphs, or refuse and name a command in every error. At the end
 * nothing may be refused or quarantined.
 */
async function checkServing(cluster: Deployment, { healthy }: Scenario, moment: 'midpoint' | 'settled' = 'midpoint') {
  const reading = await cluster.serving();
  if (reading.kind === 'ready') {
    const served = reading.state.graphs.map(({ id }) => id);
    const kept = moment === 'midpoint' ? healthy : healthy.filter((graph) => served.includes(graph));
    expect(served).toEqual(expect.arrayContaining([...kept]));
    if (moment === 'settled') expect(reading.state.quarantined).toEqual([]);
    return;
  }
  expect(moment).toBe('midpoint');
  for (const { remedy } of reading.errors) expect(remedy).toMatch(/cluster (apply|refresh|import)/);
}

/** What an operator does: remove the dead process's lock, do what the messages say, and apply. */
async function heal(cluster: Deployment, scenario: Scenario, point: string): Promise<void> {
  const lockSurvived = await cluster.unlock();
  expect(lockSurvived).toBe(point !== 'after_lock_release');
  if (scenario.incomplete?.includes(point)) {
    const refused = await cluster.apply();
    expect(refused.diagnostics.map(({ code }) => code)).toContain('graph_create_incomplete');
    expect(refused.diagnostics.find(({ code }) => code === 'graph_create_incomplete')?.remedy).toContain('remove');
    expect(await cluster.store.existsBelow('graphs/fleet.omni')).toBe(true);
    await cluster.store.deleteBelow('graphs/fleet.omni');
  }
  if (scenario.command.includes('refresh')) expect((await cluster.refresh()).ok).toBe(true);
  if (scenario.command.includes('import') && !isPublished(scenario, point)) {
    expect((await cluster.import()).ok).toBe(true);
  }
  const healed = await cluster.apply();
  const isWaiting = scenario.command.includes('approve') && point === 'before_approval_write';
  expect(healed).toMatchObject({ ok: true, converged: !isWaiting });
  expect(await cluster.sidecars()).toEqual([]);
  const ledger = await cluster.ledgerText();
  expect(await cluster.apply()).toMatchObject({ ok: true, state_written: false });
  expect(await cluster.ledgerText()).toBe(ledger);
  expect(await cluster.store.exists('__cluster/lock.json')).toBe(false);
}

async function checkAudit(cluster: Deployment, { recovered = [] }: Scenario, point: string): Promise<void> {
  const records = Object.values<object>((await cluster.ledger()).recovery_records);
  const expected = recovered.includes(point)
    ? [expect.objectContaining({ outcome: 'rolled_forward', actor: 'rune' })]
    : [];
  expect(records).toEqual(expected);
}
