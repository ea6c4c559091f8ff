/**
 * The one evaluator of constraints (engine.md §10), for mutations, loads and merges: it sees a change set over a
 * committed image and judges the final image, reading committed state only where the change touches it.
 */
import { GraphError } from '../graph-error.js';
import { compareBytewise } from '../text-order.js';
import { cardinalityViolations } from './cardinality.js';
import type { ChangeSet, CommittedState, Violation } from './change-set.js';
import { endpointViolations } from './endpoints.js';
import { uniquenessViolations } from './uniqueness.js';
import { valueViolations } from './value-rules.js';

/**
 * Violations in the order of schema-language.md §17: values of every type, then per node type keys and uniqueness,
 * then per edge type uniqueness, endpoints and cardinality; types by name. Lazy: stopping early saves the rest.
 */
export async function* constraintViolations(changes: ChangeSet, state: CommittedState): AsyncGenerator<Violation> {
  const nodes = byName(changes.catalog.nodes);
  const edges = byName(changes.catalog.edges);
  const changeOf = (kind: 'node' | 'edge', name: string) => changes.types.get(`${kind}:${name}`);

  for (const type of [...nodes, ...edges]) {
    const rows = changeOf(type.kind, type.name)?.rows;
    if (rows !== undefined && rows.length > 0) yield* valueViolations(rows);
  }
  for (const node of nodes) {
    const change = changeOf('node', node.name);
    if (change !== undefined) yield* uniquenessViolations(change, state);
  }
  for (const edge of edges) {
    const change = changeOf('edge', edge.name);
    if (change !== undefined) yield* uniquenessViolations(change, state);
    yield* endpointViolations(edge, changes, state);
    yield* cardinalityViolations(edge, changes, state);
  }
}

/** Throws `bad_request` with the first violation, as loads and mutations report it. */
export async function requireValid(changes: ChangeSet, state: CommittedState): Promise<void> {
  for await (const violation of constraintViolations(changes, state)) {
    throw new GraphError('bad_request', violation.message);
  }
}

function byName<T extends { readonly name: string }>(types: ReadonlyMap<string, T>): readonly T[] {
  return [...types.values()].sort((a, b) => compareBytewise(a.name, b.name));
}
