/** Where a cursor stands in a `.gq` text: in which declaration, at which place of it, behind which half-typed word. */
import type { CompiledQueryDeclaration } from '../../query/index.js';
import { declarationBefore } from '../declarations.js';
import type { QueryDocument } from '../documents.js';
import { endOf, isComment, type QueryToken, queryTokens } from './tokens.js';
import { type Walk, walkQuery } from './walk.js';

export interface Cursor {
  readonly offset: number;
  readonly walk: Walk;
  /** The word, variable, annotation or string the cursor is in or behind, as a span of the document. */
  readonly word: { readonly offset: number; readonly text: string; readonly end: number };
  /** In a comment nothing is offered, in a string only what a string may say. */
  readonly inside: 'code' | 'comment' | 'string';
  /** The declaration it is in, or behind. */
  readonly declaration: CompiledQueryDeclaration | undefined;
  /** Where that declaration begins, and its text up to `word`. */
  readonly before: { readonly offset: number; readonly text: string };
  /** The token behind the cursor. */
  readonly following: QueryToken | undefined;
}

export function cursorAt(document: QueryDocument, offset: number): Cursor {
  const declaration = declarationBefore(document, offset);
  const start = declaration?.offset ?? 0;
  const end = Math.max(offset, declaration === undefined ? 0 : start + declaration.length);
  const tokens = queryTokens(document.text.slice(start, end));
  const at = offset - start;
  const current = tokens.find((token) => touches(token, at));
  const inside = insideOf(current, at);
  const held = inside === 'code' ? (current !== undefined && isWord(current) ? current : undefined) : current;
  const until = held?.offset ?? at;
  const known = tokens.filter((token) => !isComment(token) && endOf(token) <= until);
  return {
    offset,
    walk: walkQuery(known, until),
    word: { offset: start + until, text: held?.text.slice(0, at - until) ?? '', end: start + endAfter(held, at) },
    inside,
    declaration,
    before: { offset: start, text: document.text.slice(start, start + until) },
    following: tokens.find((token) => token.offset >= at && token !== held && !isComment(token)),
  };
}

/** The tokens and their roles of a whole declaration, comments left out. */
export function walkedDeclaration(
  document: QueryDocument,
  { offset, length }: Pick<CompiledQueryDeclaration, 'offset' | 'length'>,
): { readonly tokens: readonly QueryToken[]; readonly walk: Walk } {
  const tokens = queryTokens(document.text.slice(offset, offset + length)).filter((token) => !isComment(token));
  return { tokens, walk: walkQuery(tokens, length) };
}

/** Words touch at their end too; of anything else only its inside counts, unless nothing closes it. */
function touches(token: QueryToken, at: number): boolean {
  if (token.offset >= at) return false;
  const end = endOf(token);
  if (isWord(token)) return at <= end;
  return at < end || (at === end && isOpen(token));
}

const isWord = ({ kind }: QueryToken): boolean =>
  kind === 'word' || kind === 'type' || kind === 'variable' || kind === 'annotation' || kind === 'number';

function isOpen({ kind, text }: QueryToken): boolean {
  switch (kind) {
    case 'line-comment':
      return true;
    case 'block-comment':
      return !text.endsWith('*/') || text.length < 4;
    case 'string':
      return !text.endsWith('"') || text.length < 2;
    default:
      return false;
  }
}

function insideOf(token: QueryToken | undefined, at: number): Cursor['inside'] {
  if (token === undefined || at <= token.offset) return 'code';
  if (isComment(token)) return 'comment';
  return token.kind === 'string' ? 'string' : 'code';
}

const endAfter = (token: QueryToken | undefined, at: number): number =>
  token === undefined ? at : Math.max(at, endOf(token));
