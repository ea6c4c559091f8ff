/**
 * A ledger being worked on: the same document with maps that can change. Commands collect everything they learned in
 * one draft and publish it in one write. The edits that several commands share are here.
 */
import {
  graphAddress,
  type JsonValue,
  type Ledger,
  type LedgerResource,
  owningGraph,
  type ResourceStatus,
  renewComposites,
  type Sidecar,
  schemaAddress,
} from 'omnigraph-language';

export interface LedgerDraft {
  readonly revision: number;
  configDigest: string | null;
  resources: Map<string, LedgerResource>;
  readonly statuses: Map<string, ResourceStatus>;
  readonly approvalRecords: Map<string, JsonValue>;
  readonly recoveryRecords: Map<string, JsonValue>;
  readonly observations: Map<string, JsonValue>;
}

export const draftOf = (ledger: Ledger): LedgerDraft => ({
  revision: ledger.state_revision,
  configDigest: ledger.applied_revision.config_digest,
  resources: new Map(ledger.applied_revision.resources),
  statuses: new Map(ledger.resource_statuses),
  approvalRecords: new Map(ledger.approval_records),
  recoveryRecords: new Map(ledger.recovery_records),
  observations: new Map(ledger.observations),
});

/** The draft as it stands. */
export const ledgerOf = (draft: LedgerDraft): Ledger => ({
  version: 1,
  state_revision: draft.revision,
  applied_revision: { config_digest: draft.configDigest, resources: new Map(draft.resources) },
  resource_statuses: new Map(draft.statuses),
  approval_records: new Map(draft.approvalRecords),
  recovery_records: new Map(draft.recoveryRecords),
  observations: new Map(draft.observations),
});

/** The draft as the next revision, ready to be published. */
export const nextRevision = (draft: LedgerDraft): Ledger => ({
  ...ledgerOf(draft),
  state_revision: draft.revision + 1,
});

/** Records what a live graph's schema is; the graph's own metadata stays. Call `renewDraft` when all is recorded. */
export function recordLiveSchema(draft: LedgerDraft, graph: string, schemaDigest: string): void {
  const address = graphAddress(graph);
  draft.resources.set(schemaAddress(graph), { digest: schemaDigest });
  draft.resources.set(address, draft.resources.get(address) ?? { digest: '' });
}

/** Renews the composites of all graphs, whatever parts of them changed (H2). */
export function renewDraft(draft: LedgerDraft): void {
  draft.resources = new Map(renewComposites(draft.resources));
}

/** The same status for a graph and its schema. */
export function setGraphStatus(draft: LedgerDraft, graph: string, status: ResourceStatus): void {
  draft.statuses.set(graphAddress(graph), status);
  draft.statuses.set(schemaAddress(graph), status);
}

export interface Tombstone {
  readonly graph: string;
  readonly deletedAt: Date;
  readonly approvalId: string | undefined;
  readonly actor: string | null;
}

/** Takes a deleted graph with its schema and queries out of the ledger and leaves a tombstone (cluster.md §8.1). */
export function buryGraph(draft: LedgerDraft, { graph, deletedAt, approvalId, actor }: Tombstone): void {
  for (const map of [draft.resources, draft.statuses]) {
    for (const address of [...map.keys()]) if (owningGraph(address) === graph) map.delete(address);
  }
  draft.observations.set(graphAddress(graph), {
    kind: 'tombstone',
    deleted_at: deletedAt.toISOString(),
    approval_id: approvalId ?? null,
    actor,
  });
}

/** The audit record of an operation that recovery completed. */
export function recordRecovery(draft: LedgerDraft, sidecar: Sidecar, at: Date): void {
  draft.recoveryRecords.set(sidecar.operation_id, {
    kind: sidecar.kind,
    graph_id: sidecar.graph_id,
    outcome: 'rolled_forward',
    recovered_at: at.toISOString(),
    actor: sidecar.actor,
  });
}
