/**
 * Reports as JSON: one pretty document per command, members in the order of cluster.md §§10–16, diagnostics as
 * `{ code, severity, path, message }`.
 */
import { reportedDiagnostic } from './cluster-diagnostic.js';
import type { DataImpact } from './data-impact.js';
import { prettyJson } from './json-text.js';
import type { Change } from './plan.js';
import type { ClusterReport, ObserveReport, StateObservations, StatusReport } from './report.js';

/** The JSON text of a report, with a trailing newline. */
export const renderReportJson = (report: ClusterReport): string =>
  prettyJson({ ...members(report), diagnostics: report.diagnostics.map((each) => reportedDiagnostic(each)) });

function members(report: ClusterReport): Readonly<Record<string, unknown>> {
  const { ok, config_dir } = report;
  switch (report.command) {
    case 'validate':
      return {
        ok,
        config_dir,
        config_file: report.config_file,
        resource_digests: report.resource_digests,
        resources: report.resources.map(({ address, kind, digest, path }) => ({ address, kind, digest, path })),
        dependencies: report.dependencies.map(({ from, to }) => ({ from, to })),
      };
    case 'plan':
      return {
        ok,
        config_dir,
        desired_revision: report.desired_revision,
        resource_digests: report.resource_digests,
        dependencies: report.dependencies.map(({ from, to }) => ({ from, to })),
        state_observations: orderedObservations(report.state_observations),
        changes: report.changes.map(orderedChange),
        blast_radius: report.blast_radius.map(({ resource, affected }) => ({ resource, affected })),
        approvals_required: report.approvals_required.map(({ resource, reason, satisfied }) => ({
          resource,
          reason,
          satisfied,
        })),
      };
    case 'apply':
      return {
        ok,
        config_dir,
        actor: report.actor,
        desired_revision: report.desired_revision,
        state_observations: orderedObservations(report.state_observations),
        changes: report.changes.map(orderedChange),
        applied_count: report.applied_count,
        deferred_count: report.deferred_count,
        converged: report.converged,
        state_written: report.state_written,
        resource_statuses: report.resource_statuses,
      };
    case 'status':
      return { ok, config_dir, ...ledgerMembers(report) };
    case 'refresh':
    case 'import':
      return { ok, operation: report.command, config_dir, ...ledgerMembers(report) };
    case 'approve':
      return {
        ok,
        config_dir,
        approval_id: report.approval_id,
        resource: report.resource,
        operation: report.operation,
        approved_by: report.approved_by,
      };
    case 'force-unlock':
      return {
        ok,
        config_dir,
        state_observations: orderedObservations(report.state_observations),
        lock_removed: report.lock_removed,
      };
    case 'gc':
      return {
        ok,
        config_dir,
        state_observations: orderedObservations(report.state_observations),
        confirmed: report.confirmed,
        older_than_days: report.older_than_days,
        garbage: report.garbage.map((item) => ({
          path: item.path,
          kind: item.kind,
          reason: item.reason,
          size: item.size,
          age_days: item.age_days,
          deleted: item.deleted,
        })),
        kept_young: report.kept_young,
        deleted_count: report.deleted_count,
        deleted_bytes: report.deleted_bytes,
      };
    case 'graph':
      return {
        ok,
        config_dir,
        resources: report.resources.map(({ address, kind, digest, path }) => ({ address, kind, digest, path })),
        dependencies: report.dependencies.map(({ from, to }) => ({ from, to })),
      };
    default:
      return report satisfies never;
  }
}

const ledgerMembers = (report: StatusReport | ObserveReport): Readonly<Record<string, unknown>> => ({
  state_observations: orderedObservations(report.state_observations),
  resource_digests: report.resource_digests,
  resource_statuses: report.resource_statuses,
  observations: report.observations,
});

const orderedObservations = (state: StateObservations): Readonly<Record<string, unknown>> => ({
  state_path: state.state_path,
  lock_path: state.lock_path,
  state_found: state.state_found,
  state_revision: state.state_revision,
  resource_count: state.resource_count,
  applied_config_digest: state.applied_config_digest,
  state_cas: state.state_cas,
  locked: state.locked,
  lock_id: state.lock_id,
  lock_operation: state.lock_operation,
  lock_created_at: state.lock_created_at,
  lock_pid: state.lock_pid,
  lock_age_seconds: state.lock_age_seconds,
  lock_acquired: state.lock_acquired,
  acquired_lock_id: state.acquired_lock_id,
});

const orderedChange = (change: Change): Readonly<Record<string, unknown>> => ({
  resource: change.resource,
  operation: change.operation,
  before_digest: change.before_digest,
  after_digest: change.after_digest,
  disposition: change.disposition,
  reason: change.reason,
  binding_change: change.binding_change,
  metadata_change: change.metadata_change,
  migration: change.migration && { supported: change.migration.supported, steps: change.migration.steps },
  data_impact: change.data_impact && orderedImpact(change.data_impact),
});

const orderedImpact = ({ rows, types, steps }: DataImpact): Readonly<Record<string, unknown>> => ({
  rows,
  types: types.map((type) => ({ type_kind: type.type_kind, type_name: type.type_name, rows: type.rows })),
  steps,
});
