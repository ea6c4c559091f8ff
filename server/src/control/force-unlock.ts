/**
 * `cluster force-unlock`: removes the lock of a command that died. Contract: cluster.md §11. Only by its id, so that a
 * lock which has changed hands meanwhile is never removed.
 */
import {
  clusterError,
  type Diagnostic,
  type ForceUnlockReport,
  hasErrors,
  LOCK_KEY,
  type LockDocument,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { openClusterStore } from './cluster-store.js';
import { loadHeaderFrom } from './desired.js';
import { type LedgerSnapshot, readLedger } from './ledger.js';
import { observeLock } from './lock.js';
import { type ControlOptions, runtimeOf } from './runtime.js';
import { describeLock, observeState } from './state-observations.js';

export interface ForceUnlockOptions extends ControlOptions {
  readonly lockId: string;
}

/** Removes the lock if it carries this id. What went wrong is in the report's diagnostics; a rejection is a bug. */
export async function forceUnlock(options: ForceUnlockOptions): Promise<ForceUnlockReport> {
  const runtime = runtimeOf(options);
  const loaded = await loadHeaderFrom(options.configDir);
  const opened = openClusterStore(loaded.header, options.configDir, runtime);
  const { store } = opened;
  const report = (removal: Removal, snapshot?: LedgerSnapshot): ForceUnlockReport => {
    const diagnostics = [...loaded.diagnostics, ...removal.diagnostics];
    const { document, removed } = removal;
    const isHeld = removal.seen && !removed;
    return {
      command: 'force-unlock',
      ok: !hasErrors(diagnostics),
      config_dir: loaded.configDir,
      state_observations: {
        ...observeState(store, snapshot, isHeld ? { foreign: {} } : {}, runtime.now()),
        ...(document && describeLock(document, runtime.now())),
      },
      lock_removed: removed,
      diagnostics,
    };
  };
  if (hasErrors(loaded.diagnostics)) return report(NOT_TRIED);
  if (opened.kind === 'refused') return report({ ...NOT_TRIED, diagnostics: [opened.diagnostic] });
  const removal = await removeLock(store, options.lockId);
  return report(removal, await readLedger(store));
}

interface Removal {
  readonly removed: boolean;
  readonly seen: boolean;
  readonly document?: LockDocument;
  readonly diagnostics: readonly Diagnostic[];
}

const NOT_TRIED: Removal = { removed: false, seen: false, diagnostics: [] };

async function removeLock(store: ObjectStore, lockId: string): Promise<Removal> {
  const refused = (seen: boolean, diagnostics: readonly Diagnostic[], document?: LockDocument): Removal => ({
    removed: false,
    seen,
    diagnostics,
    ...(document && { document }),
  });
  const reading = await observeLock(store, 'error');
  switch (reading.kind) {
    case 'absent':
      return refused(false, [
        clusterError('state_lock_missing', LOCK_KEY, 'no lock is held', { remedy: 'nothing needs to be done' }),
      ]);
    case 'unreadable':
      return refused(false, [clusterError('state_lock_read_error', LOCK_KEY, reading.message)]);
    case 'invalid':
      return refused(true, reading.diagnostics);
    case 'held': {
      const { document } = reading;
      if (document.lock_id !== lockId) {
        const mismatch = clusterError(
          'state_lock_id_mismatch',
          LOCK_KEY,
          `the lock is ${document.lock_id} (cluster ${document.operation}, pid ${document.pid}), not ${lockId}`,
          { remedy: 'make sure that its holder is dead, then give that id' },
        );
        return refused(true, [mismatch], document);
      }
      try {
        await store.delete(LOCK_KEY);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        return refused(true, [clusterError('state_lock_error', LOCK_KEY, error.message)], document);
      }
      return { removed: true, seen: true, document, diagnostics: [] };
    }
    default:
      return reading satisfies never;
  }
}
