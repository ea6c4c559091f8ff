/** Variables that are used as values and are neither parameters nor bound: parameters that await their declaration. */
import type { CompiledQueryDeclaration } from '../../query/index.js';
import { type Catalog, displayType, type PropType } from '../../schema/index.js';
import type { QueryDocument } from '../documents.js';
import { walkedDeclaration } from './cursor.js';
import type { Place } from './place.js';
import { type TableType, typeNamed } from './scope.js';
import { endOf, type QueryToken } from './tokens.js';
import { parameterType } from './types.js';
import type { Walk } from './walk.js';

interface UndeclaredParameter {
  readonly name: string;
  /** Of its first use, relative to the declaration. */
  readonly offset: number;
  /** As it would be declared; `String` where nothing says better. */
  readonly type: string;
}

export function undeclaredParameters(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
): readonly UndeclaredParameter[] {
  const { tokens, walk } = walkedDeclaration(document, declaration);
  const declared = new Set(tokens.flatMap(({ text }, at) => (walk.roles[at] === 'parameter' ? [text.slice(1)] : [])));
  const found = new Map<string, UndeclaredParameter>();
  for (const { name, offset, place } of walk.uses) {
    if (name === '' || name === '_' || declared.has(name) || walk.binds.has(name) || found.has(name)) continue;
    const type = expectedAt(place, declaration, document.catalog);
    found.set(name, { name, offset, type: type === undefined ? 'String' : displayType(type) });
  }
  return [...found.values()];
}

/** The type of parameter that fits at a place. */
function expectedAt(place: Place, declaration: CompiledQueryDeclaration, catalog: Catalog): PropType | undefined {
  switch (place.at) {
    case 'value': {
      if (place.property === 'from' || place.property === 'to') return undefined;
      const type = typeNamed(place.type, catalog)?.properties.get(place.property)?.type;
      return type && parameterType(type, place.use);
    }
    case 'operand': {
      if (place.left.kind !== 'property') return undefined;
      const { variable, property } = place.left;
      const type = typeInDeclaration(variable, declaration, catalog)?.properties.get(property)?.type;
      return type && parameterType(type, 'operand');
    }
    default:
      return undefined;
  }
}

function typeInDeclaration(
  name: string,
  { symbols }: CompiledQueryDeclaration,
  catalog: Catalog,
): TableType | undefined {
  const variable = symbols?.variables.find((one) => one.name === name);
  if (variable === undefined || variable.typeName === null) return undefined;
  return variable.entity === 'edge' ? catalog.edges.get(variable.typeName) : catalog.nodes.get(variable.typeName);
}

/** Where a parameter is added to the list, relative to the declaration, and what stands before it there. */
export function parameterPlace(
  tokens: readonly QueryToken[],
  { roles }: Walk,
): { readonly offset: number; readonly before: string } | undefined {
  const close = closingAt(tokens, roles);
  const last = tokens[close - 1];
  if (last === undefined) return undefined;
  const before = last.text === '(' ? '' : last.text === ',' ? ' ' : ', ';
  return { offset: endOf(last), before };
}

/** Behind the `)` of the parameters, relative to the declaration. */
export function parameterEnd(document: QueryDocument, declaration: CompiledQueryDeclaration): number | undefined {
  const { tokens, walk } = walkedDeclaration(document, declaration);
  const close = tokens[closingAt(tokens, walk.roles)];
  return close && endOf(close);
}

/** The index of the `)` that closes the parameters: that of `Vector(3)` is followed by more of the list. */
function closingAt(tokens: readonly QueryToken[], roles: Walk['roles']): number {
  return tokens.findIndex(({ text }, at) => {
    const next = tokens[at + 1];
    const ends = next === undefined || next.text === '{' || next.kind === 'annotation';
    return text === ')' && roles[at] === 'punctuation' && ends;
  });
}
