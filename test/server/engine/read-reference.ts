/**
 * The meaning of a match, spelled out: every assignment of nodes and edges to its variables that satisfies every
 * clause (query-language.md §5.1). Slow and plain, to judge the executor by.
 */
import type { Filter, MatchBlock, ScalarExpr, Traversal } from 'omnigraph-language';
import type { GraphRows, Row } from './memory-graph.js';

export type Assignment = ReadonlyMap<string, Row>;

export function assignmentsOf(block: MatchBlock, outer: Assignment, graph: GraphRows): readonly Assignment[] {
  const visible = new Map(outer);
  for (const { name } of block.variables) visible.delete(name);
  let assignments: readonly Assignment[] = [visible];
  for (const { name, entity, typeName } of block.variables) {
    const rows = graph[`${entity}:${typeName}`] ?? [];
    assignments = assignments.flatMap((known) => rows.map((row) => new Map([...known, [name, row]])));
  }
  return assignments.filter((assignment) => satisfies(block, assignment, graph));
}

function satisfies(block: MatchBlock, assignment: Assignment, graph: GraphRows): boolean {
  return (
    block.bindings.every(({ variable, matches }) =>
      matches.every(({ property, value }) =>
        holds('=', assignment.get(variable)?.[property] ?? null, scalarOf(value, assignment)),
      ),
    ) &&
    block.traversals.every((traversal) => isLinked(traversal, assignment, graph)) &&
    block.filters.every((filter) => passes(filter, assignment)) &&
    block.negations.every((inner) => assignmentsOf(inner, assignment, graph).length === 0)
  );
}

function isLinked(traversal: Traversal, assignment: Assignment, graph: GraphRows): boolean {
  const { from, to, edge, edgeVariable, direction, min, max } = traversal;
  const edges = graph[`edge:${edge}`] ?? [];
  const [source, target] = [assignment.get(from)?.id, assignment.get(to)?.id];
  if (edgeVariable !== null) {
    const { src, dst } = assignment.get(edgeVariable) ?? {};
    const forth = src === source && dst === target;
    const back = src === target && dst === source;
    return direction === 'forward' ? forth : direction === 'backward' ? back : forth || back;
  }
  const neighbours = (node: unknown) =>
    edges.flatMap(({ src, dst }) => [
      ...(direction !== 'backward' && src === node ? [dst] : []),
      ...(direction !== 'forward' && dst === node ? [src] : []),
    ]);
  const visited = new Set<unknown>([source]);
  const emitted = new Set<unknown>();
  let frontier = new Set<unknown>([source]);
  for (let hop = 1; hop <= max && frontier.size > 0; hop++) {
    const next = new Set<unknown>();
    for (const node of frontier) {
      for (const neighbour of neighbours(node)) {
        if (neighbour === node && hop >= min) emitted.add(neighbour);
        if (visited.has(neighbour)) continue;
        visited.add(neighbour);
        next.add(neighbour);
        if (hop >= min) emitted.add(neighbour);
      }
    }
    frontier = next;
  }
  return emitted.has(target);
}

const passes = ({ left, operator, right }: Filter, assignment: Assignment): boolean =>
  holds(operator, scalarOf(left, assignment), scalarOf(right, assignment));

function holds(operator: string, left: unknown, right: unknown): boolean {
  if (left === null || right === null) return false;
  const [a, b] = [left, right] as [number, number];
  switch (operator) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    default:
      throw new Error(`the reference does not know ${operator}`);
  }
}

function scalarOf(expr: ScalarExpr, assignment: Assignment): unknown {
  if (expr.kind === 'property') return assignment.get(expr.variable)?.[expr.property] ?? null;
  if (expr.kind !== 'literal') throw new Error(`the reference does not know ${expr.kind}`);
  const { literal } = expr;
  if (literal.kind === 'integer') return Number(literal.value);
  if (literal.kind === 'string') return literal.value;
  throw new Error(`the reference does not know ${literal.kind} literals`);
}
