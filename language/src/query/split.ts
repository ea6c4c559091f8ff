/**
 * Cuts a `.gq` text into its top-level declarations without parsing it, so that an edit re-parses one declaration
 * (design: work proportional to the change). A balanced declaration ends at the `}` of its body. Broken text is cut
 * at the next line that starts with `query name(`, so that one unclosed brace or string costs one declaration.
 */
export interface Piece {
  /** Of its first token in the document; what stands between pieces is white space and comments. */
  readonly offset: number;
  readonly text: string;
  /** Deepest nesting of brackets: the parser is recursive and must not be asked for the impossible. */
  readonly depth: number;
  /** Where in `text` a comment or string opens that nothing closes; `undefined` in whole texts. */
  readonly unclosed: number | undefined;
}

export function splitDeclarations(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  // One byte-order mark at the very start is how some editors say UTF-8.
  let at = skipTrivia(text, text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0);
  while (at < text.length) {
    const { end, depth, unclosed } = declarationEnd(text, at);
    pieces.push({ offset: at, text: text.slice(at, end), depth, unclosed });
    at = skipTrivia(text, end);
  }
  return pieces;
}

/** The offset of the next character that is neither white space nor inside a closed comment. */
function skipTrivia(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && WHITE_SPACE.has(text.charCodeAt(at))) at += 1;
    const past = commentEnd(text, at);
    if (past === undefined || past === 'unclosed') return at;
    at = past;
  }
}

const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, 0x0a]);
const HEADER = /query[ \t]+([a-z_][A-Za-z0-9_]*)[ \t]*\(/y;
const NEXT_HEADER = /^query[ \t]+[a-z_][A-Za-z0-9_]*[ \t]*\(/gm;
const QUERY_WORD = /query(?![A-Za-z0-9_])/y;
const WORD_CHARACTER = /[A-Za-z0-9_$@]/;
/** `query` may be an alias before a call (`return {⏎query count($p)`), so these names prove no new declaration. */
const CALL_NAMES: ReadonlySet<string> = new Set([
  ...['now', 'nearest', 'search', 'match_text', 'fuzzy', 'bm25', 'rrf', 'count', 'sum', 'avg', 'min', 'max'],
  ...['date', 'datetime'],
]);

/** `unclosed` is relative to the start of the declaration. */
interface End extends Pick<Piece, 'depth' | 'unclosed'> {
  readonly end: number;
}

function declarationEnd(text: string, start: number): End {
  const balanced = scan(text, start);
  if (balanced.closed) return balanced;
  NEXT_HEADER.lastIndex = start + 1;
  const end = trimTrivia(text, start, NEXT_HEADER.exec(text)?.index ?? text.length);
  // What was scanned beyond the cut says nothing of this piece.
  const { depth, unclosed } = scan(text.slice(start, end), 0);
  return { end, depth, unclosed };
}

function scan(text: string, start: number): End & { readonly closed: boolean } {
  const isQuery = startsWithQuery(text, start);
  let braces = 0;
  let others = 0;
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text.charCodeAt(at);
    switch (character) {
      case QUOTE: {
        const past = stringEnd(text, at);
        if (past === undefined) return { end: text.length, depth, unclosed: at - start, closed: false };
        at = past;
        continue;
      }
      case SLASH: {
        const past = commentEnd(text, at);
        if (past === 'unclosed') return { end: text.length, depth, unclosed: at - start, closed: false };
        at = past ?? at + 1;
        continue;
      }
      case OPEN_BRACE:
        braces += 1;
        depth = Math.max(depth, braces + others);
        break;
      case CLOSE_BRACE:
        braces -= 1;
        // Rubbish between declarations is one piece, however many braces it closes.
        if (braces <= 0 && isQuery) return { end: at + 1, depth, unclosed: undefined, closed: true };
        braces = Math.max(0, braces);
        break;
      case OPEN_PARENTHESIS:
      case OPEN_BRACKET:
        others += 1;
        depth = Math.max(depth, braces + others);
        break;
      case CLOSE_PARENTHESIS:
      case CLOSE_BRACKET:
        others = Math.max(0, others - 1);
        break;
      case LETTER_Q:
        if (at > start && startsDeclaration(text, start, at, braces)) {
          return { end: trimTrivia(text, start, at), depth, unclosed: undefined, closed: true };
        }
        break;
    }
    at += 1;
  }
  return { end: text.length, depth, unclosed: undefined, closed: braces === 0 };
}

/** Whether a new declaration begins at this `q`, inside what looked like the previous one. */
function startsDeclaration(text: string, start: number, at: number, braces: number): boolean {
  if (WORD_CHARACTER.test(text.charAt(at - 1))) return false;
  const atLineStart = text.charCodeAt(at - 1) === LINE_FEED;
  if (atLineStart) {
    HEADER.lastIndex = at;
    const header = HEADER.exec(text);
    if (header !== null) return braces === 0 ? !isBareQuery(text, start, at) : !CALL_NAMES.has(header[1] ?? '');
  }
  if (braces > 0) return false;
  // Outside any body: rubbish before a declaration ends where the word `query` stands, unless that word is the name.
  return startsWithQuery(text, at) && !startsWithQuery(text, start);
}

function startsWithQuery(text: string, at: number): boolean {
  QUERY_WORD.lastIndex = at;
  return QUERY_WORD.test(text);
}

/** `query` and nothing else since the start: the second `query` is its name. */
const isBareQuery = (text: string, start: number, at: number): boolean =>
  text.startsWith('query', start) && skipTrivia(text, start + 'query'.length) === at;

function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at += 1;
    else if (character === QUOTE) return at + 1;
  }
  return undefined;
}

function commentEnd(text: string, at: number): number | 'unclosed' | undefined {
  if (text.startsWith('//', at)) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end + 1;
  }
  if (!text.startsWith('/*', at)) return undefined;
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? 'unclosed' : end + 2;
}

/** Comments before the next declaration belong to the gap, not to this piece. */
function trimTrivia(text: string, start: number, end: number): number {
  let last = start;
  let at = start;
  while (at < end) {
    const character = text.charCodeAt(at);
    const past = character === QUOTE ? stringEnd(text, at) : character === SLASH ? commentEnd(text, at) : undefined;
    if (past === 'unclosed') return end;
    if (character === QUOTE) {
      at = Math.min(past ?? end, end);
      last = at;
    } else if (past !== undefined) {
      at = past;
    } else {
      at += 1;
      if (!WHITE_SPACE.has(character)) last = at;
    }
  }
  return Math.max(last, start + 1);
}

const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 0x22;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const SLASH = 0x2f;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_Q = 0x71;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
