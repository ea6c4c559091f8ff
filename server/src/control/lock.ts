/**
 * The cluster lock, `__cluster/lock.json`. Contract: cluster.md §7 and §8.2. Created only if absent: no waiting, no
 * expiry, no guess whether the holder lives. It is gone before the command that took it returns, whatever happened.
 */
import {
  clusterError,
  clusterWarning,
  type Diagnostic,
  LOCK_KEY,
  type LockDocument,
  type LockOperation,
  parseLock,
  serializeLock,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { decodeUtf8 } from './ledger.js';
import type { ControlRuntime } from './runtime.js';

/** What a command knows of the lock, for its report. */
export interface LockView {
  /** Id of the lock this command took. */
  readonly acquired?: string;
  /** A lock held by someone else was seen; its document when it is readable. */
  readonly foreign?: { readonly document?: LockDocument };
}

export type LockAttempt =
  | { readonly kind: 'acquired'; readonly view: LockView; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'refused'; readonly view: LockView; readonly diagnostics: readonly Diagnostic[] };

export interface LockRequest {
  readonly store: ObjectStore;
  readonly operation: LockOperation;
  /** `state.lock` of the configuration: false skips the lock with a warning. */
  readonly enabled: boolean;
  readonly configDir: string;
  readonly runtime: Pick<ControlRuntime, 'now' | 'newId'>;
}

/** Runs `task` with the lock held, or with the refusal; releases the lock before it returns, also on SIGINT and SIGTERM. */
export async function withLock<T>(request: LockRequest, task: (attempt: LockAttempt) => Promise<T>): Promise<T> {
  if (!request.enabled) {
    const warning = clusterWarning('state_lock_disabled', 'state.lock', 'the cluster lock is switched off', {
      remedy: 'make sure that no two commands run at once',
    });
    return task({ kind: 'acquired', view: {}, diagnostics: [warning] });
  }
  const { store, operation, runtime } = request;
  const id = runtime.newId();
  const document: LockDocument = {
    version: 1,
    lock_id: id,
    operation,
    created_at: runtime.now().toISOString(),
    pid: process.pid,
  };
  const creation = createLock(request, document);
  const release = releaseOnSignals(async () => {
    // A signal may come while the lock is on its way to storage; it must not land after its release.
    await Promise.allSettled([creation]);
    await releaseLock(store, id);
  });
  try {
    const refusal = await creation;
    return await task(refusal ?? { kind: 'acquired', view: { acquired: id }, diagnostics: [] });
  } finally {
    await release();
  }
}

async function createLock({ store, configDir }: LockRequest, document: LockDocument): Promise<LockAttempt | undefined> {
  try {
    if (await store.putIfAbsent(LOCK_KEY, new TextEncoder().encode(serializeLock(document)))) return undefined;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'refused', view: {}, diagnostics: [clusterError('state_lock_error', LOCK_KEY, error.message)] };
  }
  const holder = await observeLock(store, 'warning');
  const seen = holder.kind === 'held' ? holder.document : undefined;
  return {
    kind: 'refused',
    view: { foreign: seen ? { document: seen } : {} },
    diagnostics: [lockHeld(holder, configDir)],
  };
}

function lockHeld(holder: LockReading, configDir: string): Diagnostic {
  switch (holder.kind) {
    case 'held': {
      const { lock_id: id, operation, pid, created_at: since } = holder.document;
      return clusterError(
        'state_lock_held',
        LOCK_KEY,
        `cluster ${operation} holds the lock ${id} (pid ${pid}, since ${since})`,
        {
          remedy: `wait for it to finish; if it is dead, run \`omnigraph cluster force-unlock ${id} --config ${configDir}\``,
        },
      );
    }
    case 'absent':
      return clusterError('state_lock_held', LOCK_KEY, 'another cluster command held the lock and has just finished', {
        remedy: 'run the command again',
      });
    case 'invalid':
    case 'unreadable':
      return clusterError('state_lock_held', LOCK_KEY, 'another cluster command holds the lock, which is unreadable', {
        remedy: 'wait for it to finish; if it is dead, inspect the file and remove it by hand',
      });
    default:
      return holder satisfies never;
  }
}

export type LockReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'held'; readonly document: LockDocument }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Looks at the lock without touching it. `severity` is that of a malformed one (§8.2). */
export async function observeLock(store: ObjectStore, severity: 'error' | 'warning'): Promise<LockReading> {
  try {
    const bytes = await store.read(LOCK_KEY);
    if (bytes === undefined) return { kind: 'absent' };
    const { value, diagnostics } = parseLock(decodeUtf8(bytes) ?? '', severity);
    return value === undefined ? { kind: 'invalid', diagnostics } : { kind: 'held', document: value };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'unreadable', message: error.message };
  }
}

/** Deletes the lock if it is still ours: someone may have removed it by force and taken it anew. */
async function releaseLock(store: ObjectStore, id: string): Promise<void> {
  try {
    const reading = await observeLock(store, 'warning');
    if (reading.kind === 'held' && reading.document.lock_id === id) await store.delete(LOCK_KEY);
  } catch (error) {
    // The command's own outcome counts; a lock that could not be deleted names itself to the next command.
    if (!(error instanceof StorageError)) throw error;
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Arms the release for signals, after which the process dies of the signal as it would have. */
function releaseOnSignals(release: () => Promise<void>): () => Promise<void> {
  const onSignal = (signal: NodeJS.Signals): void => {
    void disarmAndRelease().finally(() => process.kill(process.pid, signal));
  };
  const disarmAndRelease = async (): Promise<void> => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await release();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return disarmAndRelease;
}
