/** Inserts and updates of one mutation, statement by statement (query-language.md §8.2–8.3). */
import {
  type Catalog,
  type EdgeType,
  entityId,
  type NodeType,
  type Value,
  type WriteStatement,
} from 'omnigraph-language';
import { rowsHolding, typeKey } from '../constraints/index.js';
import { GraphError } from '../graph-error.js';
import type { PinnedSnapshot } from '../transaction.js';
import { matchingIds } from './matching.js';
import { type Environment, resolve, storedValue } from './operands.js';
import { type PendingRow, PendingRows } from './pending.js';
import { bindPredicate } from './predicate.js';
import { declaredProperty, edgeType, nodeType } from './types.js';

type Insert = Extract<WriteStatement, { kind: 'insert' }>;
type Update = Extract<WriteStatement, { kind: 'update' }>;

export interface Construction {
  readonly rows: PendingRows;
  readonly affectedNodes: number;
  readonly affectedEdges: number;
}

export interface ConstructionContext extends Environment {
  readonly catalog: Catalog;
  readonly snapshot: PinnedSnapshot;
  readonly newId: () => string;
}

/** Runs the statements in order. Throws `bad_request` for values a property cannot take, `resource_limit` (§8.5). */
export async function construct(
  statements: readonly (Insert | Update)[],
  context: ConstructionContext,
): Promise<Construction> {
  const rows = new PendingRows();
  let affectedNodes = 0;
  let affectedEdges = 0;
  for (const statement of statements) {
    if (statement.kind === 'update') {
      affectedNodes += await update(statement, rows, context);
    } else if (statement.entity === 'node') {
      insertNode(statement, rows, context);
      affectedNodes += 1;
    } else {
      insertEdge(statement, rows, context);
      affectedEdges += 1;
    }
  }
  return { rows, affectedNodes, affectedEdges };
}

function insertNode(statement: Insert, rows: PendingRows, context: ConstructionContext): void {
  const type = nodeType(context.catalog, statement.typeName);
  const values = insertedValues(type, statement, context);
  rows.put(type, { id: nodeId(type, values, context.newId), endpoints: undefined, values });
}

function insertEdge(statement: Insert, rows: PendingRows, context: ConstructionContext): void {
  const type = edgeType(context.catalog, statement.typeName);
  const endpoint = (name: 'from' | 'to'): string => {
    const assignment = statement.assignments.find(({ property }) => property === name);
    const value = assignment === undefined ? null : resolve(assignment.value, context);
    if (typeof value === 'string') return value;
    throw new GraphError('bad_request', `insert ${type.name}: missing required endpoint '${name}'`);
  };
  const endpoints = { src: endpoint('from'), dst: endpoint('to') };
  rows.put(type, { id: context.newId(), endpoints, values: insertedValues(type, statement, context) });
}

/** Every declared property: what was assigned, null where that may be, else an error. */
function insertedValues(
  type: NodeType | EdgeType,
  statement: Insert,
  context: ConstructionContext,
): ReadonlyMap<string, Value> {
  const assigned = new Map(
    statement.assignments
      // On an edge these two are its ends, even if it has properties of these names.
      .filter(({ property }) => type.kind === 'node' || (property !== 'from' && property !== 'to'))
      .map(({ property, value }) => [declaredProperty(type, property).name, value]),
  );
  return new Map(
    [...type.properties.values()].map((property) => {
      const expr = assigned.get(property.name);
      const subject = `${type.name}.${property.name}`;
      if (expr !== undefined) return [property.name, storedValue(resolve(expr, context), property.type, subject)];
      if (property.type.nullable) return [property.name, null];
      throw new GraphError('bad_request', `insert ${type.name}: missing required property '${property.name}'`);
    }),
  );
}

/** The canonical key of a keyed node; a fresh id otherwise. */
function nodeId(type: NodeType, values: ReadonlyMap<string, Value>, newId: () => string): string {
  if (type.key === null) return newId();
  const missing = type.key.find((name) => (values.get(name) ?? null) === null);
  const id = entityId(type, values);
  if (missing === undefined && id !== undefined) return id;
  throw new GraphError('bad_request', `insert ${type.name}: missing required key '${missing ?? type.key.join(', ')}'`);
}

/** The number of matches: pending rows with their pending values, and committed rows no pending row shadows. */
async function update(statement: Update, rows: PendingRows, context: ConstructionContext): Promise<number> {
  const type = nodeType(context.catalog, statement.typeName);
  const predicate = bindPredicate(statement.predicate, type, context);
  const pending = rows.of(type);
  const changes = statement.assignments.map(({ property, value }): [string, Value] => {
    const declared = declaredProperty(type, property);
    return [property, storedValue(resolve(value, context), declared.type, `${type.name}.${property}`)];
  });
  const shadowing = [...pending.values()].filter((row) => predicate.matches(row.values.get(predicate.column) ?? null));
  const committed = (await matchingIds(type, predicate, context.snapshot)).filter((id) => !pending.has(id));
  rows.refuseOverflow(type, committed.length);
  const matched = [...shadowing, ...(await wholeRows(type, committed, context.snapshot))];
  for (const row of matched) rows.put(type, { ...row, values: new Map([...row.values, ...changes]) });
  return matched.length;
}

/** Committed nodes with all their properties, blobs included: a changed row is written whole. */
async function wholeRows(
  type: NodeType,
  ids: readonly string[],
  snapshot: PinnedSnapshot,
): Promise<readonly PendingRow[]> {
  if (ids.length === 0) return [];
  const key = typeKey(type);
  const plain = [...type.properties.keys()].filter((name) => !type.blobs.has(name));
  const found = await rowsHolding(snapshot, key, 'id', new Set(ids), ['id', ...plain]);
  const columns = plain.map((name) => ({ name, values: found.values(name) }));
  const table = await snapshot.readerFor(key);
  const blobs = await Promise.all(
    [...type.blobs].map(async (name) => ({ name, bytes: await table.readBlobs(name, ids) })),
  );
  return found.texts('id').map((id, row) => ({
    id,
    endpoints: undefined,
    values: new Map<string, Value>([
      ...columns.map(({ name, values }): [string, Value] => [name, values[row] ?? null]),
      ...blobs.map(({ name, bytes }): [string, Value] => {
        const held = bytes.get(id) ?? null;
        return [name, held === null ? null : { bytes: held }];
      }),
    ]),
  }));
}
