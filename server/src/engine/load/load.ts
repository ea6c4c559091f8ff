/**
 * Loading a file into a branch (engine.md §8): read and type-check all of it, then, in one transaction, constraints,
 * key conflicts and the writes of the chosen mode. The first failure aborts with nothing visible.
 */
import type { Catalog } from 'omnigraph-language';
import {
  type ChangeSet,
  committedIds,
  type EntityBatch,
  lastPerId,
  requireValid,
  type TypeChange,
  tableRows,
  typeKey,
} from '../constraints/index.js';
import { GraphError } from '../graph-error.js';
import { compareBytewise } from '../text-order.js';
import type { GraphWriter, PinnedSnapshot, Transaction, TypeKey } from '../transaction.js';
import type { LoadMode, LoadRequest, LoadResult } from '../types.js';
import type { ParsedType } from './batch-builder.js';
import { type ParsedLoad, readLoad } from './reader.js';

/** What a load needs of the open graph. */
export interface LoadContext {
  readonly writer: GraphWriter;
  /** The schema the file is read against; if another one is in force at the write, the load conflicts. */
  readonly catalog: Catalog;
  /** A fresh ULID. Called once per keyless node and unlabelled edge, so it must be cheap (a monotonic factory). */
  readonly newId: () => string;
  /** The caller has just forked `request.branch` from `request.from`. */
  readonly branchCreated: boolean;
}

/**
 * Runs one load. Rejects with GraphError: `bad_request` (line and cause), `conflict` with `key_conflict` or
 * `read_set_conflict`, `not_found` for a missing branch, `resource_limit`. A load always commits, even of an empty file.
 */
export async function executeLoad(context: LoadContext, request: LoadRequest): Promise<LoadResult> {
  const { catalog, newId } = context;
  const parsed = await readLoad(request.source, { catalog, mode: request.mode, newId });
  const prepared = [...parsed.nodes.values(), ...parsed.edges.values()].map((type) => prepareType(type, request.mode));
  const { commit } = await context.writer.transact(
    {
      branch: request.branch,
      actor: request.actor,
      operation: 'load',
      onMovedHead: request.mode === 'overwrite' ? 'refuse' : 'replay',
    },
    async (transaction) => {
      refuseOtherSchema(catalog, transaction.catalog);
      await requireValid(changeSet(catalog, prepared), transaction.snapshot);
      if (request.mode === 'append') await refuseKeyConflicts(prepared, transaction.snapshot);
      for (const type of prepared) writeType(type, request.mode, transaction);
      return { publish: true, value: undefined };
    },
  );
  if (commit === null) throw new Error('a load published without a commit');
  return {
    branch: request.branch,
    base_branch: request.from ?? null,
    branch_created: context.branchCreated,
    mode: request.mode,
    ...counts(parsed),
    commit,
  };
}

interface PreparedType {
  readonly key: TypeKey;
  readonly change: TypeChange & { readonly rows: EntityBatch };
}

function prepareType({ batch, mayRepeat }: ParsedType, mode: LoadMode): PreparedType {
  const key = typeKey(batch.type);
  const rows = mayRepeat ? lastPerId(batch) : batch;
  const repeats = rows !== batch;
  // Keyed nodes are left to the evaluator, which reports a repeated key as a uniqueness violation.
  const keyed = batch.type.kind === 'node' && batch.type.key !== null;
  if (repeats && !keyed && mode !== 'merge') throw duplicateRow(batch);
  return {
    key,
    change: {
      type: batch.type,
      rows,
      ...(repeats ? { input: batch } : {}),
      freshIds: !mayRepeat,
      deleted: new Set(),
      replacesAll: mode === 'overwrite',
    },
  };
}

function duplicateRow(batch: EntityBatch): GraphError {
  const firstLine = new Map<string, number>();
  for (const [row, id] of batch.ids.entries()) {
    const line = batch.lines?.[row] ?? 0;
    const first = firstLine.get(id);
    if (first !== undefined) {
      return new GraphError(
        'bad_request',
        `line ${line}: duplicate source row: ${typeKey(batch.type)} id '${id}' was given on line ${first} already`,
      );
    }
    firstLine.set(id, line);
  }
  throw new Error('rows were folded, yet no id is repeated');
}

const changeSet = (catalog: Catalog, prepared: readonly PreparedType[]): ChangeSet => ({
  catalog,
  types: new Map(prepared.map(({ key, change }) => [key, change])),
  cascaded: false,
});

function refuseOtherSchema(expected: Catalog, actual: Catalog): void {
  if (expected.shapeHash === actual.shapeHash) return;
  throw new GraphError('conflict', 'the schema changed while the file was read; nothing was loaded, load it again', {
    read_set_conflict: { member: 'schema', expected: expected.shapeHash, actual: actual.shapeHash },
  });
}

/** `append` is strict: an id that is committed already fails the whole load. */
async function refuseKeyConflicts(prepared: readonly PreparedType[], snapshot: PinnedSnapshot): Promise<void> {
  for (const { key, change } of prepared) {
    const { type, rows, freshIds } = change;
    if (freshIds) continue;
    const committed = await committedIds(snapshot, key, new Set(rows.ids));
    const row = rows.ids.findIndex((id) => committed.has(id));
    if (row === -1) continue;
    const id = rows.ids[row] ?? '';
    throw new GraphError(
      'conflict',
      `${type.kind} type '${type.name}' already has id '${id}' (line ${rows.lines?.[row]}); load it with mode merge to replace it`,
      { key_conflict: { entity_kind: type.kind, type_name: type.name, entity_id: id } },
    );
  }
}

function writeType({ key, change }: PreparedType, mode: LoadMode, transaction: Transaction): void {
  const table = transaction.table(key);
  const rows = tableRows(change.rows);
  if (mode === 'overwrite') table.replaceAll(rows);
  else if (mode === 'append' || change.freshIds) table.append(rows);
  else table.upsert(rows);
}

function counts(parsed: ParsedLoad): Pick<LoadResult, 'nodes' | 'edges' | 'total_entities'> {
  const nodes = entitiesLoaded(parsed.nodes);
  const edges = entitiesLoaded(parsed.edges);
  const total = [...nodes, ...edges].reduce((sum, { entities_loaded }) => sum + entities_loaded, 0);
  return { nodes, edges, total_entities: total };
}

/** Input lines per type, repeated ones included, by name. */
const entitiesLoaded = (types: ReadonlyMap<string, ParsedType>): LoadResult['nodes'] =>
  [...types]
    .map(([name, { batch }]) => ({ name, entities_loaded: batch.length }))
    .sort((a, b) => compareBytewise(a.name, b.name));
