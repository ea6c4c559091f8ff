/**
 * What the control plane needs of the graph engine. Reading is native-free (engine.md §1); creating and migrating load
 * the engine, and only then (design invariant 4), so both sides stay apart behind this interface.
 */
import type { Catalog, EntityCounts, MigrationStep } from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';

/** What plain object reads tell of a graph root. */
export type GraphRootReading =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'open';
      /** The accepted schema, byte for byte as applied. */
      readonly schemaText: string;
      readonly accepted: Catalog;
      readonly manifestVersion: number;
      /** All live branches, `main` among them. */
      readonly branches: readonly string[];
      /** Rows on `main`, by type key. */
      readonly entityCounts: EntityCounts;
    }
  | {
      readonly kind: 'unreadable';
      readonly message: string;
      readonly cause: 'damaged' | 'unreachable' | 'recovery_required';
    };

/** A graph opened for migration. `close` must be called on every path. */
export interface MigratableGraph {
  /** The migration that `applySchema` would run. Rejects when there is none, as for an identity error. */
  planSchema(source: string): Promise<{ readonly supported: boolean; readonly steps: readonly MigrationStep[] }>;
  /** Soft drops only. Resolves to the new manifest version. */
  applySchema(source: string, actor: string | undefined): Promise<number>;
  close(): Promise<void>;
}

export interface GraphOperations {
  read(root: ObjectStore): Promise<GraphRootReading>;
  /** One read-write open, which finishes whatever recovery the engine has pending (H12). `location`: path or URI. */
  recover(location: string): Promise<void>;
  /** Takes away the sign of a running schema apply whose process is known to be dead. It fences nothing (engine.md §6). */
  clearSchemaApply(root: ObjectStore): Promise<void>;
  /** Creates a graph where none is, and resolves to its manifest version. */
  create(location: string, source: string, actor: string | undefined): Promise<number>;
  open(location: string): Promise<MigratableGraph>;
}
