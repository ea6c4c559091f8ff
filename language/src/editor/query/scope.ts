/**
 * The names that are in scope at a cursor: parameters, variables with their types, aliases. The compiler says what they
 * mean; it is given the declaration as far as it is whole before the cursor, so broken text around it does not matter.
 */
import { compileQueries, type QueryParam, type VariableSymbol } from '../../query/index.js';
import { type Catalog, type EdgeType, findEdge, type NodeType, type Property } from '../../schema/index.js';
import type { Cursor } from './cursor.js';

export interface Scope {
  readonly params: readonly QueryParam[];
  /** Those that may be used here; of equal names the inner one. */
  readonly variables: ReadonlyMap<string, VariableSymbol>;
  /** In order of declaration. */
  readonly aliases: readonly string[];
  /** Every variable and parameter name of the declaration so far. */
  readonly taken: ReadonlySet<string>;
}

export function scopeAt({ walk, before }: Cursor, catalog: Catalog): Scope {
  const whole = before.text.slice(0, walk.whole);
  const [declaration] = compileQueries(`${whole} ${walk.closing}`, catalog).declarations;
  const symbols = declaration?.symbols ?? { variables: [], occurrences: [] };
  const params = declaration?.query?.params ?? [];
  const visible = symbols.variables.filter(
    ({ visible: { offset, length } }) => offset <= walk.whole && walk.whole < offset + length,
  );
  return {
    params,
    variables: new Map(visible.map((variable) => [variable.name, variable])),
    aliases: symbols.occurrences.flatMap((one) => (one.kind === 'alias' && one.declares ? [one.name] : [])),
    taken: new Set([...params.map(({ name }) => name), ...symbols.variables.map(({ name }) => name)]),
  };
}

export type TableType = NodeType | EdgeType;

/** The declared type of a variable. */
export function typeOfVariable(variable: VariableSymbol | undefined, catalog: Catalog): TableType | undefined {
  if (variable?.typeName === null || variable?.typeName === undefined) return undefined;
  return variable.entity === 'edge' ? catalog.edges.get(variable.typeName) : catalog.nodes.get(variable.typeName);
}

/** What a mutation writes to: a name shared by a node and an edge means the node (query-language.md §10.2). */
export const typeNamed = (name: string, catalog: Catalog): TableType | undefined =>
  catalog.nodes.get(name) ?? catalog.edges.get(name);

export function propertyOfVariable(
  scope: Scope,
  catalog: Catalog,
  { variable, property }: { readonly variable: string; readonly property: string },
): Property | undefined {
  return typeOfVariable(scope.variables.get(variable), catalog)?.properties.get(property);
}

interface Way {
  readonly edge: EdgeType;
  readonly direction: 'forward' | 'backward';
  /** The type at the other end. */
  readonly target: string;
}

/** The edges that leave or enter a type, leaving ones first; every edge, forward, when the type is unknown. */
export function waysFrom(type: TableType | undefined, catalog: Catalog): readonly Way[] {
  const edges = [...catalog.edges.values()];
  const leaving = edges
    .filter(({ from }) => type === undefined || from === type.name)
    .map((edge): Way => ({ edge, direction: 'forward', target: edge.to }));
  const entering = edges
    .filter(({ from, to }) => type !== undefined && to === type.name && from !== type.name)
    .map((edge): Way => ({ edge, direction: 'backward', target: edge.from }));
  return [...leaving, ...entering];
}

/** How a traversal of an edge from a variable's type goes. */
export function wayAlong(word: string, type: TableType | undefined, catalog: Catalog): Way | undefined {
  const edge = findEdge(catalog, word);
  if (edge === undefined) return undefined;
  return waysFrom(type, catalog).find((way) => way.edge === edge);
}

/** As it is written in a traversal (§3.4). */
export const edgeWord = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
