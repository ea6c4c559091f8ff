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

const KEYWORDS = new Set(['node', 'edge', 'interface']);
const DECLARATION_AHEAD = /[ \t\r\n]+[A-Z]/y;
const BYTE_ORDER_MARK = '\uFEFF';

/** The declarations of a text, and what stands between them and is none. Never throws. */
export function splitDeclarations(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let open: { offset: number; end: number; kind: PieceKind } | undefined;
  let braces = 0;
  let parentheses = 0;
  let afterAt = false;
  const close = (): void => {
    if (open !== undefined)
      pieces.push({ kind: open.kind, offset: open.offset, text: text.slice(open.offset, open.end) });
    open = undefined;
    braces = 0;
    parentheses = 0;
  };
  // By character codes and without token objects: this runs over the whole text at every keystroke.
  let at = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === LINE_FEED || code === TAB || code === CARRIAGE_RETURN) {
      at += 1;
      continue;
    }
    const offset = at;
    const next = code === SLASH ? text.charCodeAt(at + 1) : 0;
    if (next === SLASH) {
      const lineEnd = text.indexOf('\n', at);
      at = lineEnd === -1 ? text.length : lineEnd;
      continue;
    }
    if (next === STAR) {
      const end = text.indexOf('*/', at + 2);
      at = end === -1 ? text.length : end + 2;
      if (end !== -1) continue;
      close();
      pieces.push({ kind: 'unterminated-comment', offset, text: text.slice(offset) });
      continue;
    }
    const isWord = isWordCode(code);
    at = isWord ? wordEnd(text, at) : code === QUOTE ? stringEnd(text, at) : at + 1;
    const top = braces === 0 && parentheses === 0 && !afterAt;
    const opens = isWord && KEYWORDS.has(text.slice(offset, at)) && (top || recovers(text, offset, at));
    if (opens) close();
    if (open === undefined) open = { offset, end: at, kind: opens ? 'declaration' : 'stray' };
    open.end = at;
    afterAt = code === AT;
    if (code === OPEN_BRACE) braces += 1;
    else if (code === OPEN_PARENTHESIS) parentheses += 1;
    else if (code === CLOSE_PARENTHESIS) parentheses = Math.max(0, parentheses - 1);
    else if (code === CLOSE_BRACE) {
      braces -= 1;
      // A brace that closes the body also ends what was left open inside it.
      if (braces <= 0 && open.kind === 'declaration') close();
      else braces = Math.max(0, braces);
    }
  }
  close();
  return pieces;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const STAR = 0x2a;
const SLASH = 0x2f;
const AT = 0x40;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isWordCode = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;

function wordEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && isWordCode(text.charCodeAt(at))) at += 1;
  return at;
}

/** Past the closing quote; a string that is never closed ends with its line. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  const lineEnd = text.indexOf('\n', start);
  return lineEnd === -1 ? text.length : lineEnd;
}

/** Inside an unbalanced declaration: a keyword in column 0 before an upper-case name cannot be a member. */
function recovers(text: string, offset: number, end: number): boolean {
  if (offset > 0 && text.charCodeAt(offset - 1) !== 10) return false;
  DECLARATION_AHEAD.lastIndex = end;
  return DECLARATION_AHEAD.test(text);
}
