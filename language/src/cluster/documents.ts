/**
 * The small stored documents beside the ledger: lock, recovery sidecar and approval. Contract: cluster.md §8.2–8.4.
 * Member names and their order are those of the stored documents.
 */
import { prettyJson } from './json-text.js';

/** The five of §8.2, and `gc`, which is beyond upstream. */
export const LOCK_OPERATIONS = ['plan', 'apply', 'approve', 'refresh', 'import', 'gc'] as const;

export type LockOperation = (typeof LOCK_OPERATIONS)[number];

export interface LockDocument {
  readonly version: 1;
  readonly lock_id: string;
  readonly operation: LockOperation;
  /** RFC 3339, UTC. */
  readonly created_at: string;
  readonly pid: number;
}

export type SidecarKind = 'graph_create' | 'schema_apply' | 'graph_delete';

/** Written before any operation that can create, move or delete a graph. */
export interface Sidecar {
  readonly schema_version: 1;
  /** A ULID, equal to the file's stem. */
  readonly operation_id: string;
  readonly started_at: string;
  readonly actor: string | null;
  readonly kind: SidecarKind;
  readonly graph_id: string;
  /** Forensic: recovery derives the root from `graph_id` (H4). */
  readonly graph_uri: string;
  /** Before the operation; null for a create. */
  readonly observed_manifest_version: number | null;
  /** Null until the engine reports; always null for a delete. Forensic: recovery compares schema digests. */
  readonly expected_manifest_version: number | null;
  /** Empty for a delete. */
  readonly desired_schema_digest: string;
  /** `sha256:…` of the ledger the run started from; null when there was none. */
  readonly state_cas_base: string | null;
  /** Of a delete only. */
  readonly approval_id?: string;
}

export type ChangeOperation = 'create' | 'update' | 'delete';

export interface Approval {
  readonly schema_version: 1;
  readonly approval_id: string;
  readonly resource: string;
  readonly operation: ChangeOperation;
  readonly reason: string;
  readonly bound_config_digest: string;
  readonly bound_before_digest: string | null;
  /** Null for a delete. */
  readonly bound_after_digest: string | null;
  readonly approved_by: string;
  readonly created_at: string;
  readonly consumed_at: string | null;
  readonly consumed_by_operation: string | null;
}

export const serializeLock = (lock: LockDocument): string =>
  prettyJson({
    version: lock.version,
    lock_id: lock.lock_id,
    operation: lock.operation,
    created_at: lock.created_at,
    pid: lock.pid,
  });

export const serializeSidecar = (sidecar: Sidecar): string =>
  prettyJson({
    schema_version: sidecar.schema_version,
    operation_id: sidecar.operation_id,
    started_at: sidecar.started_at,
    actor: sidecar.actor,
    kind: sidecar.kind,
    graph_id: sidecar.graph_id,
    graph_uri: sidecar.graph_uri,
    observed_manifest_version: sidecar.observed_manifest_version,
    expected_manifest_version: sidecar.expected_manifest_version,
    desired_schema_digest: sidecar.desired_schema_digest,
    state_cas_base: sidecar.state_cas_base,
    approval_id: sidecar.approval_id,
  });

export const serializeApproval = (approval: Approval): string =>
  prettyJson({
    schema_version: approval.schema_version,
    approval_id: approval.approval_id,
    resource: approval.resource,
    operation: approval.operation,
    reason: approval.reason,
    bound_config_digest: approval.bound_config_digest,
    bound_before_digest: approval.bound_before_digest,
    bound_after_digest: approval.bound_after_digest,
    approved_by: approval.approved_by,
    created_at: approval.created_at,
    consumed_at: approval.consumed_at,
    consumed_by_operation: approval.consumed_by_operation,
  });
