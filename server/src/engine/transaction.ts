/**
 * How a write reaches a branch (engine.md §6): a body looks at one pinned snapshot, validates, and states what each
 * table shall lose and gain. Nothing is written until the body has returned; then all tables are written and one
 * commit record makes them visible together.
 */
import type { Catalog } from 'omnigraph-language';
import type { TableReader } from './columns.js';
import type { RowBatch } from './tables/rows.js';
import type { Commit } from './types.js';

/** `node:<Name>` or `edge:<Name>`, with the name of the current catalog. */
export type TypeKey = `node:${string}` | `edge:${string}`;

/** A table at a published version, with what only the write path and export need beyond `TableReader`. */
export interface StoredTable extends TableReader {
  /** Property and system columns of this version. */
  readonly columnNames: readonly string[];
  /** Managed bytes of one blob column by id; null for a null blob. Unknown ids are absent. */
  readBlobs(column: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>>;
}

/** One commit's tables, immutable. */
export interface PinnedSnapshot {
  /** The branch it was resolved on. */
  readonly branch: string;
  readonly commit: Commit;
  /** The catalog current when it was pinned (engine.md §4: queries are checked against the current schema). */
  readonly catalog: Catalog;
  /** Exact number of entities. `not_found`/`bad_request` GraphError like `readerFor` for a type without a table. */
  entityCount(typeKey: TypeKey): number;
  readerFor(typeKey: TypeKey): Promise<StoredTable>;
}

/** What a transaction does to one table. Calls are recorded and run in order at publication. */
export interface TransactionTable {
  /** Adds rows whose ids the table does not hold (the caller has checked) and are distinct. */
  append(rows: RowBatch): void;
  /** Replaces whole rows by id, adding those that are new. Ids are distinct. */
  upsert(rows: RowBatch): void;
  /** Removes the rows with these ids; ids the table does not hold are ignored. */
  delete(ids: readonly string[]): void;
  /** The table becomes exactly these rows. */
  replaceAll(rows: RowBatch): void;
}

export interface Transaction {
  readonly snapshot: PinnedSnapshot;
  readonly catalog: Catalog;
  /** Milliseconds since the epoch; one value for all attempts of a request (`now()`). */
  readonly now: number;
  /** A fresh ULID. */
  newId(): string;
  table(typeKey: TypeKey): TransactionTable;
}

export interface CommitRequest {
  readonly branch: string;
  readonly actor: string | null;
  /** Names the write in conflict messages: `mutation`, `load`. */
  readonly operation: string;
  /**
   * When the head moved before publication: `replay` runs the body again on the new head (insert-only mutations, load
   * append and merge; at most 32 times), `refuse` is a `read_set_conflict`.
   */
  readonly onMovedHead: 'replay' | 'refuse';
  /** Expected effective head; a mismatch is `precondition_failed` and is never replayed. */
  readonly ifCommit?: string;
}

/** `publish: false` leaves the branch as it is (a mutation that matched nothing): no commit. */
export interface TransactionOutcome<T> {
  readonly publish: boolean;
  readonly value: T;
}

export interface CommitResult<T> {
  readonly commit: Commit | null;
  readonly value: T;
}

/** The write door of an open graph, as `load/` and `write/` use it. */
export interface GraphWriter {
  transact<T>(
    request: CommitRequest,
    body: (transaction: Transaction) => Promise<TransactionOutcome<T>>,
  ): Promise<CommitResult<T>>;
}
