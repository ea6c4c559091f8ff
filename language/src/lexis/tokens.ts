/**
 * The raw tokens both languages are made of, as far as an editor or a formatter needs them: every character of a text
 * belongs to one, whatever the text.
 */
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

// Loops are unrolled: a regular expression that backtracks per character overflows on very long comments.
const TOKEN =
  /[ \t\r\n]+|\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|[A-Za-z0-9_]+|->|[\s\S]/g;

function isClosedString(text: string): boolean {
  return /^"[^"\\]*(?:\\[\s\S][^"\\]*)*"$/.test(text);
}

function tokenKind(token: string): TokenKind {
  const first = token.charAt(0);
  if (first === '"') return 'string';
  if (token.startsWith('//')) return 'line-comment';
  if (token.startsWith('/*')) return 'block-comment';
  if (/^[ \t\r\n]/.test(first)) return 'space';
  return /^[A-Za-z0-9_]/.test(first) ? 'word' : 'symbol';
}
