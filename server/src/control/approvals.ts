/**
 * Approval artifacts on storage. Contract: cluster.md §8.4 and §13. A consumed one is recorded in the ledger first and
 * stamped afterwards; which of them authorizes what is decided in the language package.
 */
import {
  APPROVALS_PREFIX,
  type Approval,
  approvalKey,
  clusterWarning,
  type Diagnostic,
  type JsonValue,
  type Ledger,
  parseApproval,
  serializeApproval,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { decodeUtf8 } from './ledger.js';

export interface ApprovalListing {
  /** In name order, consumed ones among them. */
  readonly approvals: readonly Approval[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function readApprovals(store: ObjectStore): Promise<ApprovalListing> {
  const approvals: Approval[] = [];
  const diagnostics: Diagnostic[] = [];
  const names = await attempt(store.display(APPROVALS_PREFIX), diagnostics, () => store.list(APPROVALS_PREFIX));
  for (const name of (names ?? []).filter((entry) => entry.endsWith('.json'))) {
    const key = `${APPROVALS_PREFIX}/${name}`;
    const bytes = await attempt(store.display(key), diagnostics, () => store.read(key));
    if (bytes === undefined) continue;
    const reading = parseApproval(decodeUtf8(bytes) ?? '', store.display(key));
    diagnostics.push(...reading.diagnostics);
    if (reading.value !== undefined) approvals.push(reading.value);
  }
  return { approvals, diagnostics };
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

async function attempt<T>(place: string, problems: Diagnostic[], task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    problems.push(
      clusterWarning('approval_read_error', place, error.message, {
        remedy: 'it authorizes nothing until it is readable',
      }),
    );
    return undefined;
  }
}
