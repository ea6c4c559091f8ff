/** Which committed entities a predicate matches, read through the one column it looks at. */
import type { EdgeType, NodeType } from 'omnigraph-language';
import { type CommittedState, cellValue, rowsHolding, typeKey } from '../constraints/index.js';
import type { Predicate } from './predicate.js';

/** Ids of the committed matches, in table order. */
export async function matchingIds(
  type: NodeType | EdgeType,
  predicate: Predicate,
  state: CommittedState,
): Promise<readonly string[]> {
  const key = typeKey(type);
  if (!predicate.satisfiable || state.entityCount(key) === 0) return [];
  if (predicate.equalText !== undefined) {
    // The id of a node with one text key is that key, and the id always has an index.
    const isKey = type.kind === 'node' && type.key?.length === 1 && type.key[0] === predicate.column;
    const column = isKey ? 'id' : predicate.column;
    return (await rowsHolding(state, key, column, new Set([predicate.equalText]), ['id'])).texts('id');
  }
  const columns = await (await state.readerFor(key)).readColumns(['id', predicate.column]);
  const [ids, values] = [columns.get('id'), columns.get(predicate.column)];
  if (ids?.kind !== 'text' || values === undefined) throw new Error(`${key} lacks column ${predicate.column}`);
  return ids.values.flatMap((id, row) => (id !== null && predicate.matches(cellValue(values, row)) ? [id] : []));
}
