/** Diff, dispositions, gates, approvals and previews: cluster.md §9, §11, §13, H9 and acceptance scenarios 17–33. */
import {
  type Approval,
  type Change,
  type ClusterPlan,
  type DesiredRevision,
  demoteChanges,
  emptyLedger,
  type GraphObservation,
  initializeSchema,
  type Ledger,
  type LedgerResource,
  loadDesired,
  type PlanInput,
  planCluster,
  providerDigest,
  renewComposites,
  sortedMap,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { CLUSTER_YAML, FLEET_FILES, FLEET_PG, memoryFolder } from './fleet.js';

const TWO_GRAPHS = `version: 1
providers: { embedding: { default: { kind: mock, model: demo-8 } } }
graphs:
  fleet: { schema: fleet.pg, queries: queries/ }
  yard: { schema: fleet.pg, queries: queries/, embedding_provider: default }
policies:
  gate: { file: gate.policy.yaml, applies_to: [fleet] }
  hall: { file: gate.policy.yaml, applies_to: [yard] }
`;

const desiredOf = async (files: Readonly<Record<string, string>> = {}): Promise<DesiredRevision> => {
  const desired = await loadDesired(memoryFolder({ ...FLEET_FILES, ...files }));
  expect(desired.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return desired;
};

const ofYaml = (yaml: string): Promise<DesiredRevision> => desiredOf({ 'cluster.yaml': yaml });

/** The ledger of a cluster on which exactly this revision is applied. */
function appliedLedger(
  desired: DesiredRevision,
  change: (resources: Map<string, LedgerResource>) => void = () => {},
): Ledger {
  const resources = new Map<string, LedgerResource>();
  for (const { address, digest } of desired.resources.values()) resources.set(address, { digest });
  for (const { name, appliesTo } of desired.policies.values()) {
    resources.set(`policy.${name}`, { digest: '', ...resources.get(`policy.${name}`), applies_to: appliesTo });
  }
  for (const [name, profile] of desired.providers) {
    resources.set(`provider.embedding.${name}`, { digest: providerDigest(profile), embedding_profile: profile });
  }
  for (const { id, provider } of desired.graphs.values()) {
    if (provider !== undefined) resources.set(`graph.${id}`, { digest: '', embedding_provider: provider });
  }
  change(resources);
  const base = emptyLedger(desired.configDigest ?? null);
  return {
    ...base,
    state_revision: 1,
    applied_revision: { ...base.applied_revision, resources: renewComposites(sortedMap(resources)) },
  };
}

const plan = (desired: DesiredRevision, ledger: Ledger | undefined, more: Partial<PlanInput> = {}): ClusterPlan =>
  planCluster({ desired, ledger, approvals: [], pendingGraphs: new Set(), observations: new Map(), ...more });

const lines = (changes: readonly Change[]): readonly string[] =>
  changes.map(
    ({ operation, resource, disposition, reason, metadata_change: metadata }) =>
      `${operation} ${resource}: ${disposition}${reason === undefined ? '' : ` ${reason}`}${metadata === undefined ? '' : ` (${metadata})`}`,
  );

const codes = ({ diagnostics }: ClusterPlan): readonly string[] =>
  diagnostics.map(({ severity, code, path }) => `${severity} ${code} ${path}`);

describe('diff', () => {
  test('no ledger: everything is created, and nothing is said about metadata', async () => {
    const { changes, approvalsRequired } = plan(await ofYaml(TWO_GRAPHS), undefined);
    expect(lines(changes)).toEqual([
      'create graph.fleet: applied',
      'create graph.yard: applied',
      'create policy.gate: applied',
      'create policy.hall: applied',
      'create provider.embedding.default: applied',
      'create query.fleet.vessel_by_imo: applied',
      'create query.yard.vessel_by_imo: applied',
      'create schema.fleet: applied',
      'create schema.yard: applied',
    ]);
    expect(approvalsRequired).toEqual([]);
  });

  test('a converged cluster: nothing', async () => {
    const desired = await ofYaml(TWO_GRAPHS);
    expect(plan(desired, appliedLedger(desired))).toEqual({
      configDigest: desired.configDigest,
      changes: [],
      blastRadius: [],
      approvalsRequired: [],
      approved: new Map(),
      diagnostics: [],
    });
  });

  test('a revision with errors plans nothing, least of all deletes', async () => {
    const ledger = appliedLedger(await desiredOf());
    const broken = await loadDesired(memoryFolder({ ...FLEET_FILES, 'cluster.yaml': 'version: 1\nwat: 1\n' }));
    expect(plan(broken, ledger).changes).toEqual([]);
    expect(plan(broken, undefined).changes).toEqual([]);
  });

  test('one edited query file updates every query in it and the graph', async () => {
    const ledger = appliedLedger(await desiredOf());
    const edited = await desiredOf({ 'queries/fleet.gq': `${FLEET_FILES['queries/fleet.gq']}\n` });
    const { changes, blastRadius } = plan(edited, ledger);
    expect(lines(changes)).toEqual(['update graph.fleet: derived', 'update query.fleet.vessel_by_imo: applied']);
    expect(blastRadius).toEqual([
      { resource: 'graph.fleet', affected: ['policy.gate', 'query.fleet.vessel_by_imo', 'schema.fleet'] },
    ]);
  });

  test('only applies_to edited: an update with equal digests', async () => {
    const ledger = appliedLedger(await ofYaml(TWO_GRAPHS));
    const yaml = TWO_GRAPHS.replace('applies_to: [yard]', 'applies_to: [cluster]');
    const desired = await ofYaml(yaml);
    const digest = desired.resources.get('policy.hall')?.digest;
    expect(plan(desired, ledger).changes).toEqual([
      {
        resource: 'policy.hall',
        operation: 'update',
        before_digest: digest,
        after_digest: digest,
        binding_change: true,
        metadata_change: 'policy_bindings',
        disposition: 'applied',
      },
    ]);
  });

  test('bindings and profiles missing from the ledger are backfilled', async () => {
    const desired = await ofYaml(TWO_GRAPHS);
    const ledger = appliedLedger(desired, (resources) => {
      for (const address of ['policy.gate', 'provider.embedding.default']) {
        resources.set(address, { digest: desired.resources.get(address)?.digest ?? '' });
      }
    });
    expect(lines(plan(desired, ledger).changes)).toEqual([
      'update policy.gate: applied (policy_bindings)',
      'update provider.embedding.default: applied (embedding_profile)',
    ]);
  });

  test('an edit without effect changes the config digest and nothing else', async () => {
    const before = await desiredOf();
    const after = await ofYaml(`${CLUSTER_YAML}metadata: { name: harbour }\n`);
    expect(after.configDigest).not.toBe(before.configDigest);
    expect(plan(after, appliedLedger(before)).changes).toEqual([]);
  });
});

describe('dispositions', () => {
  const YARD = `version: 1
graphs: { yard: { schema: fleet.pg, queries: queries/ } }
policies: { hall: { file: gate.policy.yaml, applies_to: [yard] } }
`;
  const R = { pendingGraphs: new Set(['yard']) };

  test('graph, schema, query and bound policy creates wait for a pending recovery', async () =>
    expect(lines(plan(await ofYaml(YARD), emptyLedger(null), R).changes)).toEqual([
      'create graph.yard: blocked cluster_recovery_pending',
      'create policy.hall: blocked cluster_recovery_pending',
      'create query.yard.vessel_by_imo: blocked cluster_recovery_pending',
      'create schema.yard: blocked cluster_recovery_pending',
    ]));

  test('schema and query updates wait for a pending recovery', async () => {
    const ledger = appliedLedger(await ofYaml(YARD));
    const desired = await desiredOf({
      'cluster.yaml': YARD,
      'fleet.pg': `${FLEET_PG}node Port { code: String @key }\n`,
      'queries/fleet.gq': `${FLEET_FILES['queries/fleet.gq']}\n`,
      'gate.policy.yaml': 'version: 1\n',
    });
    expect(lines(plan(desired, ledger, R).changes)).toEqual([
      'update graph.yard: derived',
      'update policy.hall: blocked cluster_recovery_pending',
      'update query.yard.vessel_by_imo: blocked cluster_recovery_pending',
      'update schema.yard: blocked cluster_recovery_pending',
    ]);
    expect(lines(plan(desired, ledger).changes)).toEqual([
      'update graph.yard: derived',
      'update policy.hall: applied',
      'update query.yard.vessel_by_imo: applied',
      'update schema.yard: applied',
    ]);
  });

  test('a graph delete without approval blocks its schema and queries; its policy goes at once, with a warning', async () => {
    const planned = plan(await ofYaml('version: 1\n'), appliedLedger(await ofYaml(YARD)));
    expect(lines(planned.changes)).toEqual([
      'delete graph.yard: blocked approval_required',
      'delete policy.hall: applied',
      'delete query.yard.vessel_by_imo: blocked approval_required',
      'delete schema.yard: blocked approval_required',
    ]);
    expect(planned.approvalsRequired).toMatchObject([{ resource: 'graph.yard', satisfied: false }]);
    expect(codes(planned)).toEqual(['warning policy_unbound_before_graph_delete policy.hall']);
  });

  test('a graph delete waits for a pending recovery', async () =>
    expect(lines(plan(await ofYaml('version: 1\n'), appliedLedger(await ofYaml(YARD)), R).changes)).toEqual([
      'delete graph.yard: blocked cluster_recovery_pending',
      'delete policy.hall: applied',
      'delete query.yard.vessel_by_imo: blocked approval_required',
      'delete schema.yard: blocked cluster_recovery_pending',
    ]));

  test('a schema create without its graph create, and what hangs on it', async () => {
    const desired = await ofYaml(YARD);
    const ledger = appliedLedger(desired, (resources) => {
      resources.delete('schema.yard');
      resources.delete('query.yard.vessel_by_imo');
    });
    expect(lines(plan(desired, ledger).changes)).toEqual([
      'update graph.yard: deferred apply_unsupported_kind',
      'create query.yard.vessel_by_imo: blocked dependency_not_applied',
      'create schema.yard: blocked cluster_recovery_pending',
    ]);
  });

  test('a schema delete on its own is deferred and gated', async () => {
    const desired = await ofYaml('version: 1\n');
    const ledger = appliedLedger(await ofYaml(YARD), (resources) => {
      for (const address of ['graph.yard', 'policy.hall', 'query.yard.vessel_by_imo']) resources.delete(address);
    });
    const planned = plan(desired, ledger);
    expect(lines(planned.changes)).toEqual(['delete schema.yard: deferred apply_unsupported_kind']);
    expect(planned.approvalsRequired).toMatchObject([{ resource: 'schema.yard', satisfied: false }]);
  });

  test('a query delete applies while its graph stays', async () => {
    const planned = plan(await ofYaml(YARD.replace(', queries: queries/', '')), appliedLedger(await ofYaml(YARD)));
    expect(lines(planned.changes)).toEqual(['update graph.yard: derived', 'delete query.yard.vessel_by_imo: applied']);
  });

  test('an unknown address is deferred', async () => {
    const desired = await desiredOf();
    const ledger = appliedLedger(desired, (resources) => resources.set('view.fleet', { digest: 'x' }));
    expect(lines(plan(desired, ledger).changes)).toEqual(['delete view.fleet: deferred apply_unsupported_kind']);
  });

  const WITHOUT_YARD = `version: 1
graphs:
  fleet: { schema: fleet.pg, queries: queries/ }
policies:
  gate: { file: gate.policy.yaml, applies_to: [fleet] }
`;

  test('H9: the provider of a graph whose delete is blocked stays', async () => {
    const ledger = appliedLedger(await ofYaml(TWO_GRAPHS));
    expect(lines(plan(await ofYaml(WITHOUT_YARD), ledger).changes)).toContain(
      'delete provider.embedding.default: blocked dependency_not_applied',
    );
    const changed = await ofYaml(
      `providers: { embedding: { default: { kind: mock, model: demo-9 } } }\n${WITHOUT_YARD}`,
    );
    expect(lines(plan(changed, ledger).changes)).toContain(
      'update provider.embedding.default: blocked dependency_not_applied',
    );
  });

  test('H9: it goes together with the graph once that is approved', async () => {
    const desired = await ofYaml(WITHOUT_YARD);
    const ledger = appliedLedger(await ofYaml(TWO_GRAPHS));
    const planned = plan(desired, ledger, { approvals: [approvalFor(desired, ledger, 'graph.yard')] });
    expect(lines(planned.changes)).toEqual([
      'delete graph.yard: applied',
      'delete policy.hall: applied',
      'delete provider.embedding.default: applied',
      'delete query.yard.vessel_by_imo: applied',
      'delete schema.yard: applied',
    ]);
    expect(codes(planned)).toEqual([]);
  });
});

/** An approval that binds exactly what is planned. */
const approvalFor = (desired: DesiredRevision, ledger: Ledger, resource: string, id = '01JA'): Approval => ({
  schema_version: 1,
  approval_id: id,
  resource,
  operation: 'delete',
  reason: 'gone',
  bound_config_digest: desired.configDigest ?? '',
  bound_before_digest: ledger.applied_revision.resources.get(resource)?.digest ?? null,
  bound_after_digest: null,
  approved_by: 'mira',
  created_at: '2031-02-03T04:05:06Z',
  consumed_at: null,
  consumed_by_operation: null,
});

describe('approvals', () => {
  const EMPTY = 'version: 1\ngraphs: {}\n';

  const scenario = async (change: (approval: Approval) => readonly Approval[], consumed: readonly string[] = []) => {
    const desired = await ofYaml(EMPTY);
    const applied = appliedLedger(await desiredOf());
    const ledger: Ledger = { ...applied, approval_records: new Map(consumed.map((id) => [id, {}])) };
    return plan(desired, ledger, { approvals: change(approvalFor(desired, ledger, 'graph.fleet')) });
  };

  test('a matching one authorizes graph, schema and queries', async () => {
    const planned = await scenario((approval) => [approval]);
    expect(lines(planned.changes).filter((line) => line.includes('blocked'))).toEqual([]);
    expect(planned.approvalsRequired).toMatchObject([{ resource: 'graph.fleet', satisfied: true }]);
    expect(planned.approved.get('graph.fleet')?.approval_id).toBe('01JA');
  });

  test('of several the lowest id counts', async () => {
    const planned = await scenario((approval) => [
      { ...approval, approval_id: '01JC' },
      { ...approval, approval_id: '01JB' },
      { ...approval, approval_id: '01J0', bound_before_digest: 'other' },
    ]);
    expect(planned.approved.get('graph.fleet')?.approval_id).toBe('01JB');
    expect(codes(planned)).toEqual([]);
  });

  test.each<[string, Partial<Approval>]>([
    ['another config', { bound_config_digest: 'x' }],
    ['another state before', { bound_before_digest: 'x' }],
    ['another state after', { bound_after_digest: 'x' }],
    ['another operation', { operation: 'update' }],
  ])('%s makes it stale', async (_, change) => {
    const planned = await scenario((approval) => [{ ...approval, ...change }]);
    expect(planned.approvalsRequired).toMatchObject([{ satisfied: false }]);
    expect(codes(planned)).toContain('warning approval_stale graph.fleet');
  });

  test('a consumed one neither authorizes nor is stale', async () => {
    const stamped = await scenario((approval) => [{ ...approval, consumed_at: 'x', consumed_by_operation: 'apply' }]);
    const recorded = await scenario((approval) => [approval], ['01JA']);
    for (const planned of [stamped, recorded]) {
      expect(planned.approvalsRequired).toMatchObject([{ satisfied: false }]);
      expect(codes(planned)).not.toContain('warning approval_stale graph.fleet');
    }
  });

  test('config edited and restored byte for byte: it authorizes again', async () => {
    const ledger = appliedLedger(await desiredOf());
    const approval = approvalFor(await ofYaml(EMPTY), ledger, 'graph.fleet');
    const edited = plan(await ofYaml(`${EMPTY}metadata: { name: x }\n`), ledger, { approvals: [approval] });
    const restored = plan(await ofYaml(EMPTY), ledger, { approvals: [approval] });
    expect(edited.approvalsRequired).toMatchObject([{ satisfied: false }]);
    expect(restored.approvalsRequired).toMatchObject([{ satisfied: true }]);
  });

  test('two deletes and one approval: only the approved one runs', async () => {
    const desired = await ofYaml('version: 1\n');
    const ledger = appliedLedger(await ofYaml(TWO_GRAPHS));
    const { changes } = plan(desired, ledger, { approvals: [approvalFor(desired, ledger, 'graph.fleet')] });
    expect(lines(changes).filter((line) => line.includes(' graph.'))).toEqual([
      'delete graph.fleet: applied',
      'delete graph.yard: blocked approval_required',
    ]);
  });
});

describe('migration previews', () => {
  const acceptedFleet = async (): Promise<GraphObservation> => {
    const catalog = (await desiredOf()).graphs.get('fleet')?.schema?.catalog;
    if (catalog === undefined) throw new Error('fleet.pg does not compile');
    return {
      kind: 'open',
      accepted: initializeSchema(catalog, '01JZ0000000000000000000000').catalog,
      branches: ['main'],
      entityCounts: new Map([['node:Vessel', 12]]),
    };
  };

  const preview = async (schema: string, observation: GraphObservation | undefined): Promise<ClusterPlan> =>
    plan(
      await desiredOf({ 'fleet.pg': schema, 'queries/fleet.gq': '' }),
      appliedLedger(await desiredOf({ 'queries/fleet.gq': '' })),
      {
        observations: new Map(observation === undefined ? [] : [['fleet', observation]]),
      },
    );

  const FLAGGED = FLEET_PG.replace('name: String?', 'flag: String?');

  test('the steps of a supported change', async () => {
    const planned = await preview(FLAGGED, await acceptedFleet());
    const schema = planned.changes.find(({ resource }) => resource === 'schema.fleet');
    expect(schema?.disposition).toBe('applied');
    expect(schema?.migration?.supported).toBe(true);
    expect(schema?.migration?.steps.map(({ kind }) => kind).sort()).toEqual(['add_property', 'drop_property']);
    expect(codes(planned)).toEqual([]);
  });

  test('an unsupported change is shown and is no error', async () => {
    const planned = await preview(FLEET_PG.replace('String?', 'I64?'), await acceptedFleet());
    const schema = planned.changes.find(({ resource }) => resource === 'schema.fleet');
    expect(schema?.migration?.supported).toBe(false);
    expect(planned.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each<[string, GraphObservation]>([
    ['a missing root', { kind: 'missing' }],
    ['an unreadable root', { kind: 'unreadable', message: 'permission denied' }],
  ])('%s is a warning', async (_, observation) => {
    const planned = await preview(FLAGGED, observation);
    expect(planned.changes.some(({ migration }) => migration !== undefined)).toBe(false);
    expect(codes(planned)).toEqual(['warning schema_preview_unavailable schema.fleet']);
  });

  test('live branches: the migration and a warning that names them', async () => {
    const observation = await acceptedFleet();
    if (observation.kind !== 'open') throw new Error('unreachable');
    const planned = await preview(FLAGGED, { ...observation, branches: ['draft', 'main'] });
    expect(planned.changes.some(({ migration }) => migration?.supported === true)).toBe(true);
    expect(codes(planned)).toEqual(['warning schema_preview_unavailable schema.fleet']);
    expect(planned.diagnostics[0]?.message).toContain('draft');
  });

  test('without observations (apply) there is neither', async () => {
    const planned = await preview(FLAGGED, undefined);
    expect(planned.changes.some(({ migration }) => migration !== undefined)).toBe(false);
    expect(codes(planned)).toEqual([]);
  });
});

describe('demotion', () => {
  test('a failed create takes its schema, queries and policies along, and nothing else', async () => {
    const desired = await ofYaml(TWO_GRAPHS);
    const { changes } = plan(desired, emptyLedger(null));
    const demoted = demoteChanges(changes, new Map([['yard', 'graph_create_failed']]), desired, emptyLedger(null));
    expect(lines(demoted)).toEqual([
      'create graph.fleet: applied',
      'create graph.yard: blocked graph_create_failed',
      'create policy.gate: applied',
      'create policy.hall: blocked dependency_not_applied',
      'create provider.embedding.default: applied',
      'create query.fleet.vessel_by_imo: applied',
      'create query.yard.vessel_by_imo: blocked dependency_not_applied',
      'create schema.fleet: applied',
      'create schema.yard: blocked dependency_not_applied',
    ]);
  });

  test('a failed migration is blamed on the schema', async () => {
    const ledger = appliedLedger(await desiredOf());
    const desired = await desiredOf({
      'fleet.pg': `${FLEET_PG}node Port { code: String @key }\n`,
      'queries/fleet.gq': `${FLEET_FILES['queries/fleet.gq']}\n`,
    });
    const demoted = demoteChanges(
      plan(desired, ledger).changes,
      new Map([['fleet', 'schema_apply_failed']]),
      desired,
      ledger,
    );
    expect(lines(demoted)).toEqual([
      'update graph.fleet: derived',
      'update query.fleet.vessel_by_imo: blocked dependency_not_applied',
      'update schema.fleet: blocked schema_apply_failed',
    ]);
  });

  test('a failed delete holds the provider too', async () => {
    const desired = await ofYaml('version: 1\n');
    const ledger = appliedLedger(await ofYaml(TWO_GRAPHS));
    const approvals = [
      approvalFor(desired, ledger, 'graph.fleet', '01JA'),
      approvalFor(desired, ledger, 'graph.yard', '01JB'),
    ];
    const { changes } = plan(desired, ledger, { approvals });
    const demoted = demoteChanges(changes, new Map([['yard', 'graph_delete_failed']]), desired, ledger);
    expect(lines(demoted)).toEqual([
      'delete graph.fleet: applied',
      'delete graph.yard: blocked graph_delete_failed',
      'delete policy.gate: applied',
      'delete policy.hall: applied',
      'delete provider.embedding.default: blocked dependency_not_applied',
      'delete query.fleet.vessel_by_imo: applied',
      'delete query.yard.vessel_by_imo: blocked dependency_not_applied',
      'delete schema.fleet: applied',
      'delete schema.yard: blocked dependency_not_applied',
    ]);
  });
});
