/**
 * `cluster apply`: makes the world what the configuration says, and publishes it by one ledger write. Contract:
 * cluster.md §12. The plan is computed anew under the lock, so what runs is never a stale preview.
 */
import {
  type ApplyReport,
  type Change,
  checkComposites,
  clusterError,
  clusterWarning,
  type DesiredRevision,
  type Diagnostic,
  demoteChanges,
  gatedDifferences,
  hasErrors,
  type Ledger,
  planCluster,
  type ResourceStatus,
  serializeLedger,
  sortedMap,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { createGraphs, deleteGraphs, migrateSchemas } from './apply-graphs.js';
import { recordOutcome } from './apply-ledger.js';
import { writePayloads } from './apply-payloads.js';
import type { ApplyRun } from './apply-run.js';
import { openClusterStore } from './cluster-store.js';
import { loadDesiredFrom } from './desired.js';
import { InjectedFailpoint } from './failpoints.js';
import { type LedgerSnapshot, type LedgerWrite, ledgerProblem, readLedger, writeLedger } from './ledger.js';
import { draftOf, type LedgerDraft, ledgerOf, nextRevision } from './ledger-draft.js';
import { type LockView, withLock } from './lock.js';
import { type ControlOptions, type ControlRuntime, runtimeOf } from './runtime.js';
import { observeState } from './state-observations.js';
import { finishSweep, type Sweep, sweepSidecars } from './sweep.js';

export interface ApplyOptions extends ControlOptions {
  /** Who is named in commits, sidecars and tombstones. */
  readonly actor?: string;
}

/** Applies the configuration. What went wrong is in the report's diagnostics; a rejection is a bug. */
export async function applyCluster(options: ApplyOptions): Promise<ApplyReport> {
  const runtime = runtimeOf(options);
  const { desired, folder } = await loadDesiredFrom(options.configDir);
  const opened = openClusterStore(desired.header, options.configDir, runtime);
  const context: Context = { desired, store: opened.store, runtime, actor: options.actor };
  if (hasErrors(desired.diagnostics)) return stopped(context, {});
  if (opened.kind === 'refused') return stopped(context, { diagnostics: [opened.diagnostic] });

  const { store } = opened;
  const enabled = desired.header?.lock ?? true;
  return withLock({ store, operation: 'apply', enabled, configDir: options.configDir, runtime }, async (lock) => {
    const { view, diagnostics } = lock;
    if (lock.kind === 'refused') return stopped(context, { view, diagnostics });
    const snapshot = await readLedger(store);
    if (snapshot.kind !== 'ledger') {
      const problem = ledgerProblem(snapshot);
      return stopped(context, { view, snapshot, diagnostics: [...diagnostics, ...(problem ? [problem] : [])] });
    }
    const forged = checkComposites(snapshot.ledger.applied_revision.resources);
    if (forged.length > 0) return stopped(context, { view, snapshot, diagnostics: [...diagnostics, ...forged] });

    const draft = draftOf(snapshot.ledger);
    const sweep = await sweepSidecars(store, draft, runtime);
    const plan = planCluster({
      desired,
      ledger: ledgerOf(draft),
      approvals: sweep.approvals,
      pendingGraphs: sweep.pendingGraphs,
      observations: new Map(),
    });
    const run: ApplyRun = {
      ...context,
      folder,
      ledger: ledgerOf(draft),
      stateCas: snapshot.cas,
      approved: plan.approved,
      changes: plan.changes,
      diagnostics: [
        ...diagnostics,
        ...sweep.diagnostics,
        ...plan.diagnostics,
        ...unapproved(plan.changes, plan.approved),
      ],
      failures: new Map(),
      completed: [],
      deleted: [],
    };
    const isRefused = run.diagnostics.some(({ code }) => code === INVARIANT_VIOLATION);
    if (isRefused || !(await execute(run))) {
      return stopped(context, { view, snapshot, changes: run.changes, diagnostics: run.diagnostics });
    }
    return publish({ run, draft, sweep, snapshot, view });
  });
}

interface Context {
  readonly desired: DesiredRevision;
  readonly store: ObjectStore;
  readonly runtime: ControlRuntime;
  readonly actor: string | undefined;
}

const INVARIANT_VIOLATION = 'apply_approval_invariant_violation';

/** Defensive: nothing gated may ever reach execution without the approval that covers it. */
const unapproved = (changes: readonly Change[], approved: ApplyRun['approved']): readonly Diagnostic[] =>
  gatedDifferences(changes.filter((change) => change.disposition === 'applied'))
    .filter((change) => !approved.has(change.resource))
    .map((change) =>
      clusterError(INVARIANT_VIOLATION, change.resource, 'a gated change was about to run without an approval', {
        remedy: 'report this as a bug of omnigraph',
      }),
    );

/** Steps 7 to 11. Resolves to false when the run must stop before the ledger is touched. */
async function execute(run: ApplyRun): Promise<boolean> {
  try {
    await createGraphs(run);
    await migrateSchemas(run);
    demote(run);
    const warned = warnOfUnapplied(run, new Set());
    if (!(await writePayloads(run))) return false;
    await run.runtime.reach('cluster_apply.after_payload_phase');
    await deleteGraphs(run);
    demote(run);
    warnOfUnapplied(run, warned);
    return true;
  } catch (error) {
    if (!(error instanceof InjectedFailpoint)) throw error;
    run.diagnostics.push(clusterError('injected_failpoint', error.point, error.message));
    return false;
  }
}

function demote(run: ApplyRun): void {
  if (run.failures.size > 0) run.changes = demoteChanges(run.changes, run.failures, run.desired, run.ledger);
}

/** Warns of every change that will not be applied, once. Returns all addresses warned of so far. */
function warnOfUnapplied(run: ApplyRun, warned: ReadonlySet<string>): ReadonlySet<string> {
  const unapplied = run.changes.filter(({ disposition }) => disposition === 'deferred' || disposition === 'blocked');
  for (const { resource, operation, disposition, reason } of unapplied) {
    if (warned.has(resource)) continue;
    const code = disposition === 'deferred' ? 'apply_unsupported_change' : 'apply_dependency_blocked';
    run.diagnostics.push(clusterWarning(code, resource, `its ${operation} is ${disposition}: ${reason ?? 'unknown'}`));
  }
  return new Set(unapplied.map((change) => change.resource));
}

interface Execution {
  readonly run: ApplyRun;
  readonly draft: LedgerDraft;
  readonly sweep: Sweep;
  readonly snapshot: Extract<LedgerSnapshot, { kind: 'ledger' }>;
  readonly view: LockView;
}

/** Steps 12 to 16: the new ledger, its one write, and the clean-up that a later sweep could also do. */
async function publish({ run, draft, sweep, snapshot, view }: Execution): Promise<ApplyReport> {
  const { store } = run;
  const converged = recordOutcome(draft, run, sweep.pendingGraphs);
  const isDirty = serializeLedger(ledgerOf(draft)) !== serializeLedger(snapshot.ledger);
  let current: LedgerSnapshot = snapshot;
  if (isDirty) {
    const ledger = nextRevision(draft);
    const write = await writeUnlessInjected(run, ledger, snapshot.cas);
    if (write.kind === 'failed') {
      run.diagnostics.push(write.diagnostic);
      const onDisk = await readLedger(store);
      return stopped(run, { view, snapshot: onDisk, changes: run.changes, diagnostics: run.diagnostics });
    }
    current = { kind: 'ledger', ledger, cas: write.cas };
  }
  const retired = [...sweep.retired, ...run.completed];
  run.diagnostics.push(...(await finishSweep(store, { retired, approvals: sweep.approvals }, draft)));
  return reportOf(run, {
    view,
    snapshot: current,
    changes: run.changes,
    diagnostics: run.diagnostics,
    outcome: { converged, written: isDirty },
  });
}

async function writeUnlessInjected(run: ApplyRun, ledger: Ledger, expectedCas: string): Promise<LedgerWrite> {
  try {
    await run.runtime.reach('cluster_apply.before_state_write');
  } catch (error) {
    if (!(error instanceof InjectedFailpoint)) throw error;
    return { kind: 'failed', diagnostic: clusterError('injected_failpoint', error.point, error.message) };
  }
  return writeLedger(run.store, ledger, expectedCas);
}

interface Findings {
  readonly view?: LockView;
  /** What is on storage now, as far as it is known. */
  readonly snapshot?: LedgerSnapshot;
  readonly changes?: readonly Change[];
  /** Besides those of the configuration. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** The report of a run that acknowledges nothing: statuses are those on storage. */
const stopped = (context: Context, findings: Findings): ApplyReport => reportOf(context, findings);

function reportOf(
  { desired, store, runtime, actor }: Context,
  findings: Findings & { readonly outcome?: { readonly converged: boolean; readonly written: boolean } },
): ApplyReport {
  const { view = {}, snapshot, changes = [], outcome } = findings;
  const diagnostics = [...desired.diagnostics, ...(findings.diagnostics ?? [])];
  const count = (...dispositions: readonly Change['disposition'][]): number =>
    changes.filter((change) => dispositions.includes(change.disposition)).length;
  return {
    command: 'apply',
    ok: !hasErrors(diagnostics),
    config_dir: desired.configDir,
    ...(actor !== undefined && { actor }),
    desired_revision: { ...(desired.configDigest !== undefined && { config_digest: desired.configDigest }) },
    state_observations: observeState(store, snapshot, view, runtime.now()),
    changes,
    applied_count: outcome === undefined ? 0 : count('applied'),
    deferred_count: count('deferred', 'blocked'),
    converged: outcome?.converged ?? false,
    state_written: outcome?.written ?? false,
    resource_statuses: snapshot?.kind === 'ledger' ? sortedMap(snapshot.ledger.resource_statuses) : NO_STATUSES,
    diagnostics,
  };
}

const NO_STATUSES: ReadonlyMap<string, ResourceStatus> = new Map();
