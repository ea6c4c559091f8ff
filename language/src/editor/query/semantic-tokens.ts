/** The colours of a `.gq` file: every word by what it is at its place, whatever its spelling (query-language.md §1). */
import type { CompiledQueryDeclaration, QuerySymbols } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import type { SemanticToken, TokenModifier, TokenType } from '../semantic-tokens.js';
import { walkedDeclaration } from './cursor.js';
import type { TokenRole } from './place.js';
import { isComment, type QueryToken, queryTokens } from './tokens.js';

export const querySemanticTokens: Feature<'query'> = () => ({
  'textDocument/semanticTokens': (document, { range }) => {
    const { lines, text, compiled } = document;
    const [from, to] = range === undefined ? [0, text.length] : [lines.offset(range.start), lines.offset(range.end)];
    const tokens = compiled.declarations
      .filter(({ offset, length }) => offset + length >= from && offset <= to)
      .flatMap((declaration) =>
        coloured(document, declaration).map((token) => ({ ...token, offset: declaration.offset + token.offset })),
      );
    return [...tokens, ...comments(text, from, to)];
  },
});

/** Declarations keep their identity while their text and their meaning stay. */
const known = new WeakMap<QuerySymbols, readonly SemanticToken[]>();

function coloured(document: QueryDocument, declaration: CompiledQueryDeclaration): readonly SemanticToken[] {
  const { symbols } = declaration;
  const before = symbols && known.get(symbols);
  if (before !== undefined) return before;
  const { tokens, walk } = walkedDeclaration(document, declaration);
  const parameters = new Set(
    symbols?.occurrences.flatMap((one) => (one.kind === 'parameter' ? [one.span.offset] : [])),
  );
  const made = tokens.flatMap((token, at): readonly SemanticToken[] => {
    const colour = colourOf(token, walk.roles[at] ?? 'unknown', parameters);
    return colour === undefined ? [] : [{ offset: token.offset, length: token.text.length, ...colour }];
  });
  if (symbols !== undefined) known.set(symbols, made);
  return made;
}

interface Colour {
  readonly type: TokenType;
  readonly modifiers?: readonly TokenModifier[];
}

/** Punctuation and rubbish stay as the client paints them. */
function colourOf(token: QueryToken, role: TokenRole, parameters: ReadonlySet<number>): Colour | undefined {
  switch (role) {
    case 'keyword':
    case 'literal':
      return { type: 'keyword' };
    case 'query-name':
      return { type: 'function', modifiers: ['declaration'] };
    case 'parameter':
      return { type: 'parameter', modifiers: ['declaration'] };
    case 'variable':
      return { type: parameters.has(token.offset) ? 'parameter' : 'variable' };
    case 'type':
      return { type: 'class' };
    case 'base-type':
      return { type: 'type', modifiers: ['defaultLibrary'] };
    case 'edge':
      return { type: 'event' };
    case 'property':
      return { type: 'property' };
    case 'function':
      return { type: 'function', modifiers: ['defaultLibrary'] };
    case 'alias':
      return { type: 'property', modifiers: ['readonly'] };
    case 'annotation':
      return { type: 'decorator' };
    case 'operator':
      return { type: 'operator' };
    case 'string':
    case 'number':
      return { type: role };
    case 'punctuation':
    case 'unknown':
      return undefined;
    default:
      return role satisfies never;
  }
}

const comments = (text: string, from: number, to: number): readonly SemanticToken[] =>
  queryTokens(text)
    .filter((token) => isComment(token) && token.offset + token.text.length >= from && token.offset <= to)
    .map(({ offset, text: { length } }) => ({ offset, length, type: 'comment' }));
