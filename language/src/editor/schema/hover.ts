/** Hover in `.pg`: the meaning of a word of the language, or a declared name with its type, constraints and uses. */
import type { Hover } from 'vscode-languageserver';
import type { BaseScalar, Catalog } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { describeUsage, type EditorSymbol, symbolAt, usageOf } from '../symbols/index.js';
import { type AnyType, code, describeProperty, describeType } from './describe.js';
import {
  ANNOTATIONS,
  BASE_TYPES,
  CARDINALITY,
  CONSTRAINTS,
  type ConstraintName,
  DECLARATIONS,
  EDGE_COLUMNS,
  ENUM,
  IMPLEMENTS,
  VECTOR,
  type WordHelp,
} from './vocabulary.js';
import { commentAbove, type WordAt, wordAt } from './words.js';

export const schemaHover: Feature<'schema'> = (context) => ({
  'textDocument/hover': (document, { position }) => hoverAt(document, offsetOf(position, document.lines), context),
});

async function hoverAt(document: SchemaDocument, offset: number, context: EditorContext): Promise<Hover | null> {
  const found = symbolAt(document, offset);
  const word = wordAt(document, offset);
  if (found !== undefined) {
    const value = await describeSymbol(found.symbol, document, context);
    return value === undefined ? null : { contents: { kind: 'markdown', value }, range: found.range };
  }
  const value = word && describeWord(word);
  if (word === undefined || value === undefined) return null;
  return { contents: { kind: 'markdown', value }, range: rangeOfSpan(word.span, document.lines) };
}

/** A declared name of a schema as Markdown, with the comment above it and where it is used. */
export async function describeSymbol(
  symbol: EditorSymbol,
  document: SchemaDocument,
  context: EditorContext,
): Promise<string | undefined> {
  if (symbol.kind === 'query' || symbol.kind === 'graph') return undefined;
  const usage = describeUsage(await usageOf(symbol, context));
  const { catalog } = document;
  switch (symbol.kind) {
    case 'type': {
      const type = typeNamed(catalog, symbol.entity, symbol.name);
      if (type === undefined) return undefined;
      return joined([describeType(type, catalog), commentOn(document, type.range?.offset, 'declaration'), usage]);
    }
    case 'property': {
      const owner = typeNamed(catalog, symbol.entity, symbol.typeName);
      const property = owner?.properties.get(symbol.name);
      if (owner === undefined || property === undefined) return undefined;
      const comment = commentOn(document, property.range?.offset, 'member');
      return joined([describeProperty(property, owner), comment, usage]);
    }
    case 'enum-value':
      return joined([code(`${symbol.typeName}.${symbol.name} = ${symbol.value}`), usage]);
    default:
      return symbol satisfies never;
  }
}

const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join('\n\n');

function commentOn(
  document: SchemaDocument,
  nameOffset: number | undefined,
  what: 'declaration' | 'member',
): string | undefined {
  if (nameOffset === undefined) return undefined;
  if (what === 'member') return commentAbove(document, nameOffset);
  const declaration = document.compiled.declarations.filter(({ offset }) => offset <= nameOffset).at(-1);
  return declaration && commentAbove(document, declaration.offset);
}

export function typeNamed(catalog: Catalog, kind: AnyType['kind'], name: string): AnyType | undefined {
  switch (kind) {
    case 'node':
      return catalog.nodes.get(name);
    case 'edge':
      return catalog.edges.get(name);
    case 'interface':
      return catalog.interfaces.get(name);
    default:
      return kind satisfies never;
  }
}

function describeWord({ token: { text }, role, declaration }: WordAt): string | undefined {
  switch (role) {
    case 'keyword':
      return help(text, text === 'implements' ? IMPLEMENTS : DECLARATIONS.get(text as 'node' | 'edge' | 'interface'));
    case 'base-type':
      return text === 'Vector' ? help(text, VECTOR) : summary(text, BASE_TYPES.get(text as BaseScalar));
    case 'enum-keyword':
      return help(text, ENUM);
    case 'annotation-name':
      return help(`@${text}`, text === 'card' ? CARDINALITY : ANNOTATIONS.get(text));
    case 'constraint-name':
      return help(`@${text}(…)`, CONSTRAINTS.get(text as ConstraintName));
    case 'argument':
      return declaration.syntax?.kind === 'edge' ? summary(text, EDGE_COLUMNS.get(text as 'src' | 'dst')) : undefined;
    default:
      return undefined;
  }
}

function help(title: string, { summary: text, example }: Partial<WordHelp> = {}): string | undefined {
  const shown = summary(title, text);
  return shown === undefined || example === undefined ? shown : `${shown}\n\n${code(example)}`;
}

const summary = (title: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `\`${title}\`: ${text}`;
