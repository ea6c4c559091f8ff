/** Runs the steps of a block over a table of bindings. query-language.md §5.1. */
import type { Catalog, Traversal } from 'omnigraph-language';
import type { Adjacency } from './adjacency.js';
import { type Bindings, columnOf, crossJoin, firstOfGroups, groupRows, projectRows, takeRows } from './bindings.js';
import { hashJoin } from './hash-join.js';
import { keyedId } from './keyed-id.js';
import type { EvaluationContext } from './operands.js';
import { applyFilters } from './predicates.js';
import { type BlockPlan, type Step, type StepAction, travelDirection } from './steps.js';
import {
  expandEdges,
  expandHops,
  expandNeighbours,
  type Hops,
  hopLinkedRows,
  linkedRows,
  linkingEdges,
  selectedRows,
} from './traverse.js';
import { typeKeyOf } from './variables.js';

export interface MatchContext extends Omit<EvaluationContext, 'scope'> {
  readonly catalog: Catalog;
}

/** Which columns must survive, and whether equal rows of the rest may be merged. */
export interface Delivery {
  readonly variables: ReadonlySet<string>;
  /** `rows`: nothing is merged. `bag`: equal rows become one with a weight. `set`: equal rows become one. */
  readonly merging: 'rows' | 'bag' | 'set';
}

export async function runBlock(
  plan: BlockPlan,
  seed: Bindings,
  delivery: Delivery,
  context: MatchContext,
): Promise<Bindings> {
  const evaluation: BlockContext = { ...context, scope: plan.scope };
  let table = seed;
  for (const step of plan.steps) {
    if (table.length === 0) return emptied(table, plan, delivery);
    const grown = await perform(step.action, table, evaluation);
    const filtered = await applyFilters(grown, step.filters, evaluation);
    table = reduce(filtered, step, delivery);
  }
  return table;
}

interface BlockContext extends EvaluationContext {
  readonly catalog: Catalog;
}

function perform(action: StepAction, table: Bindings, context: BlockContext): Promise<Bindings> {
  switch (action.kind) {
    case 'filter':
      return Promise.resolve(table);
    case 'scan':
      return scan(action, table, context);
    case 'expand':
      return expand(action, table, context);
    case 'check':
      return check(action, table, context);
    case 'negate':
      return negate(action.block, table, context);
  }
}

async function scan(
  { variable, access, own, join }: Extract<StepAction, { kind: 'scan' }>,
  table: Bindings,
  context: BlockContext,
): Promise<Bindings> {
  const rows = await scannedRows(variable, access, context);
  const candidates = await applyFilters(
    { length: rows.length, columns: new Map([[variable, rows]]), weights: null },
    own,
    context,
  );
  return join === null
    ? crossJoin(table, variable, columnOf(candidates, variable))
    : hashJoin(table, candidates, join, context);
}

async function scannedRows(
  variable: string,
  access: Extract<StepAction, { kind: 'scan' }>['access'],
  context: BlockContext,
): Promise<Uint32Array> {
  const type = typeKeyOf(context.scope, variable);
  if (access.kind === 'all') return context.source.allRows(type);
  const id = keyedId(access.parts, context.request);
  return id === undefined ? new Uint32Array() : context.source.rowsById(type, [id]);
}

async function expand(
  action: Extract<StepAction, { kind: 'expand' }>,
  table: Bindings,
  context: BlockContext,
): Promise<Bindings> {
  const { traversal, origin } = action;
  const hops = effectiveHops(traversal, context.catalog);
  const [start, reached] = origin === 'from' ? [traversal.from, traversal.to] : [traversal.to, traversal.from];
  const sources = columnOf(table, start);
  if (hops === null) return takeRows(table, new Uint32Array(), newColumns(traversal, reached));
  const adjacency = await adjacencyFor(action, sources, hops, context);
  if (traversal.edgeVariable !== null) {
    const { parents, nodes, edges } = expandEdges(adjacency, sources);
    return takeRows(table, parents, newColumns(traversal, reached, nodes, edges));
  }
  const { parents, nodes } =
    hops.max === 1
      ? expandNeighbours(adjacency, sources)
      : expandHops(adjacency, sources, hops, origin === 'from' ? 'source' : 'target');
  return takeRows(table, parents, newColumns(traversal, reached, nodes));
}

