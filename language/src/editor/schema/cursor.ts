/** Where a cursor stands in a `.pg` text: in which declaration, at which place of it, behind which half-typed word. */
import { scanTokens, type Token } from '../../lexis/index.js';
import type { CompiledSchemaDeclaration } from '../../schema/index.js';
import { declarationBefore } from '../declarations.js';
import type { SchemaDocument } from '../documents.js';
import { isTrivia, meaningfulTokens, type Walk, walkTokens } from './place.js';

export interface Cursor {
  readonly offset: number;
  readonly walk: Walk;
  /** What is typed of the word the cursor is in, up to the cursor; an `@` before it included. */
  readonly prefix: { readonly offset: number; readonly text: string };
  /** Inside a comment nothing is offered; inside a string only what a string may say. */
  readonly inside: 'code' | 'comment' | 'string';
  readonly declaration: CompiledSchemaDeclaration | undefined;
}

export function cursorAt(document: SchemaDocument, offset: number): Cursor {
  const declaration = declarationBefore(document, offset);
  const start = declaration?.offset ?? 0;
  const last = lastToken(document.text, start, offset);
  const inside = last === undefined ? 'code' : insideOf(last, offset - start);
  const word = inside === 'code' && last?.kind === 'word' && endOf(last) === offset - start ? last : undefined;
  const string = inside === 'string' ? last : undefined;
  const until = (word ?? string)?.offset ?? offset - start;
  const tokens = meaningfulTokens(document.text.slice(start, start + until));
  const at = tokens.at(-1);
  const marked = at?.text === '@' && endOf(at) === until && string === undefined ? at : undefined;
  const from = start + (marked?.offset ?? word?.offset ?? until);
  return {
    offset,
    walk: walkTokens(tokens).end,
    prefix: { offset: from, text: document.text.slice(from, offset) },
    inside,
    declaration: declaration?.syntax === null ? undefined : declaration,
  };
}

function lastToken(text: string, start: number, offset: number): Token | undefined {
  let last: Token | undefined;
  for (const token of scanTokens(text.slice(start))) {
    if (start + token.offset >= offset) break;
    last = token;
  }
  return last;
}

const endOf = ({ offset, text }: Token): number => offset + text.length;

function insideOf(token: Token, at: number): Cursor['inside'] {
  if (token.kind === 'line-comment') return 'comment';
  if (isTrivia(token.kind) && token.kind !== 'space') {
    return at < endOf(token) || !token.text.endsWith('*/') ? 'comment' : 'code';
  }
  if (token.kind !== 'string') return 'code';
  const closed = token.text.length > 1 && token.text.endsWith('"');
  return at < endOf(token) || !closed ? 'string' : 'code';
}
