/**
 * Cuts a schema text into its top-level declarations without parsing them, so that an edit reparses one declaration
 * and not the file. Knows strings, comments, braces and parentheses; keeps cutting in a broken text, where a
 * declaration keyword at the start of a line opens the next declaration. schema-language.md §§1–3.
 *
 * Invariant: the pieces are in text order, do not overlap, and everything between them is white space or comment.
 */
export type PieceKind = 'declaration' | 'stray' | 'unterminated-comment';

export interface Piece {
  readonly kind: PieceKind;
  readonly offset: number;
  readonly text: string;
}

// Loops are unrolled: a regular expression that backtracks per character overflows on very long comments.
const TOKEN =
  /[ \t\r\n]+|\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[A-Za-z0-9_]+|->|[\s\S]/g;
const KEYWORDS = new Set(['node', 'edge', 'interface']);
const DECLARATION_AHEAD = /[ \t\r\n]+[A-Z]/y;
const BYTE_ORDER_MARK = '\uFEFF';

export type TokenKind = 'space' | 'line-comment' | 'block-comment' | 'string' | 'word' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly offset: number;
  readonly text: string;
}

/** Every character of the text as tokens, trivia included. Unclosed strings end at the end of their line. */
export function* scanTokens(text: string): Generator<Token> {
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[0] ?? text.charAt(at);
    const kind = tokenKind(found);
    const token = kind === 'string' && !isClosedString(found) ? (/^[^\n]*/.exec(found)?.[0] ?? found) : found;
    yield { kind, offset: at, text: token };
    at += token.length;
  }
}

/** The declarations of a text, and what stands between them and is none. Never throws. */
export function splitDeclarations(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let open: { offset: number; end: number; kind: PieceKind } | undefined;
  let braces = 0;
  let parentheses = 0;
  let previous = '';
  const close = (): void => {
    if (open !== undefined)
      pieces.push({ kind: open.kind, offset: open.offset, text: text.slice(open.offset, open.end) });
    open = undefined;
    braces = 0;
    parentheses = 0;
  };
  for (const token of scanTokens(text)) {
    if (token.offset === 0 && token.text === BYTE_ORDER_MARK) continue;
    if (token.kind === 'space' || token.kind === 'line-comment') continue;
    const end = token.offset + token.text.length;
    if (token.kind === 'block-comment') {
      if (isClosedComment(token.text)) continue;
      close();
      pieces.push({ kind: 'unterminated-comment', offset: token.offset, text: token.text });
      continue;
    }
    const top = braces === 0 && parentheses === 0 && previous !== '@';
    const opens = token.kind === 'word' && KEYWORDS.has(token.text) && (top || recovers(text, token.offset, end));
    if (opens) close();
    if (open === undefined) open = { offset: token.offset, end, kind: opens ? 'declaration' : 'stray' };
    open.end = end;
    previous = token.text;
    if (token.text === '{') braces += 1;
    else if (token.text === '(') parentheses += 1;
    else if (token.text === ')') parentheses = Math.max(0, parentheses - 1);
    else if (token.text === '}') {
      braces -= 1;
      // A brace that closes the body also ends what was left open inside it.
      if (braces <= 0 && open.kind === 'declaration') close();
      else braces = Math.max(0, braces);
    }
  }
  close();
  return pieces;
}

export const isClosedComment = (comment: string): boolean => comment.length >= 4 && comment.endsWith('*/');

function isClosedString(text: string): boolean {
  return /^"[^"\\]*(?:\\[\s\S][^"\\]*)*"$/.test(text);
}

/** Inside an unbalanced declaration: a keyword in column 0 before an upper-case name cannot be a member. */
function recovers(text: string, offset: number, end: number): boolean {
  if (offset > 0 && text.charCodeAt(offset - 1) !== 10) return false;
  DECLARATION_AHEAD.lastIndex = end;
  return DECLARATION_AHEAD.test(text);
}

function tokenKind(token: string): TokenKind {
  const first = token.charAt(0);
  if (first === '"') return 'string';
  if (token.startsWith('//')) return 'line-comment';
  if (token.startsWith('/*')) return 'block-comment';
  if (/^[ \t\r\n]/.test(first)) return 'space';
  return /^[A-Za-z0-9_]/.test(first) ? 'word' : 'symbol';
}
