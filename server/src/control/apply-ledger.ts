/** What a run of apply makes of the ledger, in memory. Contract: cluster.md §12 steps 12 to 14. */
import {
  type Change,
  type DesiredRevision,
  diffResources,
  type LedgerResource,
  owningGraph,
  parseAddress,
  renewComposites,
} from 'omnigraph-language';
import type { ApplyRun } from './apply-run.js';
import { consumption } from './approvals.js';
import { buryGraph, type LedgerDraft, ledgerOf } from './ledger-draft.js';

/** Edits the draft. Returns whether the ledger now says what is desired; only then the config digest is recorded. */
export function recordOutcome(draft: LedgerDraft, run: ApplyRun, pendingGraphs: ReadonlySet<string>): boolean {
  const { desired, changes } = run;
  const now = run.runtime.now();
  const heldGraphs = graphsWithBlockedSchema(changes);
  for (const change of changes) recordChange(draft, change, desired, heldGraphs, pendingGraphs);
  for (const { graph, approval } of run.deleted) {
    buryGraph(draft, { graph, deletedAt: now, approvalId: approval.approval_id, actor: run.actor ?? null });
    draft.approvalRecords.set(approval.approval_id, consumption(now, 'apply'));
  }
  dropStaleStatuses(draft, desired, changes, pendingGraphs);
  draft.resources = new Map(
    renewComposites(draft.resources, (graph, recorded) => {
      const declared = desired.graphs.get(graph);
      if (declared === undefined) return recorded;
      // A migration that did not happen neither widens nor revokes what the graph may refer to.
      const policy = heldGraphs.has(graph) ? recorded.external_blob_policy : declared.blobPolicy;
      return {
        ...(declared.provider !== undefined && { embedding_provider: declared.provider }),
        ...(policy && { external_blob_policy: policy }),
      };
    }),
  );
  const converged = diffResources(desired, ledgerOf(draft)).length === 0;
  if (converged && desired.configDigest !== undefined) draft.configDigest = desired.configDigest;
  return converged;
}

function recordChange(
  draft: LedgerDraft,
  change: Change,
  desired: DesiredRevision,
  heldGraphs: ReadonlySet<string>,
  pendingGraphs: ReadonlySet<string>,
): void {
  const { resource, operation, disposition, reason } = change;
  switch (disposition) {
    case 'applied':
      if (operation === 'delete') {
        draft.resources.delete(resource);
        draft.statuses.delete(resource);
      } else {
        const entry = entryOf(resource, desired);
        if (entry === undefined) throw new Error(`${resource} was applied but is not declared`);
        draft.resources.set(resource, entry);
        draft.statuses.set(resource, { status: 'applied' });
      }
      return;
    case 'blocked':
      // The status of a graph in recovery is the sweep's to say.
      if (reason !== undefined && reason !== 'cluster_recovery_pending') {
        draft.statuses.set(resource, { status: 'blocked', conditions: [reason] });
      }
      return;
    case 'derived': {
      const graph = owningGraph(resource) ?? '';
      if (!heldGraphs.has(graph) && !pendingGraphs.has(graph)) draft.statuses.set(resource, { status: 'applied' });
      return;
    }
    case 'deferred':
      return;
    default:
      disposition satisfies never;
  }
}

function entryOf(address: string, desired: DesiredRevision): LedgerResource | undefined {
  const digest = desired.resources.get(address)?.digest;
  if (digest === undefined) return undefined;
  const parsed = parseAddress(address);
  switch (parsed.kind) {
    case 'policy': {
      const policy = desired.policies.get(parsed.policy);
      return policy && { digest, applies_to: policy.appliesTo };
    }
    case 'embedding_provider': {
      const profile = desired.providers.get(parsed.provider);
      return profile && { digest, embedding_profile: profile };
    }
    case 'graph':
    case 'schema':
    case 'query':
      return { digest };
    case 'unknown':
      return undefined;
    default:
      return parsed satisfies never;
  }
}

const graphsWithBlockedSchema = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(
    changes.flatMap(({ resource, disposition }) => {
      const address = parseAddress(resource);
      const isGraphOrSchema = address.kind === 'graph' || address.kind === 'schema';
      return isGraphOrSchema && disposition === 'blocked' ? [address.graph] : [];
    }),
  );

/**
 * A status outlives its cause when the configuration is changed back: a resource without a change is applied again, and one that is neither recorded nor declared has no status.
 */
function dropStaleStatuses(
  draft: LedgerDraft,
  desired: DesiredRevision,
  changes: readonly Change[],
  pendingGraphs: ReadonlySet<string>,
): void {
  const changed = new Set(changes.map((change) => change.resource));
  for (const [address, { status }] of [...draft.statuses]) {
    if (changed.has(address) || pendingGraphs.has(owningGraph(address) ?? '')) continue;
    if (draft.resources.has(address)) {
      // `drifted` here: a refresh saw a live schema that was not the declared one then, and is now.
      if (status === 'blocked' || status === 'drifted') draft.statuses.set(address, { status: 'applied' });
    } else if (!desired.resources.has(address)) draft.statuses.delete(address);
  }
}
