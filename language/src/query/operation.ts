/** What running a query returns, reads and writes, known without running it (query-language.md §§4, 10.2). */
import type { Catalog } from '../schema/catalog.js';
import { describeType, type ParamDescriptor } from './describe.js';
import type { CheckedQuery, Expr, MatchBlock, ReadPlan, WritePlan } from './ir.js';

/** Keys in this order in JSON. `object`: a node, whose id string is what a run returns. */
export type ResultField = Omit<ParamDescriptor, 'kind'> & { readonly kind: ParamDescriptor['kind'] | 'object' };

export interface TypeReference {
  readonly kind: 'node' | 'edge';
  readonly type_name: string;
}

/** Keys in this order in JSON. `reads` and `writes`: nodes before edges, then by name, each type once. */
export interface OperationDescriptor {
  /** In return order; empty for a mutation. */
  readonly result: readonly ResultField[];
  readonly reads: readonly TypeReference[];
  readonly writes: readonly TypeReference[];
}

/** `undefined` for a query with errors. `catalog` is the one the query was compiled against. */
export function describeOperation({ plan }: CheckedQuery, catalog: Catalog): OperationDescriptor | undefined {
  switch (plan?.kind) {
    case undefined:
      return undefined;
    case 'read':
      return { result: describeResult(plan), reads: sorted(readsOf(plan.match, catalog)), writes: [] };
    case 'mutation':
      return { result: [], ...describeWrites(plan, catalog) };
  }
}

function describeResult({ items }: ReadPlan): readonly ResultField[] {
  const aliases = new Map<string, ResultField>();
  return items.map(({ expr, alias }) => {
    const field = describeExpr(expr, aliases);
    const named = alias === null ? field : { ...field, name: alias };
    if (alias !== null) aliases.set(alias, named);
    return named;
  });
}

/** §4, the last two table columns. */
function describeExpr(expr: Expr, aliases: ReadonlyMap<string, ResultField>): ResultField {
  switch (expr.kind) {
    case 'property':
      return describeType(expr.property, expr.type, expr.type.nullable);
    case 'param':
      return describeType(expr.name, expr.type, expr.type.nullable);
    case 'literal':
      return describeType('literal', expr.type, false);
    case 'variable':
      return { name: expr.variable, kind: 'object', nullable: false };
    case 'now':
      return { name: 'now', kind: 'datetime', nullable: false };
    case 'search':
    case 'match_text':
    case 'fuzzy':
      return { name: expr.kind, kind: 'bool', nullable: false };
    case 'nearest':
    case 'bm25':
    case 'rrf':
      return { name: expr.kind, kind: 'float', nullable: false };
    case 'alias':
      return aliases.get(expr.name) ?? { name: expr.name, kind: 'bigint', nullable: true };
    case 'aggregate':
      return describeAggregate(expr, aliases);
  }
}

function describeAggregate(
  { function: name, argument }: Extract<Expr, { kind: 'aggregate' }>,
  aliases: ReadonlyMap<string, ResultField>,
): ResultField {
  switch (name) {
    case 'count':
      return { name, kind: 'bigint', nullable: true };
    case 'sum':
    case 'avg':
      return { name, kind: 'float', nullable: true };
    case 'min':
    case 'max':
      return { ...describeExpr(argument, aliases), name, nullable: true };
  }
}

function readsOf(block: MatchBlock, catalog: Catalog): readonly TypeReference[] {
  return [
    ...block.variables.map(({ entity, typeName }): TypeReference => ({ kind: entity, type_name: typeName })),
    ...block.bindings.map(({ typeName }) => node(typeName)),
    ...block.traversals.flatMap(({ edge: name }) => [edge(name), ...endpointsOf(name, catalog)]),
    ...block.negations.flatMap((negation) => readsOf(negation, catalog)),
  ];
}

function describeWrites({ statements }: WritePlan, catalog: Catalog): Pick<OperationDescriptor, 'reads' | 'writes'> {
  const writes = statements.flatMap((statement): readonly TypeReference[] => {
    const target: TypeReference = { kind: statement.entity, type_name: statement.typeName };
    const cascades = statement.kind === 'delete' && statement.entity === 'node';
    return cascades ? [target, ...incidentEdges(statement.typeName, catalog)] : [target];
  });
  const endpoints = statements.flatMap(({ kind, entity, typeName }) =>
    kind === 'insert' && entity === 'edge' ? endpointsOf(typeName, catalog) : [],
  );
  return { reads: sorted([...writes, ...endpoints]), writes: sorted(writes) };
}

const node = (name: string): TypeReference => ({ kind: 'node', type_name: name });
const edge = (name: string): TypeReference => ({ kind: 'edge', type_name: name });

function endpointsOf(name: string, catalog: Catalog): readonly TypeReference[] {
  const type = catalog.edges.get(name);
  return type === undefined ? [] : [node(type.from), node(type.to)];
}

const incidentEdges = (nodeName: string, catalog: Catalog): readonly TypeReference[] =>
  [...catalog.edges.values()]
    .filter(({ from, to }) => from === nodeName || to === nodeName)
    .map(({ name }) => edge(name));

/** Type names are ASCII, so comparing code units compares bytes. */
function sorted(types: readonly TypeReference[]): readonly TypeReference[] {
  const once = new Map(types.map((type) => [`${type.kind === 'node' ? 0 : 1}${type.type_name}`, type]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, type]) => type);
}
