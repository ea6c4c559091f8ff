/**
 * What refresh and import share: the ledger is brought to what is observably there. Contract: cluster.md §16. The blobs
 * are verified before the graphs are looked at, so that renewed composites leave out what was lost.
 */
import {
  checkComposites,
  clusterError,
  clusterWarning,
  corruptStateKey,
  type DesiredRevision,
  type Diagnostic,
  emptyLedger,
  hasErrors,
  type ObserveReport,
  STATE_KEY,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { openClusterStore } from './cluster-store.js';
import { loadDesiredFrom } from './desired.js';
import { type LedgerSnapshot, ledgerProblem, readLedger, writeLedger } from './ledger.js';
import { draftOf, type LedgerDraft, nextRevision, renewDraft } from './ledger-draft.js';
import { type LockView, withLock } from './lock.js';
import { observeGraphs } from './observe-graphs.js';
import { type ControlOptions, type ControlRuntime, runtimeOf } from './runtime.js';
import { observeState, recordedState } from './state-observations.js';
import { finishSweep, sweepSidecars } from './sweep.js';
import { verifyCatalog } from './verify-catalog.js';

export type ObserveOperation = ObserveReport['command'];

/** Runs one of the two commands. What went wrong is in the report's diagnostics; a rejection is a bug. */
export async function observeCluster(operation: ObserveOperation, options: ControlOptions): Promise<ObserveReport> {
  const runtime = runtimeOf(options);
  const { desired } = await loadDesiredFrom(options.configDir);
  const opened = openClusterStore(desired.header, options.configDir, runtime);
  const { store } = opened;
  const report = (findings: Findings): ObserveReport => reportOf({ operation, desired, store, runtime }, findings);
  if (hasErrors(desired.diagnostics)) return report({ diagnostics: [] });
  if (opened.kind === 'refused') return report({ diagnostics: [opened.diagnostic] });

  const enabled = desired.header?.lock ?? true;
  return withLock({ store, operation, enabled, configDir: options.configDir, runtime }, async (lock) => {
    const { view } = lock;
    if (lock.kind === 'refused') return report({ view, diagnostics: lock.diagnostics });
    const snapshot = await readLedger(store);
    const start = startingPoint(operation, snapshot, desired);
    if (start.kind === 'refused') {
      return report({ view, snapshot, diagnostics: [...lock.diagnostics, ...start.diagnostics] });
    }
    const { draft, expectedCas } = start;
    const sweep = await sweepSidecars(store, draft, runtime);
    const diagnostics: Diagnostic[] = [
      ...lock.diagnostics,
      ...sweep.diagnostics,
      ...(await verifyCatalog(store, draft)),
      ...(await observeGraphs({ store, draft, desired, runtime })),
    ];
    renewDraft(draft);
    // An import that could not see everything must leave no ledger that says otherwise.
    if (operation === 'import' && hasErrors(diagnostics)) return report({ view, snapshot, diagnostics });

    const aside = snapshot.kind === 'invalid' ? await setAside(store, snapshot.bytes, runtime) : undefined;
    if (aside !== undefined) diagnostics.push(aside);
    if (aside?.severity === 'error') return report({ view, snapshot, diagnostics });
    const ledger = nextRevision(draft);
    const write = await writeLedger(store, ledger, expectedCas);
    if (write.kind === 'failed') {
      const onDisk = await readLedger(store);
      return report({ view, snapshot: onDisk, diagnostics: [...diagnostics, write.diagnostic] });
    }
    diagnostics.push(...(await finishSweep(store, sweep, draft)));
    return report({ view, snapshot: { kind: 'ledger', ledger, cas: write.cas }, diagnostics });
  });
}

type StartingPoint =
  | { readonly kind: 'ready'; readonly draft: LedgerDraft; readonly expectedCas: string | undefined }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] };

function startingPoint(operation: ObserveOperation, snapshot: LedgerSnapshot, desired: DesiredRevision): StartingPoint {
  const fresh = (expectedCas?: string): StartingPoint => ({
    kind: 'ready',
    draft: draftOf(emptyLedger(desired.configDigest ?? null)),
    expectedCas,
  });
  const problem = ledgerProblem(snapshot);
  switch (operation) {
    case 'import':
      if (snapshot.kind === 'missing') return fresh();
      // H13: bytes that are no JSON cannot be repaired, so import rebuilds; a ledger it merely refuses stays untouched.
      if (snapshot.kind === 'invalid' && snapshot.replaceable) return fresh(snapshot.cas);
      return {
        kind: 'refused',
        diagnostics: [snapshot.kind === 'ledger' ? alreadyExists() : (problem ?? alreadyExists())],
      };
    case 'refresh': {
      if (snapshot.kind !== 'ledger') return { kind: 'refused', diagnostics: problem ? [problem] : [] };
      // Before the sweep: recovery must never re-sign forged metadata.
      const forged = checkComposites(snapshot.ledger.applied_revision.resources);
      if (forged.length > 0) return { kind: 'refused', diagnostics: forged };
      return { kind: 'ready', draft: draftOf(snapshot.ledger), expectedCas: snapshot.cas };
    }
    default:
      return operation satisfies never;
  }
}

const alreadyExists = (): Diagnostic =>
  clusterError('state_already_exists', STATE_KEY, 'this cluster has a ledger already', {
    remedy: 'run `omnigraph cluster refresh` to bring it up to date',
  });

/** Keeps the bytes of an unparseable ledger beside the new one. */
async function setAside(store: ObjectStore, bytes: Uint8Array, runtime: ControlRuntime): Promise<Diagnostic> {
  const key = corruptStateKey(runtime.newId());
  try {
    await store.write(key, bytes);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return clusterError('state_write_error', STATE_KEY, error.message);
  }
  return clusterWarning('state_ledger_replaced', STATE_KEY, 'the ledger was not JSON and is rebuilt', {
    remedy: `its bytes are kept in ${store.display(key)}`,
  });
}

interface Context {
  readonly operation: ObserveOperation;
  readonly desired: DesiredRevision;
  readonly store: ObjectStore;
  readonly runtime: ControlRuntime;
}

interface Findings {
  readonly view?: LockView;
  /** What is on storage now, as far as it is known. */
  readonly snapshot?: LedgerSnapshot;
  /** Besides those of the configuration. */
  readonly diagnostics: readonly Diagnostic[];
}

function reportOf({ operation, desired, store, runtime }: Context, findings: Findings): ObserveReport {
  const { view = {}, snapshot } = findings;
  const diagnostics = [...desired.diagnostics, ...findings.diagnostics];
  return {
    command: operation,
    ok: !hasErrors(diagnostics),
    config_dir: desired.configDir,
    state_observations: observeState(store, snapshot, view, runtime.now()),
    ...recordedState(snapshot),
    diagnostics,
  };
}
