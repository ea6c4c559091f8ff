/** The colours of a schema: every word by what it is at its place. */
import type { Range } from 'vscode-languageserver';
import { scanTokens } from '../../lexis/index.js';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import type { SemanticToken, TokenModifier, TokenType } from '../semantic-tokens.js';
import { isTrivia, type Role } from './place.js';
import { rolesOf } from './words.js';

export const schemaSemanticTokens: Feature<'schema'> = () => ({
  'textDocument/semanticTokens': (document, { range }) => tokensIn(document, range),
});

function tokensIn(document: SchemaDocument, range: Range | undefined): readonly SemanticToken[] {
  const { lines, text, compiled } = document;
  const [from, to] = range === undefined ? [0, text.length] : [lines.offset(range.start), lines.offset(range.end)];
  const words = compiled.declarations
    .filter(({ offset, length }) => offset + length >= from && offset <= to)
    .flatMap((declaration) =>
      rolesOf(document, declaration).flatMap(({ token, role }): readonly SemanticToken[] => {
        const colour = COLOURS[role]?.(declaration.syntax?.kind);
        if (colour === undefined) return [];
        const placed = { offset: declaration.offset + token.offset, length: token.text.length };
        return [{ ...placed, ...colour }];
      }),
    );
  return [...words, ...comments(text, from, to)];
}

function comments(text: string, from: number, to: number): readonly SemanticToken[] {
  return [...scanTokens(text)].flatMap(({ kind, offset, text: { length } }) =>
    kind !== 'space' && isTrivia(kind) && offset + length >= from && offset <= to
      ? [{ offset, length, type: 'comment' as const }]
      : [],
  );
}

interface Colour {
  readonly type: TokenType;
  readonly modifiers?: readonly TokenModifier[];
}

const always =
  (type: TokenType, ...modifiers: TokenModifier[]) =>
  (): Colour => ({ type, ...(modifiers.length > 0 && { modifiers }) });

const DECLARED: Readonly<Record<'node' | 'edge' | 'interface', TokenType>> = {
  node: 'class',
  edge: 'event',
  interface: 'interface',
};

/** Punctuation and rubbish stay as the client paints them. */
const COLOURS: Partial<Record<Role, (kind: 'node' | 'edge' | 'interface' | undefined) => Colour>> = {
  keyword: always('keyword'),
  'type-name': (kind) => ({ type: kind === undefined ? 'type' : DECLARED[kind], modifiers: ['declaration'] }),
  'interface-name': always('interface'),
  endpoint: always('class'),
  'property-name': always('property', 'declaration'),
  'base-type': always('type', 'defaultLibrary'),
  'enum-keyword': always('keyword'),
  'enum-value': always('enumMember', 'declaration'),
  'annotation-name': always('decorator'),
  'constraint-name': always('decorator'),
  argument: always('property'),
  'argument-name': always('parameter'),
  string: always('string'),
  number: always('number'),
};
