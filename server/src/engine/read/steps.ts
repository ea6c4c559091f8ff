/**
 * The order in which a `match` or `not` block is worked off: a pure function of the block, the schema and entity
 * counts. Key lookups first, then the cheapest way to grow, existence tests as soon as both ends are bound, filters
 * and negations as soon as their variables are. query-language.md §12; the order never changes the result (§5.1).
 */
import type {
  Catalog,
  Filter,
  MatchBlock,
  NodeType,
  PropertyRef,
  ScalarExpr,
  Traversal,
  ValueExpr,
} from 'omnigraph-language';
import { matchAsFilter } from './predicates.js';
import type { TypeKey } from './row-source.js';
import { enterBlock, type Scope, typeKeyOf } from './variables.js';

/** One member of a key and the value it must equal, in the order of the key. */
export interface KeyPart {
  readonly property: PropertyRef;
  readonly value: ValueExpr;
  /** Where this stood: the look-up answers it, so it is not tested again. */
  readonly filter: Filter;
}

export type Access = { readonly kind: 'all' } | { readonly kind: 'key'; readonly parts: readonly KeyPart[] };

/** An equality between the variable being scanned and one bound before. */
export interface JoinKey {
  readonly bound: PropertyRef;
  readonly scanned: PropertyRef;
}

export type StepAction =
  | { readonly kind: 'filter' }
  | {
      readonly kind: 'scan';
      readonly variable: string;
      readonly access: Access;
      /** Filters on this variable alone, applied before it meets the rows so far. */
      readonly own: readonly Filter[];
      readonly join: JoinKey | null;
    }
  /** `origin` is the end already bound; the other one and the edge variable become bound. */
  | { readonly kind: 'expand'; readonly traversal: Traversal; readonly origin: 'from' | 'to' }
  /** Both ends are bound. */
  | { readonly kind: 'check'; readonly traversal: Traversal }
  | { readonly kind: 'negate'; readonly block: BlockPlan };

export interface Step {
  readonly action: StepAction;
  /** Filters whose variables this step completes. */
  readonly filters: readonly Filter[];
  /** Variables that later steps of the block still read; whatever the block must deliver comes on top. */
  readonly live: ReadonlySet<string>;
}

export interface BlockPlan {
  readonly scope: Scope;
  /** Outer variables the block reads: the result of a `not` depends on nothing else. */
  readonly correlated: ReadonlySet<string>;
  readonly steps: readonly Step[];
}

export interface Statistics {
  readonly catalog: Catalog;
  readonly entityCount: (type: TypeKey) => number;
}

export function planBlock(block: MatchBlock, outer: Scope, statistics: Statistics): BlockPlan {
  const scope = enterBlock(outer, block);
  const correlated = correlatedVariables(block, outer);
  const planner = new StepPlanner(block, scope, correlated, statistics);
  return { scope, correlated, steps: withLiveness(planner.run()) };
}

/** Outer variables that a block or a block inside it mentions. */
function correlatedVariables(block: MatchBlock, outer: Scope): ReadonlySet<string> {
  const mentioned = new Set<string>();
  for (const binding of block.bindings) mentioned.add(binding.variable);
  for (const traversal of block.traversals) for (const end of traversalVariables(traversal)) mentioned.add(end);
  for (const filter of block.filters) for (const variable of filterVariables(filter)) mentioned.add(variable);
  for (const inner of block.negations) {
    for (const variable of correlatedVariables(inner, enterBlock(outer, block))) mentioned.add(variable);
  }
  const own = new Set(block.variables.map(({ name }) => name));
  return new Set([...mentioned].filter((variable) => outer.has(variable) && !own.has(variable)));
}

type PlannedStep = Omit<Step, 'live'> & { readonly reads: ReadonlySet<string> };

class StepPlanner {
  readonly #bound: Set<string>;
  readonly #steps: PlannedStep[] = [];
  readonly #nodes: Set<string>;
  #filters: Filter[];
  #traversals: Traversal[];
  #negations: { readonly block: MatchBlock; readonly correlated: ReadonlySet<string> }[];

