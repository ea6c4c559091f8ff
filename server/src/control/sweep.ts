/**
 * The recovery sweep. Contract: cluster.md §14. It looks at what an interrupted apply left behind and moves the ledger,
 * in memory, to what is observably true of each graph. It never rolls a graph back and never deletes a root.
 */
import {
  type Approval,
  clusterError,
  clusterWarning,
  type Diagnostic,
  graphAddress,
  graphRootKey,
  type ResourceStatus,
  recoveryKey,
  type Sidecar,
  schemaAddress,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { consumption, readApprovals, stampConsumedApprovals } from './approvals.js';
import { graphLocationOf } from './cluster-store.js';
import type { GraphOperations } from './graph-operations.js';
import { type GraphRoot, recoverGraphRoot } from './graph-roots.js';
import {
  buryGraph,
  type LedgerDraft,
  ledgerOf,
  recordLiveSchema,
  recordRecovery,
  renewDraft,
  setGraphStatus,
} from './ledger-draft.js';
import type { ControlRuntime } from './runtime.js';
import { deleteSidecars, readSidecars } from './sidecars.js';

export interface Sweep {
  /** R of §9: graphs whose sidecar stays. */
  readonly pendingGraphs: ReadonlySet<string>;
  /** Sidecars to delete once the command's ledger write succeeded, or turned out not to be needed. */
  readonly retired: readonly string[];
  readonly approvals: readonly Approval[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Classifies every valid sidecar, in name order, and edits the draft; the ledger is left to the command. */
export async function sweepSidecars(
  store: ObjectStore,
  draft: LedgerDraft,
  runtime: Pick<ControlRuntime, 'graphs' | 'now'>,
): Promise<Sweep> {
  const { sidecars, diagnostics } = await readSidecars(store);
  const { approvals, diagnostics: approvalDiagnostics } = await readApprovals(store);
  const found: Diagnostic[] = [...diagnostics, ...approvalDiagnostics];
  const pendingGraphs = new Set<string>();
  const retired: string[] = [];
  for (const sidecar of sidecars) {
    if (sidecar.kind === 'schema_apply') await clearSchemaApply(store, sidecar.graph_id, runtime.graphs);
    const root = await recoverGraphRoot(store, sidecar.graph_id, runtime.graphs);
    const verdict = classifySidecar(sidecar, root, recordedIn(draft, sidecar.graph_id));
    applyVerdict(draft, sidecar, verdict, runtime.now());
    if (verdict.sidecar === 'keep') pendingGraphs.add(sidecar.graph_id);
    else retired.push(sidecar.operation_id);
    const diagnostic = describeVerdict(verdict, sidecar, store);
    if (diagnostic !== undefined) found.push(diagnostic);
  }
  if (sidecars.length > 0) renewDraft(draft);
  return { pendingGraphs, retired, approvals, diagnostics: found };
}

/**
 * Who holds the cluster lock knows that the process of an older sidecar is gone. The engine, asked on another machine,
 * would wait a quarter of an hour for it.
 */
async function clearSchemaApply(
  store: ObjectStore,
  graph: string,
  operations: Pick<GraphOperations, 'clearSchemaApply'>,
): Promise<void> {
  try {
    await operations.clearSchemaApply(store.below(graphRootKey(graph)));
  } catch (error) {
    // What cannot be written to now is classified, and reported, as such.
    if (!(error instanceof StorageError)) throw error;
  }
}

/** What is left to do after the write: delete the retired sidecars, stamp consumed approvals. Never fails the command. */
export async function finishSweep(
  store: ObjectStore,
  sweep: Pick<Sweep, 'retired' | 'approvals'>,
  draft: LedgerDraft,
): Promise<readonly Diagnostic[]> {
  const warnings = await deleteSidecars(store, sweep.retired);
  await stampConsumedApprovals(store, sweep.approvals, ledgerOf(draft));
  return warnings;
}

interface Recorded {
  readonly schemaDigest: string | undefined;
  readonly hasGraph: boolean;
}

const recordedIn = (draft: LedgerDraft, graph: string): Recorded => ({
  schemaDigest: draft.resources.get(schemaAddress(graph))?.digest,
  hasGraph: draft.resources.has(graphAddress(graph)),
});

export type SidecarVerdict =
  | { readonly sidecar: 'retire'; readonly outcome: 'nothing_to_do' }
  | { readonly sidecar: 'retire'; readonly outcome: 'schema_recorded'; readonly schemaDigest: string }
  | { readonly sidecar: 'retire'; readonly outcome: 'graph_buried' }
  | { readonly sidecar: 'retire'; readonly outcome: 'delete_incomplete' }
  | { readonly sidecar: 'keep'; readonly outcome: 'drifted' }
  | { readonly sidecar: 'keep'; readonly outcome: 'create_incomplete'; readonly message: string }
  | { readonly sidecar: 'keep'; readonly outcome: 'unknown'; readonly message: string };

const NOTHING: SidecarVerdict = { sidecar: 'retire', outcome: 'nothing_to_do' };

/** The tables of §14, row by row. Pure. */
export function classifySidecar(sidecar: Sidecar, root: GraphRoot, recorded: Recorded): SidecarVerdict {
  if (root.kind === 'unverifiable') return { sidecar: 'keep', outcome: 'unknown', message: root.message };
  switch (sidecar.kind) {
    case 'graph_create':
      if (root.kind === 'absent') return NOTHING;
      if (root.kind === 'unopenable') return { sidecar: 'keep', outcome: 'create_incomplete', message: root.message };
      return classifyLive(root.schemaDigest, sidecar, recorded);
    case 'schema_apply':
      if (root.kind === 'absent') return { sidecar: 'keep', outcome: 'unknown', message: 'the graph root is missing' };
      if (root.kind === 'unopenable') return { sidecar: 'keep', outcome: 'unknown', message: root.message };
      return classifyLive(root.schemaDigest, sidecar, recorded);
    case 'graph_delete':
      if (root.kind !== 'absent') return { sidecar: 'retire', outcome: 'delete_incomplete' };
      return recorded.hasGraph ? { sidecar: 'retire', outcome: 'graph_buried' } : NOTHING;
    default:
      return sidecar.kind satisfies never;
  }
}

function classifyLive(live: string, sidecar: Sidecar, recorded: Recorded): SidecarVerdict {
  if (live === recorded.schemaDigest) return NOTHING;
  if (live !== sidecar.desired_schema_digest) return { sidecar: 'keep', outcome: 'drifted' };
  return { sidecar: 'retire', outcome: 'schema_recorded', schemaDigest: live };
}

const APPLIED: ResourceStatus = { status: 'applied' };

function applyVerdict(draft: LedgerDraft, sidecar: Sidecar, verdict: SidecarVerdict, now: Date): void {
  const graph = sidecar.graph_id;
  switch (verdict.outcome) {
    case 'nothing_to_do':
    case 'delete_incomplete':
    case 'unknown':
      return;
    case 'schema_recorded':
      recordLiveSchema(draft, graph, verdict.schemaDigest);
      setGraphStatus(draft, graph, APPLIED);
      recordRecovery(draft, sidecar, now);
      return;
    case 'graph_buried':
      buryGraph(draft, { graph, deletedAt: now, approvalId: sidecar.approval_id, actor: sidecar.actor });
      if (sidecar.approval_id !== undefined) {
        draft.approvalRecords.set(sidecar.approval_id, consumption(now, sidecar.operation_id));
      }
      recordRecovery(draft, sidecar, now);
      return;
    case 'drifted':
      setGraphStatus(draft, graph, { status: 'drifted', conditions: ['actual_applied_state_pending'] });
      return;
    case 'create_incomplete':
      setGraphStatus(draft, graph, { status: 'error', conditions: ['graph_create_incomplete'] });
      return;
    default:
      verdict satisfies never;
  }
}

function describeVerdict(verdict: SidecarVerdict, sidecar: Sidecar, store: ObjectStore): Diagnostic | undefined {
  const address = graphAddress(sidecar.graph_id);
  const place = store.display(recoveryKey(sidecar.operation_id));
  const location = graphLocationOf(store, sidecar.graph_id);
  const moved = sidecar.graph_uri === location ? '' : ` (the sidecar was written for ${sidecar.graph_uri})`;
  const operation = `${sidecar.kind} of ${address}`;
  switch (verdict.outcome) {
    case 'nothing_to_do':
      return undefined;
    case 'schema_recorded':
    case 'graph_buried':
      return clusterWarning(
        'cluster_recovery_rolled_forward',
        place,
        `the interrupted ${operation} had taken effect and is now recorded${moved}`,
      );
    case 'delete_incomplete':
      return clusterWarning(
        'graph_delete_incomplete',
        place,
        `the interrupted ${operation} did not finish; ${location} is still there${moved}`,
        { remedy: 'while its approval holds, apply completes it' },
      );
    case 'drifted':
      return clusterWarning(
        'cluster_recovery_pending',
        place,
        `the interrupted ${operation} left a live schema that is neither the recorded nor the intended one${moved}`,
        { remedy: 'run `omnigraph cluster refresh` to record what is there, then `omnigraph cluster apply`' },
      );
    case 'unknown':
      return clusterWarning(
        'cluster_recovery_pending',
        place,
        `the outcome of the interrupted ${operation} cannot be seen: ${verdict.message}${moved}`,
        { remedy: `make ${location} readable and apply again; if it is gone for good, remove the sidecar by hand` },
      );
    case 'create_incomplete':
      return clusterError(
        'graph_create_incomplete',
        address,
        `the interrupted creation left ${location}, which cannot be opened: ${verdict.message}${moved}`,
        { remedy: `remove ${location} by hand, then run \`omnigraph cluster apply\` again` },
      );
    default:
      return verdict satisfies never;
  }
}
