/**
 * `cluster status`: what the ledger says, and whether its blobs are what it says. Contract: cluster.md §11. It takes no
 * lock, writes nothing and looks neither at graphs nor at the files of the configuration.
 */
import {
  clusterWarning,
  type Diagnostic,
  hasErrors,
  type Ledger,
  LOCK_KEY,
  STATE_KEY,
  type StatusReport,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { inspectBlobs } from './catalog.js';
import { openClusterStore } from './cluster-store.js';
import { loadHeaderFrom } from './desired.js';
import { type LedgerSnapshot, ledgerProblem, readLedger } from './ledger.js';
import { type LockView, observeLock } from './lock.js';
import { type ControlOptions, runtimeOf } from './runtime.js';
import { warnOfSidecars } from './sidecars.js';
import { observeState, recordedState } from './state-observations.js';

/** Reports the recorded state. What went wrong is in the report's diagnostics; a rejection is a bug. */
export async function clusterStatus(options: ControlOptions): Promise<StatusReport> {
  const runtime = runtimeOf(options);
  const loaded = await loadHeaderFrom(options.configDir);
  const opened = openClusterStore(loaded.header, options.configDir, runtime);
  const { store } = opened;
  const report = (found: readonly Diagnostic[], view: LockView = {}, snapshot?: LedgerSnapshot): StatusReport => {
    const diagnostics = [...loaded.diagnostics, ...found];
    return {
      command: 'status',
      ok: !hasErrors(diagnostics),
      config_dir: loaded.configDir,
      state_observations: observeState(store, snapshot, view, runtime.now()),
      ...recordedState(snapshot),
      diagnostics,
    };
  };
  if (hasErrors(loaded.diagnostics)) return report([]);
  if (opened.kind === 'refused') return report([opened.diagnostic]);

  const lock = await viewLock(store);
  const sidecars = await warnOfSidecars(store);
  const snapshot = await readLedger(store);
  const ledgerDiagnostics =
    snapshot.kind === 'ledger' ? await describeBlobs(store, snapshot.ledger) : describeProblem(snapshot);
  return report([...lock.diagnostics, ...sidecars, ...ledgerDiagnostics], lock.view, snapshot);
}

async function viewLock(
  store: ObjectStore,
): Promise<{ readonly view: LockView; readonly diagnostics: readonly Diagnostic[] }> {
  const reading = await observeLock(store, 'warning');
  switch (reading.kind) {
    case 'absent':
      return { view: {}, diagnostics: [] };
    case 'held':
      return { view: { foreign: { document: reading.document } }, diagnostics: [] };
    case 'invalid':
      return { view: { foreign: {} }, diagnostics: reading.diagnostics };
    case 'unreadable':
      return { view: {}, diagnostics: [clusterWarning('state_lock_read_error', LOCK_KEY, reading.message)] };
    default:
      return reading satisfies never;
  }
}

function describeProblem(snapshot: LedgerSnapshot): readonly Diagnostic[] {
  if (snapshot.kind === 'missing') {
    const warning = clusterWarning('state_missing', STATE_KEY, 'nothing has been recorded for this cluster yet', {
      remedy: 'run `omnigraph cluster import` first',
    });
    return [warning];
  }
  const problem = ledgerProblem(snapshot);
  return problem === undefined ? [] : [problem];
}

async function describeBlobs(store: ObjectStore, ledger: Ledger): Promise<readonly Diagnostic[]> {
  const remedy = 'run `omnigraph cluster refresh`, then `omnigraph cluster apply`';
  const inspected = await inspectBlobs(store, ledger.applied_revision.resources, remedy);
  return inspected.flatMap(({ diagnostic }) => diagnostic ?? []);
}