  constructor(
    block: MatchBlock,
    readonly scope: Scope,
    correlated: ReadonlySet<string>,
    readonly statistics: Statistics,
  ) {
    this.#bound = new Set(correlated);
    this.#nodes = new Set(block.variables.filter(({ entity }) => entity === 'node').map(({ name }) => name));
    this.#traversals = [...block.traversals];
    this.#filters = [
      ...block.filters,
      ...block.bindings.flatMap(({ variable, matches }) => matches.map((match) => matchAsFilter(variable, match))),
    ];
    this.#negations = block.negations.map((inner) => ({
      block: inner,
      correlated: correlatedVariables(inner, scope),
    }));
  }

  run(): readonly PlannedStep[] {
    const ready = this.#takeReadyFilters();
    if (ready.length > 0) this.#push({ kind: 'filter' }, ready, []);
    this.#negate();
    for (let action = this.#next(); action !== undefined; action = this.#next()) {
      this.#perform(action);
      this.#negate();
    }
    return this.#steps;
  }

  #next(): StepAction | undefined {
    const both = this.#traversals.find(({ from, to }) => this.#bound.has(from) && this.#bound.has(to));
    if (both !== undefined) return { kind: 'check', traversal: both };
    const unbound = [...this.#nodes].filter((variable) => !this.#bound.has(variable));
    for (const variable of unbound) {
      const parts = this.#keyParts(variable);
      if (parts !== undefined) return this.#scan(variable, { kind: 'key', parts });
    }
    return this.#cheapestExpansion() ?? this.#cheapestScan(unbound);
  }

  #perform(action: StepAction): void {
    const reads: string[] = [];
    if (action.kind === 'scan') {
      const answered = new Set([...action.own, ...filtersOfKey(action.access)]);
      this.#filters = this.#filters.filter((filter) => !answered.has(filter));
      if (action.join !== null) reads.push(action.join.bound.variable);
      this.#bound.add(action.variable);
    }
    if (action.kind === 'expand' || action.kind === 'check') {
      this.#traversals = this.#traversals.filter((traversal) => traversal !== action.traversal);
      reads.push(...traversalVariables(action.traversal).filter((variable) => this.#bound.has(variable)));
      for (const variable of traversalVariables(action.traversal)) this.#bound.add(variable);
    }
    this.#push(action, this.#takeReadyFilters(), reads);
  }

  #push(action: StepAction, filters: readonly Filter[], reads: readonly string[]): void {
    this.#steps.push({ action, filters, reads: new Set([...reads, ...filters.flatMap(filterVariables)]) });
  }

  #negate(): void {
    const isReady = ({ correlated }: { correlated: ReadonlySet<string> }) =>
      [...correlated].every((variable) => this.#bound.has(variable));
    for (const { block, correlated } of this.#negations.filter(isReady)) {
      const plan = planBlock(block, this.scope, this.statistics);
      this.#push({ kind: 'negate', block: plan }, [], [...correlated]);
    }
    this.#negations = this.#negations.filter((negation) => !isReady(negation));
  }

  #takeReadyFilters(): readonly Filter[] {
    const isReady = (filter: Filter) => filterVariables(filter).every((variable) => this.#bound.has(variable));
    const ready = this.#filters.filter(isReady);
    this.#filters = this.#filters.filter((filter) => !isReady(filter));
    return ready;
  }

  #scan(variable: string, access: Access): StepAction {
    const byKey = new Set(filtersOfKey(access));
    const own = this.#ownFilters(variable).filter((filter) => !byKey.has(filter));
    return { kind: 'scan', variable, access, own, join: this.#joinKey(variable) };
  }

  #ownFilters(variable: string): readonly Filter[] {
    return this.#filters.filter((filter) => {
      const variables = filterVariables(filter);
      return variables.length > 0 && variables.every((name) => name === variable);
    });
  }

  #joinKey(variable: string): JoinKey | null {
    for (const { left, operator, right } of this.#filters) {
      if (operator !== '=' || left.kind !== 'property' || right.kind !== 'property') continue;
      if (left.variable === variable && this.#bound.has(right.variable)) return { bound: right, scanned: left };
      if (right.variable === variable && this.#bound.has(left.variable)) return { bound: left, scanned: right };
    }
    return null;
  }

  /** The values that fix every member of the variable's key, if the filters name them all. */
  #keyParts(variable: string): readonly KeyPart[] | undefined {
    const key = this.#nodeType(variable)?.key ?? [];
    const parts = key.flatMap((property) => this.#equality(variable, property));
    return key.length > 0 && parts.length === key.length ? parts : undefined;
  }

  #equality(variable: string, property: string): readonly KeyPart[] {
    for (const filter of this.#filters) {
      const { left, operator, right } = filter;
      if (operator !== '=') continue;
      if (isPropertyOf(left, variable, property) && isConstant(right))
        return [{ property: left, value: right, filter }];
      if (isPropertyOf(right, variable, property) && isConstant(left))
        return [{ property: right, value: left, filter }];
    }
    return [];
  }

  #cheapestExpansion(): StepAction | undefined {
    const options = this.#traversals.flatMap((traversal) => {
      const origin = this.#bound.has(traversal.from) ? 'from' : this.#bound.has(traversal.to) ? 'to' : null;
      return origin === null ? [] : [{ traversal, origin, cost: this.#fanOut(traversal, origin) } as const];
    });
    const best = minimumBy(options, ({ cost }) => cost);
    return best === undefined ? undefined : { kind: 'expand', traversal: best.traversal, origin: best.origin };
  }

  #cheapestScan(unbound: readonly string[]): StepAction | undefined {
    const best = minimumBy(unbound, (variable) => this.#count(variable) * this.#selectivity(variable));
    return best === undefined ? undefined : this.#scan(best, { kind: 'all' });
  }

  /** Expected rows per row of the table so far. */
  #fanOut({ from, to, edge, direction, max }: Traversal, origin: 'from' | 'to'): number {
    const reached = origin === 'from' ? to : from;
    const edges = this.statistics.entityCount(`edge:${edge}`) * (direction === 'undirected' ? 2 : 1);
    const perHop = edges / Math.max(1, this.#count(origin === 'from' ? from : to));
    const nodes = Math.min(perHop ** Math.min(max, 8), this.#count(reached));
    return Math.max(perHop, nodes) * this.#selectivity(reached);
  }

  #selectivity(variable: string): number {
    const shares = this.#ownFilters(variable).map(({ operator, left }) => {
      if (operator === '!=') return 0.9;
      if (operator !== '=') return operator === 'contains_item' ? 0.1 : 0.3;
      return left.kind === 'property' && this.#isUnique(variable, left.property) ? 0 : 0.1;
    });
    return shares.reduce((product, share) => product * share, 1);
  }

  #isUnique(variable: string, property: string): boolean {
    const groups = this.#nodeType(variable)?.unique ?? [];
    return groups.some((group) => group.length === 1 && group[0] === property);
  }

  #count(variable: string): number {
    return this.statistics.entityCount(typeKeyOf(this.scope, variable));
  }

  #nodeType(variable: string): NodeType | undefined {
    return this.statistics.catalog.nodes.get(this.scope.get(variable)?.typeName ?? '');
  }
}

