/**
 * `@card(min..max)`: how many edges of a type leave each source the change touches (engine.md §10). Sources it does
 * not touch, and sources it deletes, are not counted.
 */
import type { EdgeType } from 'omnigraph-language';
import { compareBytewise } from '../text-order.js';
import type { ChangeSet, CommittedState, TypeChange, Violation } from './change-set.js';
import { rowsHolding } from './committed-rows.js';
import { typeKey } from './entity-batch.js';

/** Violations of one edge type, by source id ascending. */
export async function* cardinalityViolations(
  edge: EdgeType,
  changes: ChangeSet,
  state: CommittedState,
): AsyncGenerator<Violation> {
  const { min, max } = edge.cardinality;
  const change = changes.types.get(typeKey(edge));
  if (change === undefined || (min === 0 && max === null)) return;
  const counts = await finalCounts(edge, change, state);
  const nodes = changes.types.get(`node:${edge.from}`);
  for (const [source, count] of [...counts].sort(([a], [b]) => compareBytewise(a, b))) {
    if (nodes?.deleted.has(source)) continue;
    const bound = max !== null && count > max ? `max ${max}` : count < min ? `min ${min}` : undefined;
    if (bound === undefined) continue;
    yield {
      kind: 'cardinality_violation',
      entityKind: 'edge',
      typeName: edge.name,
      entityId: null,
      message: `@card violation on edge ${edge.name}: source '${source}' has ${count} edges (${bound})`,
    };
  }
}

async function finalCounts(
  edge: EdgeType,
  change: TypeChange,
  state: CommittedState,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const source of change.rows?.endpoints?.src ?? []) counts.set(source, (counts.get(source) ?? 0) + 1);
  // An overwrite is judged by what it writes; sources it leaves without an edge are not looked for (§8).
  if (change.replacesAll) return counts;
  const gone = new Set([...change.deleted, ...(change.freshIds ? [] : (change.rows?.ids ?? []))]);
  const former = await rowsHolding(state, typeKey(edge), 'id', gone, ['id', 'src']);
  for (const source of former.texts('src')) if (!counts.has(source)) counts.set(source, 0);
  const committed = await rowsHolding(state, typeKey(edge), 'src', new Set(counts.keys()), ['id', 'src']);
  const sources = committed.texts('src');
  for (const [index, id] of committed.texts('id').entries()) {
    const source = sources[index];
    if (source !== undefined && !gone.has(id)) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return counts;
}