async function check(
  action: Extract<StepAction, { kind: 'check' }>,
  table: Bindings,
  context: BlockContext,
): Promise<Bindings> {
  const { traversal } = action;
  const hops = effectiveHops(traversal, context.catalog);
  const starts = columnOf(table, traversal.from);
  const ends = columnOf(table, traversal.to);
  const { edgeVariable } = traversal;
  if (hops === null) return takeRows(table, new Uint32Array());
  const adjacency = await adjacencyFor(action, starts, hops, context);
  if (edgeVariable !== null) {
    const { parents, edges } = linkingEdges(adjacency, starts, ends);
    return takeRows(table, parents, new Map([[edgeVariable, edges]]));
  }
  const kept = hops.max === 1 ? linkedRows(adjacency, starts, ends) : hopLinkedRows(adjacency, starts, ends, hops);
  return takeRows(table, kept);
}

/** Removes the rows for which the block yields a row: decided once per distinct combination of what it reads. */
async function negate(block: BlockPlan, table: Bindings, context: BlockContext): Promise<Bindings> {
  const variables = [...block.correlated];
  const { groups, count } = groupRows(
    table.length,
    variables.map((variable) => columnOf(table, variable)),
  );
  const first = firstOfGroups(groups, count);
  const columns = new Map(variables.map((variable) => [variable, columnOf(takeRows(table, first), variable)] as const));
  const ordinals = Uint32Array.from(first, (_, ordinal) => ordinal);
  columns.set(CASE, ordinals);
  const seed: Bindings = { length: count, columns, weights: null };
  const found = await runBlock(block, seed, { variables: new Set([CASE]), merging: 'set' }, context);
  const isFound = new Uint8Array(count);
  for (const ordinal of columnOf(found, CASE)) isFound[ordinal] = 1;
  const keep = new Uint8Array(table.length);
  for (let row = 0; row < keep.length; row++) if (isFound[groups[row] as number] === 0) keep[row] = 1;
  return takeRows(table, selectedRows(keep));
}

/** The column that carries the number of the outer combination through a `not` block: no author can write it. */
const CASE = '#case';

function reduce(table: Bindings, step: Step, delivery: Delivery): Bindings {
  if (delivery.merging === 'rows') return table;
  return projectRows(table, new Set([...step.live, ...delivery.variables]), delivery.merging);
}

/** An empty table with every column a caller may read. */
function emptied(table: Bindings, plan: BlockPlan, delivery: Delivery): Bindings {
  const names = [...table.columns.keys(), ...plan.scope.keys(), ...delivery.variables];
  return { length: 0, columns: new Map(names.map((name) => [name, new Uint32Array()])), weights: null };
}

/** Edges between different types cannot chain (§5.3): more than one hop is one hop, at least two are none. */
function effectiveHops({ edge, min, max }: Traversal, catalog: Catalog): Hops | null {
  const type = catalog.edges.get(edge);
  if (type === undefined) throw new Error(`edge ${edge} is not in the catalog: the plan is not a checked one`);
  const longest = type.from === type.to ? max : Math.min(max, 1);
  return min <= longest ? { min, max: longest } : null;
}

function adjacencyFor(
  action: Extract<StepAction, { kind: 'expand' | 'check' }>,
  starts: Uint32Array,
  hops: Hops,
  context: BlockContext,
): Promise<Adjacency> {
  const { edge } = action.traversal;
  return context.source.adjacency({ edge, direction: travelDirection(action), starts, hops: hops.max });
}

function newColumns(
  { edgeVariable }: Traversal,
  reached: string,
  nodes: Uint32Array = new Uint32Array(),
  edges: Uint32Array = new Uint32Array(),
): ReadonlyMap<string, Uint32Array> {
  const columns = new Map([[reached, nodes]]);
  if (edgeVariable !== null) columns.set(edgeVariable, edges);
  return columns;
}
