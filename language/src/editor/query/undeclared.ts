/** Variables that are used as values and are neither parameters nor bound: parameters that await their declaration. */
import type { CompiledQueryDeclaration } from '../../query/index.js';
import { type Catalog, displayType, type PropType } from '../../schema/index.js';
import type { QueryDocument } from '../documents.js';
import { walkedDeclaration } from './cursor.js';
import type { Place } from './place.js';
import { type TableType, typeNamed } from './scope.js';
import { parameterType } from './types.js';
import type { Walk } from './walk.js';

export interface UndeclaredParameter {
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
export function expectedAt(
  place: Place,
  declaration: CompiledQueryDeclaration,
  catalog: Catalog,
): PropType | undefined {
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

/** Where a parameter is added to the list, relative to the declaration, and what stands before and behind it there. */
export function parameterPlace(
  tokens: readonly { readonly offset: number; readonly text: string }[],
  { roles }: Walk,
): { readonly offset: number; readonly before: string } | undefined {
  const open = tokens.findIndex(({ text }) => text === '(');
  const start = tokens[open];
  if (start === undefined || open > 2) return undefined;
  const close = tokens.findIndex(
    ({ text }, at) => at > open && roles[at] === 'punctuation' && endsList(text, tokens, at),
  );
  const end = tokens[close];
  const last = tokens[close - 1];
  if (end === undefined || last === undefined) return undefined;
  const hasParameters = close - 1 > open;
  return {
    offset: last.offset + last.text.length,
    before: hasParameters && last.text !== ',' ? ', ' : hasParameters ? ' ' : '',
  };
}

/** The `)` of `Vector(3)` is followed by more of the list. */
function endsList(text: string, tokens: readonly { readonly text: string }[], at: number): boolean {
  const next = tokens[at + 1];
  return text === ')' && (next === undefined || next.text === '{' || next.text.startsWith('@'));
}
