/**
 * Transactions (engine.md §6): pin the head, let the body validate and state its changes, write the tables on top of
 * exactly the versions the head names, publish one record. Until that record exists nothing has happened; whoever
 * loses the race for it leaves only table versions that nobody names.
 */
import type { Catalog } from 'omnigraph-language';
import { GraphError } from './graph-error.js';
import type { BranchView, GraphState } from './graph-state.js';
import type { GraphLocation } from './location.js';
import { MAIN, type TypeTable } from './log/index.js';
import { pinSnapshot, typeOf } from './pinned-snapshot.js';
import { commitAfter, publish } from './publish.js';
import { refuseDuringSchemaApply, unavailable } from './schema/apply-marker.js';
import { TableContention, type TableOperation, type TableStore } from './tables/index.js';
import type {
  CommitRequest,
  CommitResult,
  GraphWriter,
  PinnedSnapshot,
  Transaction,
  TransactionOutcome,
  TransactionTable,
  TypeKey,
} from './transaction.js';
import type { Commit } from './types.js';
import type { WriteGate } from './write-gate.js';

export interface WriterContext {
  readonly location: GraphLocation;
  readonly state: GraphState;
  readonly tables: TableStore;
  readonly gate: WriteGate;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fresh ULIDs. */
  readonly ids: () => string;
  readonly warn: (message: string) => void;
}

const MOST_ATTEMPTS = 32;

export function graphWriter(context: WriterContext): GraphWriter {
  return {
    async transact<T>(
      request: CommitRequest,
      body: (transaction: Transaction) => Promise<TransactionOutcome<T>>,
    ): Promise<CommitResult<T>> {
      if (context.gate.schemaApplyRunning) throw unavailable(request.operation);
      return context.gate.exclusively(() => runTransaction(context, request, body));
    },
  };
}

async function runTransaction<T>(
  context: WriterContext,
  request: CommitRequest,
  body: (transaction: Transaction) => Promise<TransactionOutcome<T>>,
): Promise<CommitResult<T>> {
  const now = context.clock();
  await refuseDuringSchemaApply(context.location.store, request.operation, now);
  for (let attempt = 1; ; attempt += 1) {
    const view = await context.state.view(request.branch);
    requireHead(request, view);
    const staged = new StagedTransaction(context, view, now);
    const { publish: publishes, value } = await body(staged);
    if (!publishes) {
      requireHead(request, await context.state.view(request.branch));
      return { commit: null, value };
    }
    const commit = await publishStaged(context, request, view, staged);
    if (commit !== undefined) return { commit, value };
    await refuseUnlessReplayable(context, request, view, attempt);
  }
}

/** Writes and publishes; `undefined` when the head moved first, with nothing visible of this attempt. */
async function publishStaged(
  context: WriterContext,
  request: CommitRequest,
  { branch, log, head }: BranchView,
  staged: StagedTransaction,
): Promise<Commit | undefined> {
  if ((await log.head()) !== head) return undefined;
  const next = { id: context.ids(), actor: request.actor, now: staged.now };
  const commit = commitAfter(head, branch.name === MAIN ? null : branch.name, next);
  try {
    const written = await writeTables(context.tables, head.tables, staged.operations);
    const record = { commit, schema: head.schema, tables: new Map([...head.tables, ...written]) };
    return (await publish(log, record, context.warn)) ? commit : undefined;
  } catch (error) {
    if (error instanceof TableContention) return undefined;
    throw error;
  }
}

/** All tables are waited for even when one fails: none may still be writing when the next writer begins. */
async function writeTables(
  tables: TableStore,
  base: ReadonlyMap<string, TypeTable>,
  operations: ReadonlyMap<TypeKey, readonly TableOperation[]>,
): Promise<readonly (readonly [string, TypeTable])[]> {
  const outcomes = await Promise.allSettled(
    [...operations].map(async ([key, ofTable]): Promise<readonly [string, TypeTable]> => {
      const from = base.get(key);
      if (from === undefined) throw new Error(`no table for ${key}`);
      return [key, { ...from, ...(await tables.write(from, ofTable)) }];
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** The 412, in the words that clients match (server.md §8). */
function requireHead({ branch, ifCommit }: CommitRequest, { head }: BranchView): void {
  const actual = head.commit.graph_commit_id;
  if (ifCommit === undefined || ifCommit === actual) return;
  throw new GraphError(
    'precondition_failed',
    `precondition failed on branch '${branch}': expected head '${ifCommit}' but current is ${actual}`,
    { precondition_failure: { expected: ifCommit, actual } },
  );
}

async function refuseUnlessReplayable(
  context: WriterContext,
  request: CommitRequest,
  view: BranchView,
  attempt: number,
): Promise<void> {
  const moved = await context.state.view(request.branch);
  requireHead(request, moved);
  if (request.onMovedHead === 'replay' && attempt < MOST_ATTEMPTS) return;
  throw new GraphError(
    'conflict',
    `the branch '${request.branch}' changed while the ${request.operation} ran; nothing was written, run it again`,
    {
      read_set_conflict: {
        member: 'graph_head',
        expected: view.head.commit.graph_commit_id,
        actual: moved.head.commit.graph_commit_id,
      },
    },
  );
}

class StagedTransaction implements Transaction {
  readonly snapshot: PinnedSnapshot;
  readonly catalog: Catalog;
  readonly now: number;
  readonly newId: () => string;
  readonly operations = new Map<TypeKey, TableOperation[]>();

  constructor(context: WriterContext, { branch, head, schema }: BranchView, now: number) {
    this.catalog = schema.bound.catalog;
    this.snapshot = pinSnapshot(branch.name, head, this.catalog, context.tables);
    this.now = now;
    this.newId = context.ids;
  }

  table(typeKey: TypeKey): TransactionTable {
    typeOf(this.catalog, typeKey);
    const stage = (operation: TableOperation): void => {
      const staged = this.operations.get(typeKey) ?? [];
      staged.push(operation);
      this.operations.set(typeKey, staged);
    };
    return {
      append: (rows) => stage({ kind: 'append', rows }),
      upsert: (rows) => stage({ kind: 'upsert', rows }),
      delete: (ids) => stage({ kind: 'delete', ids }),
      replaceAll: (rows) => stage({ kind: 'replaceAll', rows }),
    };
  }
}
