/**
 * The plan: what apply would do, as a value. Contract: cluster.md §9 and §11; key order here is the order in JSON.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import type { Catalog, MigrationPlan } from '../schema/index.js';
import type { DataImpact, EntityCounts } from './data-impact.js';
import type { DesiredRevision } from './desired.js';
import type { Approval, ChangeOperation } from './documents.js';
import type { Ledger } from './ledger.js';

export type Disposition = 'applied' | 'derived' | 'deferred' | 'blocked';

export type Reason =
  | 'approval_required'
  | 'cluster_recovery_pending'
  | 'dependency_not_applied'
  | 'apply_unsupported_kind'
  | 'graph_create_failed'
  | 'schema_apply_failed'
  | 'graph_delete_failed';

export type MetadataChange = 'policy_bindings' | 'embedding_profile';

/** A difference between desired revision and ledger, before anyone decided what to do about it. */
export interface ResourceDifference {
  readonly resource: string;
  readonly operation: ChangeOperation;
  readonly before_digest?: string;
  readonly after_digest?: string;
  readonly binding_change?: true;
  readonly metadata_change?: MetadataChange;
}

export interface Change extends ResourceDifference {
  readonly disposition: Disposition;
  readonly reason?: Reason;
  /** Of schema updates, in plans only. */
  readonly migration?: MigrationPlan;
  /** The rows concerned: of schema updates and graph deletes whose graph can be read, in plans only. */
  readonly data_impact?: DataImpact;
}

export interface Gate {
  readonly resource: string;
  readonly reason: string;
  readonly satisfied: boolean;
}

export interface BlastRadius {
  readonly resource: string;
  /** Its direct dependents. */
  readonly affected: readonly string[];
}

/** What is known of a live graph without opening it. */
export type GraphObservation =
  | {
      readonly kind: 'open';
      readonly accepted: Catalog;
      readonly branches: readonly string[];
      /** Of the branch `main`. */
      readonly entityCounts: EntityCounts;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly message: string };

export interface PlanInput {
  readonly desired: DesiredRevision;
  /** `undefined`: no ledger, so everything is a create. */
  readonly ledger: Ledger | undefined;
  readonly approvals: readonly Approval[];
  /** R of §9: graphs with a kept sidecar. Empty in plan. */
  readonly pendingGraphs: ReadonlySet<string>;
  /** By graph id. A graph that is not in it gets no migration and no warning (apply). */
  readonly observations: ReadonlyMap<string, GraphObservation>;
}

export interface ClusterPlan {
  readonly configDigest?: string;
  /** Sorted by address. */
  readonly changes: readonly Change[];
  readonly blastRadius: readonly BlastRadius[];
  readonly approvalsRequired: readonly Gate[];
  /** Gated address → the approval that authorizes it. */
  readonly approved: ReadonlyMap<string, Approval>;
  readonly diagnostics: readonly Diagnostic[];
}
