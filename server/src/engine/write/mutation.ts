/**
 * Running a checked mutation (engine.md §11, query-language.md §8): its statements decide, against one pinned snapshot,
 * which rows are written and which removed; constraints judge the outcome; one commit publishes it, or none when
 * nothing matched.
 */
import type { WritePlan, WriteStatement } from 'omnigraph-language';
import { type ChangeSet, requireValid, type TypeChange, tableRows } from '../constraints/index.js';
import { GraphError } from '../graph-error.js';
import type { GraphWriter, Transaction, TypeKey } from '../transaction.js';
import type { MutationRequest, MutationResult } from '../types.js';
import { construct } from './construct.js';
import { type Deletions, selectDeletions } from './destruct.js';
import { edgeType, nodeType } from './types.js';

/** What a mutation needs of the open graph. */
export interface MutationContext {
  readonly writer: GraphWriter;
}

/**
 * Runs one mutation. Rejects with GraphError: `bad_request` (a mixed query, a value, a constraint), `conflict` with
 * `read_set_conflict`, `precondition_failed`, `resource_limit`; whatever it rejects with, nothing was changed.
 */
export async function executeMutation(context: MutationContext, request: MutationRequest): Promise<MutationResult> {
  const work = splitWork(request.plan);
  const insertOnly = request.plan.statements.every((statement) => statement.kind === 'insert');
  const { commit, value } = await context.writer.transact(
    {
      branch: request.branch,
      actor: request.actor,
      operation: 'mutation',
      onMovedHead: insertOnly ? 'replay' : 'refuse',
      ...(request.ifCommit === undefined ? {} : { ifCommit: request.ifCommit }),
    },
    async (transaction) => {
      const counts =
        work.kind === 'construct'
          ? await runConstruction(work.statements, request, transaction)
          : await runDeletion(work.statements, request, transaction);
      return { publish: counts.nodes + counts.edges > 0, value: counts };
    },
  );
  return {
    branch: request.branch,
    affected_nodes: value.nodes,
    affected_edges: value.edges,
    actor_id: request.actor,
    commit,
  };
}

type Constructive = Extract<WriteStatement, { kind: 'insert' | 'update' }>;
type Destructive = Extract<WriteStatement, { kind: 'delete' }>;

type Work =
  | { readonly kind: 'construct'; readonly statements: readonly Constructive[] }
  | { readonly kind: 'delete'; readonly statements: readonly Destructive[] };

interface Counts {
  readonly nodes: number;
  readonly edges: number;
}

function splitWork({ statements }: WritePlan): Work {
  const constructive = statements.filter((statement) => statement.kind !== 'delete');
  const destructive = statements.filter((statement) => statement.kind === 'delete');
  if (destructive.length === 0) return { kind: 'construct', statements: constructive };
  if (constructive.length === 0) return { kind: 'delete', statements: destructive };
  throw new GraphError(
    'bad_request',
    'this mutation mixes inserts/updates and deletes; split it into separate mutations, one with the inserts and ' +
      'updates and one with the deletes',
  );
}

async function runConstruction(
  statements: readonly Constructive[],
  request: MutationRequest,
  transaction: Transaction,
): Promise<Counts> {
  const { catalog, snapshot, now } = transaction;
  refuseKeyUpdates(statements, transaction);
  const { rows, affectedNodes, affectedEdges } = await construct(statements, {
    catalog,
    snapshot,
    now,
    params: request.params,
    newId: () => transaction.newId(),
  });
  const changes = [...rows.batches()].map(([key, batch]) => ({
    key,
    type: batch.type,
    rows: batch,
    // A key can meet a committed entity and an update starts from one; every other id has just been made.
    freshIds: batch.type.kind === 'edge' || (batch.type.key === null && !isUpdated(key, statements)),
    deleted: NONE,
    replacesAll: false,
  }));
  await requireValid(
    changeSet(
      transaction,
      changes.map((change) => [change.key, change]),
    ),
    snapshot,
  );
  for (const change of changes) {
    const table = transaction.table(change.key);
    if (change.freshIds) table.append(tableRows(change.rows));
    else table.upsert(tableRows(change.rows));
  }
  return { nodes: affectedNodes, edges: affectedEdges };
}

const isUpdated = (key: TypeKey, statements: readonly Constructive[]): boolean =>
  statements.some((statement) => statement.kind === 'update' && key === `node:${statement.typeName}`);

function refuseKeyUpdates(statements: readonly Constructive[], { catalog }: Transaction): void {
  for (const statement of statements) {
    if (statement.kind !== 'update') continue;
    const key = nodeType(catalog, statement.typeName).key ?? [];
    const assigned = statement.assignments.find(({ property }) => key.includes(property));
    if (assigned === undefined) continue;
    throw new GraphError(
      'bad_request',
      `cannot update @key property '${assigned.property}' — delete and re-insert instead`,
    );
  }
}

async function runDeletion(
  statements: readonly Destructive[],
  request: MutationRequest,
  transaction: Transaction,
): Promise<Counts> {
  const { catalog, snapshot, now } = transaction;
  const deletions = await selectDeletions(statements, catalog, snapshot, { params: request.params, now });
  await requireValid(changeSet(transaction, deletedTypes(deletions, transaction)), snapshot);
  for (const [key, ids] of deletions) transaction.table(key).delete([...ids]);
  const removed = (kind: 'node' | 'edge'): number =>
    [...deletions].reduce((sum, [key, ids]) => sum + (key.startsWith(`${kind}:`) ? ids.size : 0), 0);
  return { nodes: removed('node'), edges: removed('edge') };
}

const deletedTypes = (deletions: Deletions, { catalog }: Transaction): [TypeKey, TypeChange][] =>
  [...deletions].map(([key, deleted]) => {
    const name = key.slice('node:'.length);
    const type = key.startsWith('node:') ? nodeType(catalog, name) : edgeType(catalog, name);
    return [key, { type, rows: undefined, freshIds: false, deleted, replacesAll: false }];
  });

const NONE: ReadonlySet<string> = new Set();

const changeSet = ({ catalog }: Transaction, types: readonly [TypeKey, TypeChange][]): ChangeSet => ({
  catalog,
  types: new Map(types),
  cascaded: true,
});
