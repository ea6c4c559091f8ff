/**
 * Approval artifacts on storage. Contract: cluster.md §8.4 and §13. A consumed one is recorded in the ledger first and
 * stamped afterwards; which of them authorizes what is decided in the language package.
 */
import {
  APPROVALS_PREFIX,
  type Approval,
  approvalKey,
  type Checked,
  clusterWarning,
  type Diagnostic,
  type JsonValue,
  type Ledger,
  parseApproval,
  serializeApproval,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { mapConcurrently } from './concurrently.js';
import { decodeUtf8 } from './ledger.js';

export interface ApprovalListing {
  /** In name order, consumed ones among them. */
  readonly approvals: readonly Approval[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function readApprovals(store: ObjectStore): Promise<ApprovalListing> {
  const listed = await attempt(store.display(APPROVALS_PREFIX), () => store.list(APPROVALS_PREFIX));
  if (listed.kind === 'failed') return { approvals: [], diagnostics: [listed.diagnostic] };
  const names = listed.value.filter((name) => name.endsWith('.json'));
  const readings = await mapConcurrently(names, (name) => readApproval(store, `${APPROVALS_PREFIX}/${name}`));
  return {
    approvals: readings.flatMap(({ value }) => value ?? []),
    diagnostics: readings.flatMap(({ diagnostics }) => diagnostics),
  };
}

async function readApproval(store: ObjectStore, key: string): Promise<Checked<Approval | undefined>> {
  const place = store.display(key);
  const read = await attempt(place, () => store.read(key));
  if (read.kind === 'failed') return { value: undefined, diagnostics: [read.diagnostic] };
  if (read.value === undefined) return { value: undefined, diagnostics: [] };
  return parseApproval(decodeUtf8(read.value) ?? '', place);
}

/** Stores an artifact under its id. Throws `StorageError`. */
export const writeApproval = (store: ObjectStore, approval: Approval): Promise<void> =>
  store.write(approvalKey(approval.approval_id), new TextEncoder().encode(serializeApproval(approval)));

/** The record of a consumption, as the ledger keeps it. `operation`: `apply`, or the id of the sidecar that was swept. */
export const consumption = (at: Date, operation: string): JsonValue => ({
  consumed_at: at.toISOString(),
  consumed_by_operation: operation,
});

/**
 * Stamps the files of all approvals that the ledger records as consumed and that were never stamped (H3). Best effort:
 * the ledger is what counts, and the next sweep tries again.
 */
export async function stampConsumedApprovals(
  store: ObjectStore,
  approvals: readonly Approval[],
  ledger: Ledger,
): Promise<void> {
  for (const approval of approvals) {
    const record = ledger.approval_records.get(approval.approval_id);
    if (record === undefined || approval.consumed_at !== null) continue;
    try {
      await writeApproval(store, { ...approval, ...consumptionIn(record) });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

function consumptionIn(record: JsonValue): Pick<Approval, 'consumed_at' | 'consumed_by_operation'> {
  const member = (name: string): string => {
    const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record);
    const value = isRecord ? new Map(Object.entries(record)).get(name) : undefined;
    return typeof value === 'string' ? value : 'unknown';
  };
  return { consumed_at: member('consumed_at'), consumed_by_operation: member('consumed_by_operation') };
}

type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

async function attempt<T>(place: string, task: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', value: await task() };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const remedy = 'it authorizes nothing until it is readable';
    return { kind: 'failed', diagnostic: clusterWarning('approval_read_error', place, error.message, { remedy }) };
  }
}
