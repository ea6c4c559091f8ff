/** A plan in the few words that fit beside a line. */
import { type Change, type PlanReport, parseAddress, renderPlanStep } from '../../cluster/index.js';
import type { PlanState } from './previews.js';

/** The title of the lens on top: `Plan: 2 to create, 1 to update, 1 blocked · revision 3 · lock free`. */
export function summaryTitle({ phase, preview }: PlanState): string {
  if (preview === undefined) return phase === 'pending' ? 'Plan: looking at the ledger…' : 'Plan: not available';
  const { report, ledger } = preview;
  const facts = [countsOf(preview.report), ...stateFacts(report, ledger)];
  return `Plan: ${facts.join(' · ')}${phase === 'pending' ? ' · updating…' : ''}`;
}

function countsOf(report: PlanReport): string {
  if (report.desired_revision.config_digest === undefined) return 'none while the configuration has errors';
  const changes = report.changes.filter(({ disposition }) => disposition !== 'derived');
  if (changes.length === 0) return report.changes.length === 0 ? 'no changes' : 'only digests to update';
  const ready = changes.filter(({ disposition }) => disposition === 'applied');
  const counted = [
    ...(['create', 'update', 'delete'] as const).map(
      (operation) => [ready.filter((each) => each.operation === operation).length, `to ${operation}`] as const,
    ),
    [changes.filter(({ disposition }) => disposition === 'blocked').length, 'blocked'] as const,
    [changes.filter(({ disposition }) => disposition === 'deferred').length, 'deferred'] as const,
  ];
  return counted.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ');
}

function stateFacts(
  { state_observations: state }: PlanReport,
  ledger: NonNullable<PlanState['preview']>['ledger'],
): readonly string[] {
  const lock = state.locked ? `locked by ${lockHolder(state)}` : 'lock free';
  switch (ledger) {
    case 'found':
      return [`revision ${state.state_revision}`, lock];
    case 'missing':
      return ['nothing applied yet', ...(state.locked ? [lock] : [])];
    case 'unusable':
      return ['the ledger is unusable'];
    case 'unreachable':
      return ['storage cannot be reached'];
    case 'unknown':
      return [];
    default:
      return ledger satisfies never;
  }
}

/** `apply (pid 4711)`; of a lock that cannot be read, `another command`. */
export function lockHolder({ lock_operation: operation, lock_pid: pid }: PlanReport['state_observations']): string {
  return operation === undefined ? 'another command' : `${operation}${pid === undefined ? '' : ` (pid ${pid})`}`;
}

/** Of one change: `create`, `update, migrates in 2 steps`, `delete, needs approval`. */
export function changePhrase(change: Change): string {
  const facts = [
    change.operation,
    ...(change.metadata_change === 'policy_bindings' ? ['bindings'] : []),
    ...(change.metadata_change === 'embedding_profile' ? ['profile'] : []),
    ...migrationPhrase(change),
    ...(change.disposition === 'derived' ? ['digest only'] : []),
    ...(change.reason === undefined ? [] : [REASONS[change.reason]]),
  ];
  return facts.join(', ');
}

function migrationPhrase({ migration, data_impact: impact }: Change): readonly string[] {
  if (migration === undefined) return [];
  if (!migration.supported) return ['apply will refuse the migration'];
  const rows = impact === undefined || impact.rows === 0 ? '' : ` over ${counted(impact.rows, 'row')}`;
  return migration.steps.length === 0 ? ['text only'] : [`${counted(migration.steps.length, 'step')}${rows}`];
}

/** Of all queries of a graph: `2 to create, 1 to delete`. */
export function queriesPhrase(changes: readonly Change[]): string {
  const counts = (['create', 'update', 'delete'] as const).flatMap((operation) => {
    const { length } = changes.filter((change) => change.operation === operation);
    return length === 0 ? [] : [`${length} to ${operation}`];
  });
  const held = changes.flatMap(({ reason }) => (reason === undefined ? [] : [REASONS[reason]]));
  return [...counts, ...new Set(held)].join(', ');
}

const REASONS: Readonly<Record<NonNullable<Change['reason']>, string>> = {
  approval_required: 'needs approval',
  cluster_recovery_pending: 'waits for recovery',
  dependency_not_applied: 'waits for what it depends on',
  apply_unsupported_kind: 'apply cannot do this',
  graph_create_failed: 'the graph could not be created',
  schema_apply_failed: 'the schema could not be applied',
  graph_delete_failed: 'the graph could not be deleted',
};

/** A sign that reads at a glance in the margin of a line. */
export const signOf = ({ operation, disposition }: Pick<Change, 'operation' | 'disposition'>): string => {
  if (disposition === 'blocked') return '!';
  return operation === 'create' ? '+' : operation === 'delete' ? '−' : '~';
};

/** Everything about one change, as Markdown: for hovers. */
export function changeMarkdown(change: Change): string {
  const { resource, migration, data_impact: impact, before_digest: before, after_digest: after } = change;
  const steps = (migration?.steps ?? []).map((step, at) => {
    const rows = impact?.steps?.[at];
    return `- \`${renderPlanStep(step)}\`${rows === undefined || rows === 0 ? '' : ` (${counted(rows, 'row')})`}`;
  });
  const digests = before === after ? [] : [`${short(before)} → ${short(after)}`];
  return [
    `**${signOf(change)} \`${resource}\`** ${changePhrase(change)}`,
    ...(steps.length === 0 ? [] : [steps.join('\n')]),
    ...(change.operation === 'delete' && impact ? [`${counted(impact.rows, 'row')} would go with it.`] : []),
    ...(change.reason === 'approval_required'
      ? [`Approve with \`omnigraph cluster approve ${resource}\`, then apply.`]
      : []),
    ...digests,
  ].join('\n\n');
}

const short = (digest: string | undefined): string => (digest === undefined ? '∅' : `\`${digest.slice(0, 12)}\``);

export const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

/** What a change belongs to in the file. */
export function anchorOf(change: Change): 'graph' | 'schema' | 'queries' | 'policy' | 'provider' | 'unknown' {
  const address = parseAddress(change.resource);
  switch (address.kind) {
    case 'query':
      return 'queries';
    case 'embedding_provider':
      return 'provider';
    case 'graph':
    case 'schema':
    case 'policy':
    case 'unknown':
      return address.kind;
    default:
      return address satisfies never;
  }
}
