/** Names of the schema and of the query as choices: types, edges, properties, variables. */
import { CompletionItemKind } from 'vscode-languageserver';
import { aggregates, isBlob, isCompatible, isStringScalar, isVector } from '../../query/index.js';
import { displayType, type Property, type PropType } from '../../schema/index.js';
import type { Choice } from '../choice.js';
import { describeProperty, describeType, outline } from '../schema/describe.js';
import type { Operand, Place, TargetUse, Wanted } from './place.js';
import {
  edgeWord,
  propertyOfVariable,
  type TableType,
  typeNamed,
  typeOfVariable,
  wayAlong,
  waysFrom,
} from './scope.js';
import type { Site } from './site.js';
import { parameterType } from './types.js';
import { ENDPOINTS } from './vocabulary.js';

// Types

export function typeChoices({ document: { catalog } }: Site, use: TargetUse): readonly Choice[] {
  const nodes = [...catalog.nodes.values()];
  const edges = [...catalog.edges.values()];
  const types: readonly TableType[] = use === 'binding' || use === 'update' ? nodes : [...nodes, ...edges];
  return types.map((type) => ({
    label: type.name,
    kind: type.kind === 'node' ? CompletionItemKind.Class : CompletionItemKind.Event,
    detail: outline(type),
    documentation: describeType(type, catalog),
  }));
}

/** A new node: `$task: Task`. */
export function bindingChoices({ document: { catalog }, scope }: Site): readonly Choice[] {
  return [...catalog.nodes.values()].map((type) => {
    const name = freshName(type.name, scope.taken);
    return {
      label: `$${name}: ${type.name}`,
      kind: CompletionItemKind.Snippet,
      detail: `every ${type.name}`,
      snippet: `\\$\${1:${name}}: ${type.name}`,
    };
  });
}

/** A name for a node of a type that is not taken yet. */
function freshName(type: string, taken: ReadonlySet<string>): string {
  const base = edgeWord(type);
  if (!taken.has(base)) return base;
  let count = 2;
  while (taken.has(`${base}${count}`)) count += 1;
  return `${base}${count}`;
}

// Edges

export function edgeChoices(site: Site, from: string, undirected: boolean): readonly Choice[] {
  const { document, scope, cursor } = site;
  const { catalog } = document;
  const next = cursor.following;
  const hasTarget =
    next !== undefined && !next.startsLine && (next.kind === 'variable' || next.text === '{' || next.text === '>');
  return waysFrom(typeOfVariable(scope.variables.get(from), catalog), catalog)
    .filter(({ edge }) => !undirected || edge.from === edge.to)
    .map(({ edge, direction, target }) => {
      const label = edgeWord(edge.name);
      const closing = undirected ? '>' : '';
      const place = hasTarget ? {} : { snippet: `${label}${closing} \\$\${1:${freshName(target, scope.taken)}}` };
      return {
        label,
        kind: CompletionItemKind.Event,
        detail: direction === 'forward' ? `→ ${target}` : `← ${target}`,
        documentation: describeType(edge, catalog),
        ...place,
      };
    });
}

/** Variables of the type at the other end first, then a new one. */
export function targetChoices(site: Site, { from, edge, hops }: Extract<Place, { at: 'target' }>): readonly Choice[] {
  const { scope, document } = site;
  const way = wayAlong(edge, typeOfVariable(scope.variables.get(from), document.catalog), document.catalog);
  const nodes = [...scope.variables.values()].filter(({ entity }) => entity !== 'edge');
  const fitting = nodes.filter(({ typeName }) => way === undefined || typeName === null || typeName === way.target);
  const others = nodes.filter((variable) => !fitting.includes(variable));
  const fresh = way === undefined ? [] : [freshName(way.target, scope.taken)];
  const loops = way !== undefined && way.edge.from === way.edge.to && hops;
  return [
    ...fitting.filter(({ name }) => name !== from).map(({ name, typeName }) => variableChoice(name, typeName ?? '')),
    ...fresh.map((name): Choice => variableChoice(name, `new: ${way?.target ?? ''}`)),
    { label: '$_', kind: CompletionItemKind.Variable, detail: 'any: bound to nothing' },
    ...fitting.filter(({ name }) => name === from).map(({ name, typeName }) => variableChoice(name, typeName ?? '')),
    ...others.map(({ name, typeName }) => variableChoice(name, typeName ?? '')),
    ...(loops ? [HOPS] : []),
  ];
}

const HOPS: Choice = {
  label: '{1,3}',
  kind: CompletionItemKind.Operator,
  detail: 'over one to three edges',
  snippet: `{\${1:1},\${2:3}}`,
};

// Variables

const variableChoice = (name: string, detail: string): Choice => ({
  label: `$${name}`,
  kind: CompletionItemKind.Variable,
  detail,
});

/** Bound variables, and parameters before or behind them. */
export function variableChoices(
  { scope }: Site,
  { params }: { readonly params: 'first' | 'last' | 'none' },
): readonly Choice[] {
  const variables = [...scope.variables.values()]
    .reverse()
    .map(({ name, typeName, entity }) =>
      variableChoice(name, entity === 'edge' ? `edge ${typeName ?? ''}` : (typeName ?? '')),
    );
  const given = scope.params.map(({ name, type }) => variableChoice(name, `parameter ${displayType(type)}`));
  switch (params) {
    case 'first':
      return uniqueByLabel([...given, ...variables]);
    case 'last':
      return uniqueByLabel([...variables, ...given]);
    case 'none':
      return variables;
    default:
      return params satisfies never;
  }
}

