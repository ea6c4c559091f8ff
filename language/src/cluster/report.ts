/**
 * What each cluster command reports: one value per command, rendered elsewhere as text or JSON. Contract: cluster.md
 * §§10–16. Members other than `command` are those of the JSON document, in its order.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import type { ResourceKind } from './address.js';
import type { Dependency } from './desired.js';
import type { ChangeOperation, LockOperation } from './documents.js';
import type { JsonValue } from './json-text.js';
import type { ResourceStatus } from './ledger.js';
import type { BlastRadius, Change, Gate } from './plan.js';

export interface StateObservations {
  /** In display form. */
  readonly state_path: string;
  readonly lock_path: string;
  /** True even when the ledger is not valid JSON. */
  readonly state_found: boolean;
  readonly state_revision: number;
  readonly resource_count: number;
  readonly applied_config_digest?: string;
  readonly state_cas?: string;
  /** A lock held by someone else was seen. */
  readonly locked: boolean;
  readonly lock_id?: string;
  readonly lock_operation?: LockOperation;
  readonly lock_created_at?: string;
  readonly lock_pid?: number;
  readonly lock_age_seconds?: number;
  readonly lock_acquired: boolean;
  readonly acquired_lock_id?: string;
}

interface DesiredRevisionSummary {
  readonly config_digest?: string;
}

export interface ResourceSummary {
  readonly address: string;
  readonly kind: ResourceKind;
  readonly digest: string;
  readonly path?: string;
}

interface ReportBase {
  /** No error-severity diagnostic. */
  readonly ok: boolean;
  /** As given by the user. */
  readonly config_dir: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ValidateReport extends ReportBase {
  readonly command: 'validate';
  readonly config_file: string;
  readonly resource_digests: ReadonlyMap<string, string>;
  readonly resources: readonly ResourceSummary[];
  readonly dependencies: readonly Dependency[];
}

export interface PlanReport extends ReportBase {
  readonly command: 'plan';
  readonly desired_revision: DesiredRevisionSummary;
  readonly resource_digests: ReadonlyMap<string, string>;
  readonly dependencies: readonly Dependency[];
  readonly state_observations: StateObservations;
  readonly changes: readonly Change[];
  readonly blast_radius: readonly BlastRadius[];
  readonly approvals_required: readonly Gate[];
}

export interface ApplyReport extends ReportBase {
  readonly command: 'apply';
  readonly actor?: string;
  readonly desired_revision: DesiredRevisionSummary;
  readonly state_observations: StateObservations;
  readonly changes: readonly Change[];
  readonly applied_count: number;
  /** Deferred and blocked. */
  readonly deferred_count: number;
  readonly converged: boolean;
  readonly state_written: boolean;
  readonly resource_statuses: ReadonlyMap<string, ResourceStatus>;
}

interface LedgerReport extends ReportBase {
  readonly state_observations: StateObservations;
  readonly resource_digests: ReadonlyMap<string, string>;
  readonly resource_statuses: ReadonlyMap<string, ResourceStatus>;
  readonly observations: ReadonlyMap<string, JsonValue>;
}

export interface StatusReport extends LedgerReport {
  readonly command: 'status';
}

export interface ObserveReport extends LedgerReport {
  readonly command: 'refresh' | 'import';
}

export interface ApproveReport extends ReportBase {
  readonly command: 'approve';
  readonly approval_id?: string;
  readonly resource?: string;
  readonly operation?: ChangeOperation;
  readonly approved_by?: string;
}

export interface ForceUnlockReport extends ReportBase {
  readonly command: 'force-unlock';
  /** On success the removed lock's metadata stays here, with `locked: false`. */
  readonly state_observations: StateObservations;
  readonly lock_removed: boolean;
}

/** What `cluster gc` can collect. */
export type GarbageKind = 'catalog_blob' | 'recovery_sidecar' | 'approval' | 'corrupt_state_copy';

export interface GarbageItem {
  /** In display form. */
  readonly path: string;
  readonly kind: GarbageKind;
  /** Why nothing needs it. */
  readonly reason: string;
  /** Bytes. */
  readonly size: number;
  /** Whole days since it was written or, an approval, consumed. */
  readonly age_days: number;
  readonly deleted: boolean;
}

export interface GcReport extends ReportBase {
  readonly command: 'gc';
  readonly state_observations: StateObservations;
  /** Without it nothing was deleted. */
  readonly confirmed: boolean;
  readonly older_than_days: number;
  /** In order of their paths. */
  readonly garbage: readonly GarbageItem[];
  /** Unneeded too, but younger than that. */
  readonly kept_young: number;
  readonly deleted_count: number;
  readonly deleted_bytes: number;
}

export interface GraphReport extends ReportBase {
  readonly command: 'graph';
  readonly resources: readonly ResourceSummary[];
  readonly dependencies: readonly Dependency[];
}

export type ClusterReport =
  | GcReport
  | GraphReport
  | ValidateReport
  | PlanReport
  | ApplyReport
  | StatusReport
  | ObserveReport
  | ApproveReport
  | ForceUnlockReport;
