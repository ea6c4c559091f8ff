/**
 * Which gated changes an approval authorizes. Contract: cluster.md §9 (gates) and the binding rules of §13.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import { byCodeUnit, graphAddress, parseAddress } from './address.js';
import { clusterWarning } from './cluster-diagnostic.js';
import type { Approval } from './documents.js';
import type { Ledger } from './ledger.js';
import type { ResourceDifference } from './plan.js';

/** The differences that need an approval: every graph delete, and schema deletes that no graph delete carries. */
export function gatedDifferences(differences: readonly ResourceDifference[]): readonly ResourceDifference[] {
  const deletes = differences.filter((difference) => difference.operation === 'delete');
  const deleted = new Set(deletes.map((difference) => difference.resource));
  return deletes.filter(({ resource }) => {
    const address = parseAddress(resource);
    return address.kind === 'graph' || (address.kind === 'schema' && !deleted.has(graphAddress(address.graph)));
  });
}

/** Why a gated difference needs a person's consent; the `reason` of its gate and of its approval. */
export const gateReason = ({ resource }: ResourceDifference): string =>
  parseAddress(resource).kind === 'graph'
    ? 'deleting a graph removes its root with every row, branch and commit'
    : 'deleting a schema removes the declaration its graph depends on';

export interface MatchedApprovals {
  /** Gated address → the matching approval of lowest id. */
  readonly approved: ReadonlyMap<string, Approval>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the approvals that cover gated differences. An approval binds the config digest and the change's digests; one
 * that the file or the ledger says is consumed binds nothing (H3). Warns `approval_stale` where only others exist.
 */
export function matchApprovals(
  differences: readonly ResourceDifference[],
  approvals: readonly Approval[],
  ledger: Ledger | undefined,
  configDigest: string | undefined,
): MatchedApprovals {
  const unconsumed = approvals
    .filter((approval) => !isConsumed(approval, ledger))
    .sort((left, right) => byCodeUnit(left.approval_id, right.approval_id));
  const approved = new Map<string, Approval>();
  const diagnostics: Diagnostic[] = [];
  for (const difference of gatedDifferences(differences)) {
    const candidates = unconsumed.filter((approval) => approval.resource === difference.resource);
    const match = candidates.find((approval) => covers(approval, difference, configDigest));
    if (match !== undefined) approved.set(difference.resource, match);
    else if (candidates.length > 0) diagnostics.push(staleApproval(difference.resource, candidates));
  }
  return { approved, diagnostics };
}

/** Consumed by its own stamp, or because the ledger says so although the file was never stamped (H3). */
export const isConsumed = (approval: Approval, ledger: Ledger | undefined): boolean =>
  approval.consumed_at !== null || (ledger?.approval_records.has(approval.approval_id) ?? false);

const covers = (approval: Approval, change: ResourceDifference, configDigest: string | undefined): boolean =>
  configDigest !== undefined &&
  approval.operation === change.operation &&
  approval.bound_config_digest === configDigest &&
  approval.bound_before_digest === (change.before_digest ?? null) &&
  approval.bound_after_digest === (change.after_digest ?? null);

const staleApproval = (resource: string, candidates: readonly Approval[]): Diagnostic =>
  clusterWarning(
    'approval_stale',
    resource,
    `configuration or ledger changed since ${candidates.map((approval) => approval.approval_id).join(', ')} was given`,
    { remedy: `review the plan and run \`omnigraph cluster approve ${resource}\` again` },
  );
