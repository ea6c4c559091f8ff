/**
 * What a write wants to do to a branch, as the evaluator judges it: per type, entities added or changed (last row per
 * id wins), ids deleted, or the whole type replaced. engine.md §10.
 */
import type { Catalog, EdgeType, NodeType } from 'omnigraph-language';
import type { TableReader } from '../columns.js';
import type { TypeKey } from '../transaction.js';
import type { EntityBatch } from './entity-batch.js';

export interface TypeChange {
  readonly type: NodeType | EdgeType;
  /** The final rows, one per id. */
  readonly rows: EntityBatch | undefined;
  /** The records as they were given, when some of them share an id: two with one tuple are a violation even then. */
  readonly input?: EntityBatch;
  /** Every id among `rows` was just made, so no committed entity has one of them and nobody need look. */
  readonly freshIds: boolean;
  /** Committed ids that will be gone. Never an id among `rows`. */
  readonly deleted: ReadonlySet<string>;
  /** Every committed entity of the type that is not among `rows` will be gone (`overwrite`). */
  readonly replacesAll: boolean;
}

export interface ChangeSet {
  readonly catalog: Catalog;
  readonly types: ReadonlyMap<TypeKey, TypeChange>;
  /** Edges of every deleted node are among the deleted edges already (a mutation's cascade), so none can be stranded. */
  readonly cascaded: boolean;
}

/** The committed image a change is judged against; a pinned snapshot is one. */
export interface CommittedState {
  entityCount(typeKey: TypeKey): number;
  readerFor(typeKey: TypeKey): Promise<TableReader>;
}

export type ViolationKind = 'value_constraint_violation' | 'unique_violation' | 'orphan_edge' | 'cardinality_violation';

/** One breach, in the shape a merge conflict reports (engine.md §12.3). */
export interface Violation {
  readonly kind: ViolationKind;
  readonly entityKind: 'node' | 'edge';
  readonly typeName: string;
  /** Null for value and cardinality violations. */
  readonly entityId: string | null;
  readonly message: string;
}
