/** Deletes of one mutation and what they take with them (query-language.md §8.2–8.4). */
import type { Catalog, EdgeType, WriteStatement } from 'omnigraph-language';
import { type CommittedState, rowsHolding, typeKey } from '../constraints/index.js';
import type { TypeKey } from '../transaction.js';
import { matchingIds } from './matching.js';
import type { Environment } from './operands.js';
import { bindPredicate } from './predicate.js';
import { edgeType, nodeType } from './types.js';

type Delete = Extract<WriteStatement, { kind: 'delete' }>;

/** Distinct ids to remove, by type; every statement selects from the state before the query. */
export type Deletions = ReadonlyMap<TypeKey, ReadonlySet<string>>;

export async function selectDeletions(
  statements: readonly Delete[],
  catalog: Catalog,
  state: CommittedState,
  environment: Environment,
): Promise<Deletions> {
  const deletions = new Map<TypeKey, Set<string>>();
  const add = (key: TypeKey, ids: Iterable<string>): void => {
    const known = deletions.get(key) ?? new Set<string>();
    for (const id of ids) known.add(id);
    if (known.size > 0) deletions.set(key, known);
  };
  for (const { entity, typeName, predicate } of statements) {
    const type = entity === 'node' ? nodeType(catalog, typeName) : edgeType(catalog, typeName);
    add(typeKey(type), await matchingIds(type, bindPredicate(predicate, type, environment), state));
  }
  for (const edge of catalog.edges.values()) {
    add(typeKey(edge), await edgesOf(edge, deletions, state));
  }
  return deletions;
}

/** Edges of a type with either end among the deleted nodes. */
async function edgesOf(edge: EdgeType, deletions: Deletions, state: CommittedState): Promise<readonly string[]> {
  const none: ReadonlySet<string> = new Set();
  const outgoing = deletions.get(`node:${edge.from}`) ?? none;
  const incoming = deletions.get(`node:${edge.to}`) ?? none;
  const leaving = await rowsHolding(state, typeKey(edge), 'src', outgoing, ['id']);
  const arriving = await rowsHolding(state, typeKey(edge), 'dst', incoming, ['id']);
  return [...leaving.texts('id'), ...arriving.texts('id')];
}
