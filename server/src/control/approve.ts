/** `cluster approve`: a person's consent to one gated change, bound to exactly that change. Contract: cluster.md §13. */
import {
  type Approval,
  type ApproveReport,
  clusterError,
  type Diagnostic,
  diffDigests,
  gatedDifferences,
  gateReason,
  hasErrors,
} from 'omnigraph-language';
import { StorageError } from '../storage/index.js';
import { writeApproval } from './approvals.js';
import { openClusterStore } from './cluster-store.js';
import { loadDesiredFrom } from './desired.js';
import { ledgerProblem, readLedger } from './ledger.js';
import { withLock } from './lock.js';
import { type ControlOptions, runtimeOf } from './runtime.js';

export interface ApproveOptions extends ControlOptions {
  /** `graph.<id>` or `schema.<id>`. */
  readonly resource: string;
  /** Who approves; an approval without a name is none. */
  readonly actor: string;
}

/** Writes an approval artifact. What went wrong is in the report's diagnostics; a rejection is a bug. */
export async function approveResource(options: ApproveOptions): Promise<ApproveReport> {
  const { configDir, resource, actor } = options;
  const runtime = runtimeOf(options);
  const { desired } = await loadDesiredFrom(configDir);
  const report = (found: readonly Diagnostic[], approval?: Approval): ApproveReport => {
    const diagnostics = [...desired.diagnostics, ...found];
    return {
      command: 'approve',
      ok: !hasErrors(diagnostics),
      config_dir: desired.configDir,
      ...(approval && {
        approval_id: approval.approval_id,
        resource: approval.resource,
        operation: approval.operation,
        approved_by: approval.approved_by,
      }),
      diagnostics,
    };
  };
  const { configDigest } = desired;
  if (configDigest === undefined || hasErrors(desired.diagnostics)) return report([]);
  const opened = openClusterStore(desired.header, configDir, runtime);
  if (opened.kind === 'refused') return report([opened.diagnostic]);

  const { store } = opened;
  const enabled = desired.header?.lock ?? true;
  return withLock({ store, operation: 'approve', enabled, configDir, runtime }, async (lock) => {
    if (lock.kind === 'refused') return report(lock.diagnostics);
    const snapshot = await readLedger(store);
    if (snapshot.kind !== 'ledger') {
      const problem = ledgerProblem(snapshot);
      return report([...lock.diagnostics, ...(problem ? [problem] : [])]);
    }
    const gates = gatedDifferences(diffDigests(desired, snapshot.ledger));
    const gated = gates.find((difference) => difference.resource === resource);
    if (gated === undefined) {
      return report([
        ...lock.diagnostics,
        notGated(
          resource,
          gates.map((gate) => gate.resource),
        ),
      ]);
    }
    const approval: Approval = {
      schema_version: 1,
      approval_id: runtime.newId(),
      resource,
      operation: gated.operation,
      reason: gateReason(gated),
      bound_config_digest: configDigest,
      bound_before_digest: gated.before_digest ?? null,
      bound_after_digest: gated.after_digest ?? null,
      approved_by: actor,
      created_at: runtime.now().toISOString(),
      consumed_at: null,
      consumed_by_operation: null,
    };
    try {
      await writeApproval(store, approval);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return report([...lock.diagnostics, clusterError('approval_write_error', resource, error.message)]);
    }
    return report(lock.diagnostics, approval);
  });
}

const notGated = (resource: string, gates: readonly string[]): Diagnostic =>
  clusterError('approval_not_required', resource, 'no planned change of this address needs an approval', {
    remedy: gates.length === 0 ? 'nothing in the plan does' : `the plan waits for ${gates.join(', ')}`,
  });
