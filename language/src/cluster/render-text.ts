/**
 * Reports for people: a verdict line, body lines, then every diagnostic. The layouts are those of the examples in
 * cluster.md §§11–16, the change lines those of §10.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import { reportedDiagnostic } from './cluster-diagnostic.js';
import type { Change } from './plan.js';
import { renderDependencyGraph } from './render-mermaid.js';
import { renderDataImpact, renderPlanStep } from './render-step.js';
import type {
  ApplyReport,
  ApproveReport,
  ClusterReport,
  ForceUnlockReport,
  GcReport,
  ObserveReport,
  PlanReport,
  StateObservations,
  StatusReport,
  ValidateReport,
} from './report.js';

/** The text of a report, with a trailing newline. */
export const renderReportText = (report: ClusterReport): string => {
  const diagnostics = report.diagnostics.map(renderDiagnosticLine);
  // A drawing is read by a program, for which the rest is comment.
  const isDrawing = report.command === 'graph' && report.ok;
  const lines = [...body(report), ...(isDrawing ? diagnostics.map((line) => `%% ${line}`) : diagnostics)];
  return lines.map((line) => `${line}\n`).join('');
};

/** `ERROR <code> <path>: <message>`, or `WARN  …`. */
export function renderDiagnosticLine(diagnostic: Diagnostic): string {
  const { severity, code, path, message } = reportedDiagnostic(diagnostic);
  return `${severity === 'error' ? 'ERROR' : 'WARN '} ${code} ${path}: ${message}`;
}

/** `Update policy.gate [bindings]`: the operation, the address, what is special about it. */
export const renderChange = (change: Change): string =>
  `${capitalized(change.operation)} ${change.resource}${change.binding_change ? ' [bindings]' : ''}`;

function body(report: ClusterReport): readonly string[] {
  switch (report.command) {
    case 'validate':
      return validateLines(report);
    case 'plan':
      return planLines(report);
    case 'apply':
      return applyLines(report);
    case 'status':
      return statusLines(report);
    case 'refresh':
    case 'import':
      return observeLines(report);
    case 'approve':
      return approveLines(report);
    case 'force-unlock':
      return forceUnlockLines(report);
    case 'gc':
      return gcLines(report);
    case 'graph':
      return report.ok ? renderDependencyGraph(report) : [failed(report)];
    default:
      return report satisfies never;
  }
}

function validateLines(report: ValidateReport): readonly string[] {
  if (!report.ok) return [failed(report)];
  const resources = counted(report.resources.length, 'resource');
  return [`validate: ok, ${resources}, ${counted(report.dependencies.length, 'dependency', 'dependencies')}`];
}

function planLines(report: PlanReport): readonly string[] {
  const changes = report.changes.flatMap((change) => [
    `  ${renderChange(change)}`,
    ...(change.migration?.steps ?? []).map((step) => `      ${renderPlanStep(step)}`),
    ...renderDataImpact(change).map((line) => `      ${line}`),
  ]);
  if (!report.ok) return [failed(report), ...changes];
  const gates = counted(report.approvals_required.length, 'approval gate');
  const verdict = `plan: ${counted(report.changes.length, 'change')}, ${gates}`;
  return [verdict, ...(changes.length === 0 ? ['  no changes'] : changes)];
}

function applyLines(report: ApplyReport): readonly string[] {
  const { state_observations: state } = report;
  const changes = report.changes.map((change) => `  ${renderChange(change)} [${dispositionLabel(change)}]`);
  const written = report.state_written ? 'written' : 'not written';
  const counts = `${report.applied_count} applied, ${report.deferred_count} blocked or deferred`;
  const ledger = `  ledger: revision ${state.state_revision}, ${written}, ${report.converged ? 'converged' : 'not converged'}`;
  const isNew = report.state_written && report.applied_count > 0;
  return [
    report.ok ? `apply: ${counts}` : `${failed(report)}, ${counts}`,
    ...(changes.length === 0 && report.ok ? ['  no changes'] : changes),
    ...(state.state_found || report.state_written ? [ledger] : []),
    ...(isNew ? ['  restart servers to serve this revision'] : []),
  ];
}

function statusLines(report: StatusReport): readonly string[] {
  const { state_observations: state } = report;
  const troubled = [...report.resource_statuses]
    .filter(([, { status }]) => status !== 'applied')
    .map(([address, { status, conditions }]) => `  ${address}: ${[status, ...(conditions ?? [])].join(' ')}`);
  return [
    report.ok ? `status: ${ledgerSummary(state)}` : failed(report),
    ...(state.applied_config_digest === undefined ? [] : [`  config: ${state.applied_config_digest}`]),
    `  lock: ${state.locked ? heldLock(state) : 'free'}`,
    ...troubled,
  ];
}

function observeLines(report: ObserveReport): readonly string[] {
  const { state_observations: state } = report;
  return [
    report.ok ? `${report.command}: ${ledgerSummary(state)}` : failed(report),
    ...(state.state_cas === undefined ? [] : [`  cas: ${state.state_cas}`]),
    `  lock: ${state.locked ? heldLock(state) : state.lock_acquired ? 'acquired and released' : 'not taken'}`,
  ];
}

function approveLines(report: ApproveReport): readonly string[] {
  if (!report.ok) return [failed(report)];
  const { operation, resource, approved_by: actor, approval_id: id } = report;
  return [`approve: ${operation} of ${resource} approved by ${actor}, approval ${id}`];
}

function forceUnlockLines(report: ForceUnlockReport): readonly string[] {
  const { state_observations: state } = report;
  if (report.lock_removed) {
    return [`force-unlock: lock removed (id=${state.lock_id}, operation=${state.lock_operation})`];
  }
  return [failed(report), ...(state.locked ? [`  lock: ${heldLock(state)}`] : [])];
}

function gcLines(report: GcReport): readonly string[] {
  const { confirmed, garbage, kept_young: young, older_than_days: days } = report;
  const items = garbage.map(
    ({ path, kind, reason, deleted }) =>
      `  ${deleted ? 'deleted' : confirmed ? 'kept' : 'would delete'} ${kind} ${path}: ${reason}`,
  );
  const found = confirmed
    ? `${counted(report.deleted_count, 'object')} deleted, ${counted(report.deleted_bytes, 'byte')}`
    : `${counted(garbage.length, 'object')} to delete`;
  return [
    report.ok ? `gc: ${found}` : failed(report),
    ...items,
    ...(young === 0 ? [] : [`  ${young} more not needed, kept until ${counted(days, 'day')} old`]),
    ...(confirmed || garbage.length === 0 ? [] : ['  nothing was deleted; pass --confirm to delete']),
  ];
}

const failed = (report: ClusterReport): string =>
  `${report.command}: failed, ${counted(report.diagnostics.filter((each) => each.severity === 'error').length, 'error')}`;

const ledgerSummary = (state: StateObservations): string =>
  state.state_found
    ? `ledger revision ${state.state_revision}, ${counted(state.resource_count, 'resource')}`
    : 'no ledger';

function heldLock(state: StateObservations): string {
  const facts = [
    ['id', state.lock_id],
    ['operation', state.lock_operation],
    ['pid', state.lock_pid],
    ['created_at', state.lock_created_at],
    ['age_seconds', state.lock_age_seconds],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return facts.length === 0 ? 'held' : `held (${facts.join(', ')})`;
}

function dispositionLabel({ disposition, reason }: Change): string {
  const label = capitalized(disposition);
  return reason === undefined ? label : `${label}: ${reason}`;
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
