/**
 * Every edge of the final image has both its ends (engine.md §10): edges the change brings must find their nodes, and
 * nodes the change removes must not leave a kept edge behind.
 */
import type { EdgeType } from 'omnigraph-language';
import type { ChangeSet, CommittedState, TypeChange, Violation } from './change-set.js';
import { allRows, type CommittedRows, committedIds, rowsHolding } from './committed-rows.js';
import { typeKey } from './entity-batch.js';
import { place } from './places.js';

type End = 'src' | 'dst';

/** Violations of one edge type: changed edges in row order, then stranded ones in table order. */
export async function* endpointViolations(
  edge: EdgeType,
  changes: ChangeSet,
  state: CommittedState,
): AsyncGenerator<Violation> {
  const change = changes.types.get(typeKey(edge));
  yield* danglingViolations(edge, change, changes, state);
  if (!changes.cascaded && change?.replacesAll !== true) yield* strandedViolations(edge, change, changes, state);
}

async function* danglingViolations(
  edge: EdgeType,
  change: TypeChange | undefined,
  changes: ChangeSet,
  state: CommittedState,
): AsyncGenerator<Violation> {
  const rows = change?.rows;
  if (rows?.endpoints === undefined || rows.length === 0) return;
  const { src, dst } = rows.endpoints;
  const noSource = await missingNodes(new Set(src), edge.from, changes, state);
  const noTarget = await missingNodes(new Set(dst), edge.to, changes, state);
  if (noSource.size === 0 && noTarget.size === 0) return;
  for (let row = 0; row < rows.length; row += 1) {
    const [from, to, id] = [src[row] ?? '', dst[row] ?? '', rows.ids[row] ?? ''];
    if (noSource.has(from)) yield orphan(edge, 'src', from, id, place(rows, row));
    if (noTarget.has(to)) yield orphan(edge, 'dst', to, id, place(rows, row));
  }
}

/** Those of `ids` that the final image of a node type lacks. */
async function missingNodes(
  ids: ReadonlySet<string>,
  nodeName: string,
  changes: ChangeSet,
  state: CommittedState,
): Promise<ReadonlySet<string>> {
  const change = changes.types.get(`node:${nodeName}`);
  const missing = new Set(ids);
  for (const id of change?.rows?.ids ?? []) missing.delete(id);
  if (change?.replacesAll || missing.size === 0) return missing;
  const committed = await committedIds(state, `node:${nodeName}`, missing);
  for (const id of committed) if (!change?.deleted.has(id)) missing.delete(id);
  return missing;
}

async function* strandedViolations(
  edge: EdgeType,
  change: TypeChange | undefined,
  changes: ChangeSet,
  state: CommittedState,
): AsyncGenerator<Violation> {
  const changed = new Set(change?.rows?.ids ?? []);
  for (const [end, nodeName] of [
    ['src', edge.from],
    ['dst', edge.to],
  ] as const) {
    const gone = await removedNodes(nodeName, changes, state);
    const edges = await rowsHolding(state, typeKey(edge), end, gone, ['id', end]);
    for (const [id, node] of pairs(edges, end)) {
      if (!changed.has(id) && !change?.deleted.has(id)) yield orphan(edge, end, node, id, '');
    }
  }
}

/** Committed nodes of a type that the change removes. */
async function removedNodes(nodeName: string, changes: ChangeSet, state: CommittedState): Promise<ReadonlySet<string>> {
  const change = changes.types.get(`node:${nodeName}`);
  if (change === undefined) return new Set();
  if (!change.replacesAll) return change.deleted;
  const removed = new Set((await allRows(state, `node:${nodeName}`, ['id'])).texts('id'));
  for (const id of change.rows?.ids ?? []) removed.delete(id);
  return removed;
}

function pairs(edges: CommittedRows, end: End): readonly (readonly [string, string])[] {
  const nodes = edges.texts(end);
  return edges.texts('id').map((id, index) => [id, nodes[index] ?? '']);
}

const orphan = (edge: EdgeType, end: End, node: string, id: string, place: string): Violation => ({
  kind: 'orphan_edge',
  entityKind: 'edge',
  typeName: edge.name,
  entityId: id,
  message: `${end} '${node}' not found in ${end === 'src' ? edge.from : edge.to}, needed by edge ${edge.name} '${id}'${place}`,
});