/** What may be returned: properties come behind a dot, so variables lead to them. */
export const itemVariables = (site: Site): readonly Choice[] => variableChoices(site, { params: 'last' });

/** A parameter hides a variable of its name. */
function uniqueByLabel(choices: readonly Choice[]): readonly Choice[] {
  const first = new Map<string, Choice>();
  for (const choice of choices) if (!first.has(choice.label)) first.set(choice.label, choice);
  return [...first.values()];
}

// Properties

export function accessChoices(site: Site, { variable, wanted }: Extract<Place, { at: 'access' }>): readonly Choice[] {
  const owner = typeOfVariable(site.scope.variables.get(variable), site.document.catalog);
  if (owner === undefined) return [];
  const readable = [...owner.properties.values()].filter(({ type }) => !isBlob(type));
  const fits = fitOf(site, wanted);
  const fitting = readable.filter(({ type }) => fits(type));
  const others = readable.filter(({ type }) => !fits(type));
  return [...fitting, ...others].map((property) => propertyChoice(property, owner));
}

function fitOf(site: Site, wanted: Wanted): (type: PropType) => boolean {
  switch (wanted.for) {
    case 'anything':
      return () => true;
    case 'operand': {
      const left = typeOfOperand(site, wanted.left);
      return left === undefined ? () => true : (type) => isCompatible(type, left);
    }
    case 'argument':
      return (type) => fitsArgument(type, wanted.of);
    default:
      return wanted satisfies never;
  }
}

function fitsArgument(type: PropType, of: string): boolean {
  switch (of) {
    case 'nearest':
      return isVector(type);
    case 'search':
    case 'match_text':
    case 'fuzzy':
    case 'bm25':
      return isStringScalar(type);
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return aggregates(of, type);
    default:
      return true;
  }
}

export function typeOfOperand({ scope, document }: Site, operand: Operand): PropType | undefined {
  switch (operand.kind) {
    case 'property':
      return propertyOfVariable(scope, document.catalog, operand)?.type;
    case 'variable':
      return scope.params.find(({ name }) => name === operand.name)?.type;
    case 'call':
    case 'literal':
    case 'word':
      return undefined;
    default:
      return operand satisfies never;
  }
}

const propertyChoice = (property: Property, owner: TableType): Choice => ({
  label: property.name,
  kind: CompletionItemKind.Field,
  detail: displayType(property.type),
  documentation: describeProperty(property, owner),
});

/** Of an insert what is required comes first; what stands there already is not offered again. */
export function propertyChoices(site: Site, place: Extract<Place, { at: 'property' }>): readonly Choice[] {
  const { type, use, used, statement } = place;
  const owner = typeNamed(type, site.document.catalog);
  if (owner === undefined) return [];
  const ends = owner.kind === 'edge' && statement !== 'binding' ? [...ENDPOINTS] : [];
  const properties = [...owner.properties.values()].filter(
    ({ name, type: { scalar } }) => !used.includes(name) && (use === 'assign' || scalar !== 'Blob'),
  );
  const first = statement === 'insert' ? properties.filter(({ type: { nullable } }) => !nullable) : [];
  const changeable = owner.kind === 'node' && statement === 'update' && use === 'assign';
  const last = changeable ? properties.filter(({ name }) => owner.key?.includes(name)) : [];
  const middle = properties.filter((property) => !first.includes(property) && !last.includes(property));
  return [
    ...(statement === 'insert' && used.length === 0 ? everyRequired(owner, first) : []),
    ...ends
      .filter(([name]) => !used.includes(name))
      .map(([name, help]): Choice => ({ ...endpointChoice(site, use, name), documentation: help })),
    ...[...first, ...middle, ...last].map((property) => ({
      ...propertyChoice(property, owner),
      ...written(site, use, property),
    })),
  ];
}

function endpointChoice(site: Site, use: 'match' | 'assign' | 'predicate', name: 'from' | 'to'): Choice {
  const same = site.scope.params.some((param) => param.name === name && isStringScalar(param.type));
  const text = use === 'predicate' || hasColon(site) ? name : same ? `${name}: $${name}` : `${name}: `;
  return { label: name, kind: CompletionItemKind.Field, detail: 'String', text };
}

/** With its value, where it is plain: a parameter of the same name, a value of the enum. */
function written(
  site: Site,
  use: 'match' | 'assign' | 'predicate',
  { name, type }: Property,
): Pick<Choice, 'text' | 'snippet' | 'retrigger'> {
  if (use === 'predicate' || hasColon(site)) return {};
  const wanted = parameterType(type, use);
  const same = site.scope.params.some((param) => param.name === name && isCompatible(param.type, wanted));
  if (same) return { text: `${name}: $${name}` };
  const values = type.enum_values ?? [];
  if (values.length > 0 && !type.list) {
    return { text: `${name}: `, snippet: `${name}: "\${1|${values.join(',')}|}"` };
  }
  return { text: `${name}: `, snippet: `${name}: $0`, retrigger: true };
}

const hasColon = ({ cursor }: Site): boolean => cursor.following?.text === ':';

/** One choice that writes all that an insert needs, with parameters of the same names. */
function everyRequired(owner: TableType, required: readonly Property[]): readonly Choice[] {
  const names = [...(owner.kind === 'edge' ? ENDPOINTS.keys() : []), ...required.map(({ name }) => name)];
  if (names.length < 2) return [];
  return [
    {
      label: names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', '),
      kind: CompletionItemKind.Snippet,
      detail: 'all that is required',
      text: names.map((name) => `${name}: $${name}`).join(', '),
    },
  ];
}
