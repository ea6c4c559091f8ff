/** What the engine's callers see. JSON shapes: engine.md §§2–3, §8, §11, §17; key order here is the order in JSON. */
import type { MigrationStep, QueryParam, ReadPlan, Value, WritePlan } from 'omnigraph-language';

export type EntityKind = 'node' | 'edge';
export type LoadMode = 'append' | 'merge' | 'overwrite';

/** engine.md §3. `graph_branch` null means main; `created_at` is microseconds since the epoch. */
export interface Commit {
  readonly graph_commit_id: string;
  readonly graph_branch: string | null;
  readonly graph_manifest_version: number;
  readonly parent_commit_id: string | null;
  readonly merged_parent_commit_id: string | null;
  readonly actor_id: string | null;
  readonly created_at: number;
}

export interface SnapshotDataset {
  readonly entity_kind: EntityKind;
  readonly type_name: string;
  readonly dataset_path: string;
  readonly published_dataset_version: number;
  readonly native_dataset_branch: string | null;
  readonly entity_count: number;
}

export interface SnapshotDescription {
  readonly graph_branch: string;
  readonly graph_manifest_version: number;
  readonly internal_schema_version: number;
  readonly datasets: readonly SnapshotDataset[];
}

export type ReadTarget = { readonly branch: string } | { readonly snapshot: string };

export interface ReadRequest {
  readonly plan: ReadPlan;
  readonly params: ReadonlyMap<string, Value>;
  readonly target: ReadTarget;
}

/**
 * Rows column by column. A cell is already in its JSON form (query-language.md §11): string, number, bigint (written
 * as digits), boolean, null, array.
 */
export interface ReadResult {
  readonly columns: readonly { readonly name: string; readonly values: readonly unknown[] }[];
  readonly rowCount: number;
  readonly commitId: string | undefined;
}

export interface MutationRequest {
  readonly plan: WritePlan;
  readonly params: ReadonlyMap<string, Value>;
  readonly branch: string;
  readonly actor: string | null;
  /** Expected effective head (engine.md §6). */
  readonly ifCommit?: string;
}

export interface MutationResult {
  readonly branch: string;
  readonly affected_nodes: number;
  readonly affected_edges: number;
  readonly actor_id: string | null;
  readonly commit: Commit | null;
}

export interface LoadRequest {
  /** NDJSON: a whole text or chunks of UTF-8. */
  readonly source: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly mode: LoadMode;
  readonly branch: string;
  /** Fork `branch` from here first when it is missing. */
  readonly from?: string;
  readonly actor: string | null;
}

export interface LoadResult {
  readonly branch: string;
  readonly base_branch: string | null;
  readonly branch_created: boolean;
  readonly mode: LoadMode;
  readonly nodes: readonly { readonly name: string; readonly entities_loaded: number }[];
  readonly edges: readonly { readonly name: string; readonly entities_loaded: number }[];
  readonly total_entities: number;
  readonly commit: Commit;
}

export interface SchemaApplyResult {
  readonly supported: boolean;
  readonly applied: boolean;
  readonly step_count: number;
  readonly graph_manifest_version: number;
  readonly steps: readonly MigrationStep[];
}

export interface SchemaPlanResult {
  readonly supported: boolean;
  readonly step_count: number;
  readonly steps: readonly MigrationStep[];
}

export type { QueryParam, ReadPlan, WritePlan };
