/** A plan as a pull-request comment: readable, bounded, inert, and the same bytes for the same plan. */
import {
  type Change,
  clusterError,
  clusterWarning,
  MARKDOWN_LIMIT,
  type MigrationStep,
  type PlanReport,
  renderPlanMarkdown,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const CHANGES: readonly Change[] = [
  {
    resource: 'graph.yard',
    operation: 'delete',
    before_digest: '1',
    disposition: 'blocked',
    reason: 'approval_required',
    data_impact: { rows: 7, types: [{ type_kind: 'node', type_name: 'Berth', rows: 7 }] },
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
    migration: {
      supported: true,
      steps: [{ kind: 'drop_property', type_kind: 'node', type_name: 'Vessel', property_name: 'name', mode: 'soft' }],
      diagnostics: [],
    },
    data_impact: { rows: 12, types: [{ type_kind: 'node', type_name: 'Vessel', rows: 12 }], steps: [12] },
  },
];

const PLAN: PlanReport = {
  command: 'plan',
  ok: true,
  config_dir: '.',
  desired_revision: { config_digest: 'c' },
  resource_digests: new Map(),
  dependencies: [],
  state_observations: {
    state_path: '/srv/__cluster/state.json',
    lock_path: '/srv/__cluster/lock.json',
    state_found: true,
    state_revision: 7,
    resource_count: 4,
    locked: false,
    lock_acquired: true,
    acquired_lock_id: '01JL',
  },
  changes: CHANGES,
  blast_radius: [],
  approvals_required: [{ resource: 'graph.yard', reason: 'it deletes rows', satisfied: false }],
  diagnostics: [],
};

test('changes, migrations, rows, approvals and warnings', () =>
  expect(
    renderPlanMarkdown({ ...PLAN, diagnostics: [clusterWarning('approval_stale', 'graph.yard', 'it changed')] }),
  ).toMatchInlineSnapshot(`
    "### Cluster plan: 3 changes, 1 approval needed

    **Approvals**

    - [ ] \`graph.yard\`: it deletes rows, 7 rows now; needs \`omnigraph cluster approve graph.yard\`

    <details><summary>Changes (3)</summary>

    - \`Delete graph.yard\` blocked (approval_required)
    - \`Update policy.gate [bindings]\` applied
    - \`Update schema.fleet\` applied

    </details>

    <details><summary>Migrations and data (5)</summary>

    - \`graph.yard\`
      - \`data: deletes 7 rows (node Berth 7)\`
    - \`schema.fleet\`
      - \`drop_property Vessel.name [soft]\`
      - \`data: touches 12 rows (node Vessel 12)\`

    </details>

    <details><summary>Warnings (1)</summary>

    - \`approval_stale\` \`graph.yard\` \`it changed\`

    </details>
    "
  `));

test('a failed plan shows its errors first, unfolded', () =>
  expect(
    renderPlanMarkdown({
      ...PLAN,
      ok: false,
      changes: [],
      approvals_required: [],
      diagnostics: [clusterError('query_parse_error', 'graphs.fleet.queries', 'a brace is missing')],
    }),
  ).toMatchInlineSnapshot(`
    "### Cluster plan: failed, 1 error

    **Errors**

    - \`query_parse_error\` \`graphs.fleet.queries\` \`a brace is missing\`
    "
  `));

test('nothing to do is one line', () =>
  expect(renderPlanMarkdown({ ...PLAN, changes: [], approvals_required: [] })).toBe('### Cluster plan: no changes\n'));

test('the lock, which differs in every run, is not in it', () => {
  const other = { ...PLAN.state_observations, acquired_lock_id: '01JM' };
  expect(renderPlanMarkdown({ ...PLAN, state_observations: other })).toBe(renderPlanMarkdown(PLAN));
});

test.each([
  ['a mention and markup', '@everyone **look** <script> [x](http://x)', '`@everyone **look** <script> [x](http://x)`'],
  ['backticks', 'use `a` and ``b``', '``` use `a` and ``b`` ```'],
  ['line breaks', 'one\n\n# two\r\n- three', '`one # two - three`'],
])('%s in a message are text', (_, message, expected) => {
  const report = {
    ...PLAN,
    changes: [],
    approvals_required: [],
    diagnostics: [clusterWarning('approval_stale', 'a', message)],
  };
  expect(renderPlanMarkdown(report)).toContain(`- \`approval_stale\` \`a\` ${expected}\n`);
});

describe('a plan too large for a comment', () => {
  const steps: readonly MigrationStep[] = Array.from({ length: 40 }, (_, at) => ({
    kind: 'add_type',
    type_kind: 'node',
    name: `Größe_${'x'.repeat(40)}_${at}`,
  }));
  const changes = Array.from(
    { length: 900 },
    (_, at): Change => ({
      resource: `schema.graph_${at}`,
      operation: 'update',
      disposition: 'applied',
      migration: { supported: true, steps, diagnostics: [] },
    }),
  );
  const warnings = Array.from({ length: 300 }, (_, at) =>
    clusterWarning('approval_stale', `graph.g${at}`, '漢'.repeat(5_000)),
  );
  const text = renderPlanMarkdown({ ...PLAN, changes, diagnostics: warnings });

  test('stays below the limit and uses most of it', () => {
    const size = new TextEncoder().encode(text).length;
    expect(size).toBeLessThanOrEqual(MARKDOWN_LIMIT);
    expect(size).toBeGreaterThan(MARKDOWN_LIMIT * 0.8);
  });

  test.each([
    ['Changes', 900],
    ['Migrations and data', 900 * 41],
    ['Warnings', 300],
  ])('%s: what is left out is counted', (title, total) => {
    const section = text.slice(text.indexOf(`<summary>${title} (${total})`));
    const lines = section
      .slice(0, section.indexOf('</details>'))
      .split('\n')
      .filter((line) => /^ *- /.test(line));
    const omitted = Number(/^- and (\d+) more$/.exec(lines.at(-1) ?? '')?.[1] ?? Number.NaN);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length - 1 + omitted).toBe(total);
  });

  test('every fold is closed', () => expect(text.split('<details>').length).toBe(text.split('</details>').length));
});