/** The way a step travels its edge: against its direction when it starts from the other end. */
export function travelDirection(action: Extract<StepAction, { kind: 'expand' | 'check' }>): Traversal['direction'] {
  const { direction } = action.traversal;
  if (action.kind === 'check' || action.origin === 'from' || direction === 'undirected') return direction;
  return direction === 'forward' ? 'backward' : 'forward';
}

function withLiveness(steps: readonly PlannedStep[]): readonly Step[] {
  const planned: Step[] = [];
  let live: ReadonlySet<string> = new Set();
  for (const { reads, ...step } of steps.toReversed()) {
    planned.unshift({ ...step, live });
    live = new Set([...live, ...reads]);
  }
  return planned;
}

const filtersOfKey = (access: Access): readonly Filter[] =>
  access.kind === 'key' ? access.parts.map(({ filter }) => filter) : [];

const traversalVariables = ({ from, to, edgeVariable }: Traversal): readonly string[] =>
  edgeVariable === null ? [from, to] : [from, to, edgeVariable];

const filterVariables = ({ left, right }: Filter): readonly string[] => [
  ...exprVariables(left),
  ...exprVariables(right),
];

function exprVariables(expr: ScalarExpr): readonly string[] {
  switch (expr.kind) {
    case 'property':
      return [expr.variable];
    case 'search':
    case 'match_text':
    case 'fuzzy':
      return [...exprVariables(expr.field), ...exprVariables(expr.query)];
    case 'literal':
    case 'param':
    case 'now':
      return [];
  }
}

const isConstant = (expr: ScalarExpr): expr is ValueExpr =>
  expr.kind === 'literal' || expr.kind === 'param' || expr.kind === 'now';

const isPropertyOf = (expr: ScalarExpr, variable: string, property: string): expr is PropertyRef =>
  expr.kind === 'property' && expr.variable === variable && expr.property === property;

/** The first of the least: ties keep the order of the text, so the plan is deterministic. */
function minimumBy<T>(items: readonly T[], cost: (item: T) => number): T | undefined {
  let best: { readonly item: T; readonly cost: number } | undefined;
  for (const item of items) {
    const price = cost(item);
    if (best === undefined || price < best.cost) best = { item, cost: price };
  }
  return best?.item;
}
