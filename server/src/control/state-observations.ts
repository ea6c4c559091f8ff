/** The members that reports on the recorded state share. Contract: cluster.md §10, §11 and §16. */
import {
  emptyLedger,
  LOCK_KEY,
  type LockDocument,
  STATE_KEY,
  type StateObservations,
  type StatusReport,
  sortedMap,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import type { LedgerSnapshot } from './ledger.js';
import type { LockView } from './lock.js';

/** `snapshot` is what is on storage now as far as the command knows; `undefined` when it never looked. */
export function observeState(
  store: ObjectStore,
  snapshot: LedgerSnapshot | undefined,
  lock: LockView,
  now: Date,
): StateObservations {
  const ledger = snapshot?.kind === 'ledger' ? snapshot.ledger : undefined;
  const configDigest = ledger?.applied_revision.config_digest;
  return {
    state_path: store.display(STATE_KEY),
    lock_path: store.display(LOCK_KEY),
    state_found: snapshot?.kind === 'ledger' || snapshot?.kind === 'invalid',
    state_revision: ledger?.state_revision ?? 0,
    resource_count: ledger?.applied_revision.resources.size ?? 0,
    ...(typeof configDigest === 'string' && { applied_config_digest: configDigest }),
    ...(snapshot && 'cas' in snapshot && { state_cas: snapshot.cas }),
    locked: lock.foreign !== undefined,
    ...(lock.foreign?.document && describeLock(lock.foreign.document, now)),
    lock_acquired: lock.acquired !== undefined,
    ...(lock.acquired !== undefined && { acquired_lock_id: lock.acquired }),
  };
}

/** What the ledger records, as status, refresh and import show it; empty without a readable ledger. */
export function recordedState(
  snapshot: LedgerSnapshot | undefined,
): Pick<StatusReport, 'resource_digests' | 'resource_statuses' | 'observations'> {
  const ledger = snapshot?.kind === 'ledger' ? snapshot.ledger : emptyLedger(null);
  return {
    resource_digests: sortedMap(
      [...ledger.applied_revision.resources].map(([address, { digest }]) => [address, digest] as const),
    ),
    resource_statuses: sortedMap(ledger.resource_statuses),
    observations: sortedMap(ledger.observations),
  };
}

/** The members that describe a lock; the age is left out when its time cannot be read. */
export function describeLock(
  lock: LockDocument,
  now: Date,
): Pick<StateObservations, 'lock_id' | 'lock_operation' | 'lock_created_at' | 'lock_pid' | 'lock_age_seconds'> {
  const age = Math.floor((now.getTime() - Date.parse(lock.created_at)) / 1000);
  return {
    lock_id: lock.lock_id,
    lock_operation: lock.operation,
    lock_created_at: lock.created_at,
    lock_pid: lock.pid,
    ...(Number.isFinite(age) && { lock_age_seconds: Math.max(0, age) }),
  };
}
