/**
 * `cluster gc`: deletes what nothing in a storage root needs any more, after a look at what that would be. Beyond
 * upstream, which never deletes. Young garbage stays, so that a server that is reading an older ledger finds its blobs.
 */
import {
  CLUSTER_PREFIX,
  checkComposites,
  clusterError,
  type Diagnostic,
  type GarbageItem,
  type GcReport,
  hasErrors,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { openClusterStore } from './cluster-store.js';
import { mapConcurrently } from './concurrently.js';
import { loadHeaderFrom } from './desired.js';
import { findGarbage, type Garbage } from './garbage.js';
import { type LedgerSnapshot, ledgerProblem, readLedger } from './ledger.js';
import { type LockView, withLock } from './lock.js';
import { type ControlOptions, type ControlRuntime, runtimeOf } from './runtime.js';
import { observeState } from './state-observations.js';

/** Days for which garbage is kept at least. */
export const GC_LEAST_DAYS = 7;

export interface GcOptions extends ControlOptions {
  /** Otherwise nothing is deleted. */
  readonly confirm?: boolean;
  /** Default and minimum: `GC_LEAST_DAYS`. */
  readonly olderThanDays?: number;
}

/** Lists the garbage and, when told to, deletes it. What went wrong is in the report; a rejection is a bug. */
export async function collectGarbage(options: GcOptions): Promise<GcReport> {
  const runtime = runtimeOf(options);
  const days = Math.max(options.olderThanDays ?? GC_LEAST_DAYS, GC_LEAST_DAYS);
  const confirmed = options.confirm ?? false;
  const loaded = await loadHeaderFrom(options.configDir);
  const opened = openClusterStore(loaded.header, options.configDir, runtime);
  const { store } = opened;
  const report = (findings: Findings): GcReport => {
    const { view = {}, snapshot, items = [], young = 0 } = findings;
    const diagnostics = [...loaded.diagnostics, ...findings.diagnostics];
    const deleted = items.filter((item) => item.deleted);
    return {
      command: 'gc',
      ok: !hasErrors(diagnostics),
      config_dir: loaded.configDir,
      state_observations: observeState(store, snapshot, view, runtime.now()),
      confirmed,
      older_than_days: days,
      garbage: items,
      kept_young: young,
      deleted_count: deleted.length,
      deleted_bytes: deleted.reduce((sum, { size }) => sum + size, 0),
      diagnostics,
    };
  };
  if (hasErrors(loaded.diagnostics)) return report({ diagnostics: [] });
  if (opened.kind === 'refused') return report({ diagnostics: [opened.diagnostic] });

  const enabled = loaded.header?.lock ?? true;
  // Without the lock an apply could be about to name the very blob that is being deleted.
  if (confirmed && !enabled) return report({ diagnostics: [needsLock()] });
  return withLock({ store, operation: 'gc', enabled, configDir: options.configDir, runtime }, async (lock) => {
    const { view, diagnostics } = lock;
    if (lock.kind === 'refused') return report({ view, diagnostics });
    const snapshot = await readLedger(store);
    // What a missing, torn or forged ledger names cannot be known, so everything might be needed.
    if (snapshot.kind !== 'ledger') {
      const problem = ledgerProblem(snapshot);
      return report({ view, snapshot, diagnostics: [...diagnostics, ...(problem ? [problem] : [])] });
    }
    const { ledger } = snapshot;
    const forged = checkComposites(ledger.applied_revision.resources);
    if (forged.length > 0) return report({ view, snapshot, diagnostics: [...diagnostics, ...forged] });
    let found: readonly Garbage[];
    try {
      found = await findGarbage({ store, ledger, graphs: runtime.graphs });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return report({ view, snapshot, diagnostics: [...diagnostics, unlisted(error)] });
    }
    const old = found.filter((each) => ageInDays(each, runtime) >= days);
    const outcome = await collect(store, old, runtime, confirmed);
    return report({
      view,
      snapshot,
      items: outcome.map(({ item }) => item),
      young: found.length - old.length,
      diagnostics: [...diagnostics, ...outcome.flatMap(({ problem }) => problem ?? [])],
    });
  });
}

interface Findings {
  readonly view?: LockView;
  readonly snapshot?: LedgerSnapshot;
  readonly items?: readonly GarbageItem[];
  readonly young?: number;
  /** Besides those of the configuration. */
  readonly diagnostics: readonly Diagnostic[];
}

interface Collected {
  readonly item: GarbageItem;
  readonly problem?: Diagnostic;
}

function collect(
  store: ObjectStore,
  garbage: readonly Garbage[],
  runtime: Pick<ControlRuntime, 'now'>,
  confirmed: boolean,
): Promise<readonly Collected[]> {
  return mapConcurrently(garbage, async (each): Promise<Collected> => {
    const { key, kind, reason, size } = each;
    const item = { path: store.display(key), kind, reason, size, age_days: ageInDays(each, runtime) };
    if (!confirmed) return { item: { ...item, deleted: false } };
    try {
      await store.delete(key);
      return { item: { ...item, deleted: true } };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const problem = clusterError('garbage_delete_failed', item.path, error.message, {
        remedy: 'make the storage root writable, then run it again',
      });
      return { item: { ...item, deleted: false }, problem };
    }
  });
}

const DAY = 86_400_000;

/** Whole days; what is dated in the future is new. */
const ageInDays = ({ since }: Garbage, runtime: Pick<ControlRuntime, 'now'>): number =>
  Math.max(0, Math.floor((runtime.now().getTime() - since.getTime()) / DAY));

const needsLock = (): Diagnostic =>
  clusterError('garbage_needs_lock', 'state.lock', 'the cluster lock is switched off', {
    remedy: 'switch it on for this run, so that no apply can be under way',
  });

const unlisted = (error: StorageError): Diagnostic =>
  clusterError('garbage_list_error', CLUSTER_PREFIX, error.message, {
    remedy: 'make the storage root readable, then run it again',
  });
