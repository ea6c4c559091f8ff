/** The colours of a `.gq` file: every word by what it is at its place, whatever its spelling (query-language.md §1). */
import type { Span } from '../../lexis/index.js';
import type { CompiledQueryDeclaration, QuerySymbols } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import type { SemanticToken, TokenModifier, TokenType } from '../semantic-tokens.js';
import type { TokenRole } from './place.js';
import { isComment, type QueryToken, queryTokens } from './tokens.js';
import { walkQuery } from './walk.js';

export const querySemanticTokens: Feature<'query'> = () => ({
  'textDocument/semanticTokens': (document, { range }) => {
    const { lines, text, compiled } = document;
    const [from, to] = range === undefined ? [0, text.length] : [lines.offset(range.start), lines.offset(range.end)];
    const within = ({ offset, length }: Span): boolean => offset + length >= from && offset <= to;
    const { declarations } = compiled;
    const tokens = declarations.filter(within).flatMap((declaration) => {
      const { offset } = declaration;
      return coloured(document, declaration).map((token) => ({ ...token, offset: offset + token.offset }));
    });
    const gaps = [...declarations, { offset: text.length, length: 0 }].map(({ offset }, at): Span => {
      const before = declarations[at - 1];
      const start = before === undefined ? 0 : before.offset + before.length;
      return { offset: start, length: offset - start };
    });
    return [...tokens, ...gaps.filter(within).flatMap((gap) => commentsIn(text, gap))];
  },
});

/** Declarations keep their identity while their text and their meaning stay. */
const known = new WeakMap<QuerySymbols, readonly SemanticToken[]>();

function coloured(document: QueryDocument, declaration: CompiledQueryDeclaration): readonly SemanticToken[] {
  const { symbols } = declaration;
  const before = symbols && known.get(symbols);
  if (before !== undefined) return before;
  const all = queryTokens(document.text.slice(declaration.offset, declaration.offset + declaration.length));
  const tokens = all.filter((token) => !isComment(token));
  const walk = walkQuery(tokens, declaration.length);
  const parameters = new Set(
    symbols?.occurrences.flatMap((one) => (one.kind === 'parameter' ? [one.span.offset] : [])),
  );
  const words = tokens.flatMap((token, at): readonly SemanticToken[] => {
    const colour = colourOf(token, walk.roles[at] ?? 'unknown', parameters);
    return colour === undefined ? [] : [{ offset: token.offset, length: token.text.length, ...colour }];
  });
  const made = [...words, ...all.flatMap((token) => comment(token, 0))];
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

/** Between declarations there is nothing else. */
const commentsIn = (text: string, { offset, length }: Span): readonly SemanticToken[] =>
  queryTokens(text.slice(offset, offset + length)).flatMap((token) => comment(token, offset));

const comment = (token: QueryToken, base: number): readonly SemanticToken[] =>
  isComment(token) ? [{ offset: base + token.offset, length: token.text.length, type: 'comment' }] : [];
