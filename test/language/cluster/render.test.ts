/** Reports as text, JSON and Markdown: the layouts of cluster.md §§10–16. */
import {
  type Change,
  type ClusterReport,
  clusterError,
  clusterWarning,
  type Diagnostic,
  type MigrationStep,
  type PlanReport,
  prettyJson,
  renderPlanStep,
  renderReportJson,
  renderReportText,
  type StateObservations,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const STATE: StateObservations = {
  state_path: '/srv/__cluster/state.json',
  lock_path: '/srv/__cluster/lock.json',
  state_found: true,
  state_revision: 7,
  resource_count: 4,
  applied_config_digest: 'a318644e',
  state_cas: 'sha256:91c0',
  locked: false,
  lock_acquired: true,
  acquired_lock_id: '01JL',
};

const HELD: StateObservations = {
  ...STATE,
  locked: true,
  lock_id: '01JZ',
  lock_operation: 'apply',
  lock_created_at: '2031-02-03T04:05:06Z',
  lock_pid: 4711,
  lock_age_seconds: 95,
  lock_acquired: false,
};

const DENY: Diagnostic = clusterWarning(
  'external_blob_ingress_default_deny',
  'graphs.fleet.external_blobs',
  'no base is allowed, so new external blob references will be refused',
);

const HELD_ERROR = clusterError('state_lock_held', '__cluster/lock.json', 'cluster apply holds the lock 01JZ', {
  remedy: 'wait',
});

const STEPS: readonly MigrationStep[] = [
  {
    kind: 'add_property',
    type_kind: 'node',
    type_name: 'Vessel',
    property_name: 'flag',
    property_type: { scalar: 'String', nullable: true, list: false, enum_values: null },
  },
  { kind: 'drop_property', type_kind: 'node', type_name: 'Vessel', property_name: 'name', mode: 'soft' },
];

const CHANGES: readonly Change[] = [
  { resource: 'graph.fleet', operation: 'update', before_digest: '1', after_digest: '2', disposition: 'derived' },
  {
    resource: 'graph.yard',
    operation: 'delete',
    before_digest: '1',
    disposition: 'blocked',
    reason: 'approval_required',
  },
  {
    resource: 'policy.gate',
    operation: 'update',
    before_digest: '1',
    after_digest: '1',
    binding_change: true,
    metadata_change: 'policy_bindings',
    disposition: 'applied',
  },
  {
    resource: 'schema.fleet',
    operation: 'update',
    before_digest: '1',
    after_digest: '2',
    disposition: 'applied',
    migration: { supported: true, steps: STEPS, diagnostics: [] },
  },
  {
    resource: 'schema.yard',
    operation: 'delete',
    before_digest: '1',
    disposition: 'blocked',
    reason: 'approval_required',
  },
];

const PLAN: PlanReport = {
  command: 'plan',
  ok: true,
  config_dir: '.',
  desired_revision: { config_digest: 'c' },
  resource_digests: new Map([['graph.fleet', '2']]),
  dependencies: [{ from: 'schema.fleet', to: 'graph.fleet' }],
  state_observations: STATE,
  changes: CHANGES,
  blast_radius: [{ resource: 'graph.fleet', affected: ['schema.fleet'] }],
  approvals_required: [{ resource: 'graph.yard', reason: 'it deletes rows', satisfied: false }],
  diagnostics: [],
};

const APPLY: ClusterReport = {
  command: 'apply',
  ok: true,
  config_dir: '.',
  desired_revision: {},
  state_observations: STATE,
  changes: CHANGES,
  applied_count: 2,
  deferred_count: 2,
  converged: false,
  state_written: true,
  resource_statuses: new Map(),
  diagnostics: [],
};

const VALIDATE: ClusterReport = {
  command: 'validate',
  ok: true,
  config_dir: '.',
  config_file: './cluster.yaml',
  resource_digests: new Map(),
  resources: ['a', 'b', 'c', 'd'].map((address) => ({ address, kind: 'graph', digest: '' })),
  dependencies: ['a', 'b', 'c', 'd'].map((from) => ({ from, to: 'e' })),
  diagnostics: [DENY],
};

const OBSERVED = {
  ok: true,
  config_dir: '.',
  resource_digests: new Map(),
  resource_statuses: new Map(),
  observations: new Map(),
  diagnostics: [],
};

describe('text', () => {
  test('validate', () =>
    expect(renderReportText(VALIDATE)).toMatchInlineSnapshot(`
      "validate: ok, 4 resources, 4 dependencies
      WARN  external_blob_ingress_default_deny graphs.fleet.external_blobs: no base is allowed, so new external blob references will be refused
      "
    `));

  test('a failed validate names the place in the file', () => {
    const position = { line: 2, character: 4 };
    const range = { start: position, end: position, offset: 0, length: 0 };
    const problem = clusterError('unsupported_state_backend', 'state.backend', 'unknown backend "s3"', {
      uri: 'cluster.yaml',
      range,
      remedy: 'write cluster',
    });
    expect(renderReportText({ ...VALIDATE, ok: false, diagnostics: [problem] })).toMatchInlineSnapshot(`
      "validate: failed, 1 error
      ERROR unsupported_state_backend state.backend: cluster.yaml:3:5: unknown backend "s3"; write cluster
      "
    `);
  });

  test('plan', () =>
    expect(renderReportText(PLAN)).toMatchInlineSnapshot(`
      "plan: 5 changes, 1 approval gate
        Update graph.fleet
        Delete graph.yard
        Update policy.gate [bindings]
        Update schema.fleet
            add_property Vessel.flag: String?
            drop_property Vessel.name [soft]
        Delete schema.yard
      "
    `));

  test('an empty plan and a failed one', () => {
    expect(renderReportText({ ...PLAN, changes: [], approvals_required: [] })).toBe(
      'plan: 0 changes, 0 approval gates\n  no changes\n',
    );
    expect(renderReportText({ ...PLAN, ok: false, changes: [], diagnostics: [HELD_ERROR] })).toBe(
      'plan: failed, 1 error\nERROR state_lock_held __cluster/lock.json: cluster apply holds the lock 01JZ; wait\n',
    );
  });

  test('apply', () =>
    expect(renderReportText(APPLY)).toMatchInlineSnapshot(`
      "apply: 2 applied, 2 blocked or deferred
        Update graph.fleet [Derived]
        Delete graph.yard [Blocked: approval_required]
        Update policy.gate [bindings] [Applied]
        Update schema.fleet [Applied]
        Delete schema.yard [Blocked: approval_required]
        ledger: revision 7, written, not converged
        restart servers to serve this revision
      "
    `));

  test('a failed apply still shows its changes; a converged one asks for no restart', () => {
    expect(renderReportText({ ...APPLY, ok: false, diagnostics: [HELD_ERROR] })).toContain(
      '  Delete graph.yard [Blocked',
    );
    expect(
      renderReportText({
        ...APPLY,
        changes: [],
        applied_count: 0,
        deferred_count: 0,
        converged: true,
        state_written: false,
      }),
    ).toBe('apply: 0 applied, 0 blocked or deferred\n  no changes\n  ledger: revision 7, not written, converged\n');
  });

  test('status', () =>
    expect(
      renderReportText({
        ...OBSERVED,
        command: 'status',
        state_observations: HELD,
        resource_statuses: new Map([
          ['graph.fleet', { status: 'drifted', conditions: ['graph_missing'] }],
          ['schema.fleet', { status: 'applied' }],
        ]),
      }),
    ).toMatchInlineSnapshot(`
      "status: ledger revision 7, 4 resources
        config: a318644e
        lock: held (id=01JZ, operation=apply, pid=4711, created_at=2031-02-03T04:05:06Z, age_seconds=95)
        graph.fleet: drifted graph_missing
      "
    `));

  test('refresh and import', () => {
    expect(renderReportText({ ...OBSERVED, command: 'refresh', state_observations: STATE })).toBe(
      'refresh: ledger revision 7, 4 resources\n  cas: sha256:91c0\n  lock: acquired and released\n',
    );
    expect(
      renderReportText({ ...OBSERVED, command: 'import', state_observations: { ...STATE, lock_acquired: false } }),
    ).toContain('  lock: not taken\n');
  });

  test('approve and force-unlock', () => {
    expect(
      renderReportText({
        command: 'approve',
        ok: true,
        config_dir: '.',
        approval_id: '01JZ8',
        resource: 'graph.yard',
        operation: 'delete',
        approved_by: 'mira',
        diagnostics: [],
      }),
    ).toBe('approve: delete of graph.yard approved by mira, approval 01JZ8\n');
    const unlock = { command: 'force-unlock', config_dir: '.' } as const;
    expect(
      renderReportText({
        ...unlock,
        ok: true,
        state_observations: { ...HELD, locked: false },
        lock_removed: true,
        diagnostics: [],
      }),
    ).toBe('force-unlock: lock removed (id=01JZ, operation=apply)\n');
    expect(
      renderReportText({
        ...unlock,
        ok: false,
        state_observations: HELD,
        lock_removed: false,
        diagnostics: [HELD_ERROR],
      }),
    ).toContain('force-unlock: failed, 1 error\n  lock: held (id=01JZ,');
  });
});

describe('JSON', () => {
  test('plan, member by member', () => {
    const document = JSON.parse(renderReportJson({ ...PLAN, diagnostics: [HELD_ERROR] }));
    expect(Object.keys(document)).toEqual([
      'ok',
      'config_dir',
      'desired_revision',
      'resource_digests',
      'dependencies',
      'state_observations',
      'changes',
      'blast_radius',
      'approvals_required',
      'diagnostics',
    ]);
    expect(document.changes[3]).toEqual({
      resource: 'schema.fleet',
      operation: 'update',
      before_digest: '1',
      after_digest: '2',
      disposition: 'applied',
      migration: { supported: true, steps: STEPS },
    });
    expect(document.changes[0]).not.toHaveProperty('reason');
    expect(document.diagnostics).toEqual([
      {
        code: 'state_lock_held',
        severity: 'error',
        path: '__cluster/lock.json',
        message: 'cluster apply holds the lock 01JZ; wait',
      },
    ]);
  });

  test.each<[ClusterReport, readonly string[]]>([
    [VALIDATE, ['ok', 'config_dir', 'config_file', 'resource_digests', 'resources', 'dependencies', 'diagnostics']],
    [
      APPLY,
      [
        'ok',
        'config_dir',
        'desired_revision',
        'state_observations',
        'changes',
        'applied_count',
        'deferred_count',
        'converged',
        'state_written',
        'resource_statuses',
        'diagnostics',
      ],
    ],
    [
      { ...OBSERVED, command: 'status', state_observations: STATE },
      [
        'ok',
        'config_dir',
        'state_observations',
        'resource_digests',
        'resource_statuses',
        'observations',
        'diagnostics',
      ],
    ],
    [
      { ...OBSERVED, command: 'refresh', state_observations: STATE },
      [
        'ok',
        'operation',
        'config_dir',
        'state_observations',
        'resource_digests',
        'resource_statuses',
        'observations',
        'diagnostics',
      ],
    ],
    [
      { command: 'approve', ok: false, config_dir: '.', diagnostics: [HELD_ERROR] },
      ['ok', 'config_dir', 'diagnostics'],
    ],
    [
      {
        command: 'force-unlock',
        ok: true,
        config_dir: '.',
        state_observations: STATE,
        lock_removed: true,
        diagnostics: [],
      },
      ['ok', 'config_dir', 'state_observations', 'lock_removed', 'diagnostics'],
    ],
  ])('members of $command', (report, members) =>
    expect(Object.keys(JSON.parse(renderReportJson(report)))).toEqual(members),
  );

  test('maps are sorted and every name is a name', () =>
    expect(
      prettyJson({
        map: new Map<string, unknown>([
          ['b', 1n << 60n],
          ['__proto__', { gone: undefined, kept: null }],
          ['10', []],
          ['9', {}],
        ]),
      }),
    ).toMatchInlineSnapshot(`
      "{
        "map": {
          "10": [],
          "9": {},
          "__proto__": {
            "kept": null
          },
          "b": 1152921504606846976
        }
      }
      "
    `));
});

test.each<[MigrationStep, string]>([
  [{ kind: 'add_type', type_kind: 'edge', name: 'Tows' }, 'add_type edge Tows'],
  [{ kind: 'rename_type', type_kind: 'node', from: 'Ship', to: 'Vessel' }, 'rename_type node Ship -> Vessel'],
  [
    { kind: 'rename_property', type_kind: 'node', type_name: 'Vessel', from: 'a', to: 'b' },
    'rename_property Vessel.a -> Vessel.b',
  ],
  [
    { kind: 'add_constraint', type_kind: 'node', type_name: 'Vessel', constraint: { Index: ['a', 'b'] } },
    'add_constraint Vessel @index(a, b)',
  ],
  [
    { kind: 'extend_enum', type_kind: 'node', type_name: 'Vessel', property_name: 'flag', added_values: ['pa', 'mt'] },
    'extend_enum Vessel.flag: +pa, +mt',
  ],
  [
    { kind: 'update_type_metadata', type_kind: 'node', name: 'Vessel', annotations: [] },
    'update_type_metadata node Vessel',
  ],
  [
    { kind: 'update_property_metadata', type_kind: 'node', type_name: 'Vessel', property_name: 'a', annotations: [] },
    'update_property_metadata Vessel.a',
  ],
  [{ kind: 'drop_type', type_kind: 'node', name: 'Vessel', mode: 'soft' }, 'drop_type node Vessel [soft]'],
  [
    { kind: 'unsupported_change', entity: 'node:Vessel.a', reason: 'the type changed', code: 'OG-MF-106' },
    'unsupported_change node:Vessel.a unsupported: the type changed [OG-MF-106]',
  ],
])('step %#', (step, line) => expect(renderPlanStep(step)).toBe(line));
