/**
 * `cluster plan`: what apply would do, computed under the lock from configuration, ledger and the small JSON objects of
 * graph roots. Contract: cluster.md §11. It never loads the native engine and writes nothing but the lock.
 */
import {
  type ClusterPlan,
  type DesiredRevision,
  type Diagnostic,
  type GraphObservation,
  graphsToObserve,
  hasErrors,
  type Ledger,
  type PlanReport,
  planCluster,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { readApprovals } from './approvals.js';
import { openClusterStore } from './cluster-store.js';
import { mapConcurrently } from './concurrently.js';
import { loadDesiredFrom } from './desired.js';
import type { GraphOperations } from './graph-operations.js';
import { observeGraphRoot } from './graph-roots.js';
import { type LedgerSnapshot, readLedger } from './ledger.js';
import { type LockView, withLock } from './lock.js';
import { type ControlOptions, type ControlRuntime, runtimeOf } from './runtime.js';
import { warnOfSidecars } from './sidecars.js';
import { observeState } from './state-observations.js';

/** Plans under the lock. What went wrong is in the report's diagnostics; a rejection is a bug. */
export async function planClusterAt(options: ControlOptions): Promise<PlanReport> {
  const runtime = runtimeOf(options);
  const { desired } = await loadDesiredFrom(options.configDir);
  const opened = openClusterStore(desired.header, options.configDir, runtime);
  const context: Context = { desired, store: opened.store, runtime };
  if (hasErrors(desired.diagnostics)) return report(context, {});
  if (opened.kind === 'refused') return report(context, { diagnostics: [opened.diagnostic] });

  const { store } = opened;
  const enabled = desired.header?.lock ?? true;
  return withLock({ store, operation: 'plan', enabled, configDir: options.configDir, runtime }, async (lock) => {
    const seen = [...lock.diagnostics, ...(await warnOfSidecars(store))];
    if (lock.kind === 'refused') return report(context, { lock: lock.view, diagnostics: seen });
    return planOn(context, lock.view, seen);
  });
}

/** The same plan without the lock: the editor's preview. It writes nothing at all. */
export async function previewCluster(desired: DesiredRevision, options: ControlOptions): Promise<PlanReport> {
  const runtime = runtimeOf(options);
  const opened = openClusterStore(desired.header, options.configDir, runtime);
  const context: Context = { desired, store: opened.store, runtime };
  if (hasErrors(desired.diagnostics)) return report(context, {});
  if (opened.kind === 'refused') return report(context, { diagnostics: [opened.diagnostic] });
  return planOn(context, {}, await warnOfSidecars(opened.store));
}

interface Context {
  readonly desired: DesiredRevision;
  readonly store: ObjectStore;
  readonly runtime: ControlRuntime;
}

async function planOn(context: Context, lock: LockView, seen: readonly Diagnostic[]): Promise<PlanReport> {
  const { desired, store, runtime } = context;
  const snapshot = await readLedger(store);
  if (snapshot.kind === 'invalid' || snapshot.kind === 'unreadable') {
    return report(context, { lock, snapshot, diagnostics: [...seen, snapshot.diagnostic] });
  }
  const ledger = snapshot.kind === 'ledger' ? snapshot.ledger : undefined;
  const { approvals, diagnostics } = await readApprovals(store);
  const plan = planCluster({
    desired,
    ledger,
    approvals,
    pendingGraphs: new Set(),
    observations: await observeGraphs(desired, ledger, store, runtime.graphs),
  });
  return report(context, { lock, snapshot, plan, diagnostics: [...seen, ...diagnostics] });
}

/** What is known of every graph whose schema is to be updated or that is to be deleted. */
async function observeGraphs(
  desired: DesiredRevision,
  ledger: Ledger | undefined,
  store: ObjectStore,
  graphs: Pick<GraphOperations, 'read'>,
): Promise<ReadonlyMap<string, GraphObservation>> {
  const observed = await mapConcurrently(
    graphsToObserve(desired, ledger),
    async (graph): Promise<readonly [string, GraphObservation]> => [graph, await observeGraph(graph, store, graphs)],
  );
  return new Map(observed);
}

async function observeGraph(
  graph: string,
  store: ObjectStore,
  graphs: Pick<GraphOperations, 'read'>,
): Promise<GraphObservation> {
  const root = await observeGraphRoot(store, graph, graphs);
  switch (root.kind) {
    case 'absent':
      return { kind: 'missing' };
    case 'open':
      return {
        kind: 'open',
        accepted: root.accepted,
        branches: root.branches,
        entityCounts: root.entityCounts,
      };
    case 'unopenable':
    case 'unverifiable':
      return { kind: 'unreadable', message: root.message };
    default:
      return root satisfies never;
  }
}

interface Findings {
  readonly lock?: LockView;
  readonly snapshot?: LedgerSnapshot;
  readonly plan?: ClusterPlan;
  readonly diagnostics?: readonly Diagnostic[];
}

function report({ desired, store, runtime }: Context, findings: Findings): PlanReport {
  const { plan } = findings;
  const diagnostics = [...desired.diagnostics, ...(findings.diagnostics ?? []), ...(plan?.diagnostics ?? [])];
  return {
    command: 'plan',
    ok: !hasErrors(diagnostics),
    config_dir: desired.configDir,
    desired_revision: desired.configDigest === undefined ? {} : { config_digest: desired.configDigest },
    resource_digests: new Map([...desired.resources].map(([address, { digest }]) => [address, digest])),
    dependencies: desired.dependencies,
    state_observations: observeState(store, findings.snapshot, findings.lock ?? {}, runtime.now()),
    changes: plan?.changes ?? [],
    blast_radius: plan?.blastRadius ?? [],
    approvals_required: plan?.approvalsRequired ?? [],
    diagnostics,
  };
}
