/**
 * The formatter of `.pg`: one member a line, four blanks of indentation, comments where they were. Works on tokens, so
 * it can only ever change white space outside strings and comments: the meaning stays. Formatting twice is formatting
 * once.
 */
import { scanTokens, type Token } from '../lexis/index.js';
import { parsePiece } from './parse-piece.js';
import { splitDeclarations } from './split.js';

const INDENT = '    ';
const CONSTRAINTS = new Set(['key', 'unique', 'index', 'range', 'check']);
const DECLARATIONS = new Set(['node', 'edge', 'interface']);
/** No blank before these, none after those. */
const TIGHT_BEFORE = new Set([',', ')', ']', '?', ':', '(', '=', '.']);
const TIGHT_AFTER = new Set(['(', '[', '@', '=', '.']);

/** Formats a schema text. A text with syntax errors comes back unchanged. */
export function formatSchema(text: string): string {
  const pieces = splitDeclarations(text);
  const broken = pieces.some((piece) => parsePiece(piece).problems.some((problem) => problem.phase === 'syntax'));
  return broken ? text : print(placedTokens(text));
}

/** A token that is no white space, with the white space before it summed up. */
interface PlacedToken extends Token {
  /** Line breaks before it; the first token of a text counts as standing on a line of its own. */
  readonly breaks: number;
  /** Nothing at all between it and the token before. */
  readonly glued: boolean;
  readonly comment: boolean;
}

function placedTokens(text: string): readonly PlacedToken[] {
  const tokens: PlacedToken[] = [];
  let breaks = 1;
  let glued = false;
  for (const token of scanTokens(text)) {
    if (token.text === '\uFEFF') continue;
    if (token.kind === 'space') {
      breaks += token.text.split('\n').length - 1;
      glued = false;
      continue;
    }
    const comment = token.kind === 'line-comment' || token.kind === 'block-comment';
    const written = token.kind === 'line-comment' ? token.text.trimEnd() : token.text;
    tokens.push({ ...token, text: written, breaks, glued, comment });
    breaks = 0;
    glued = true;
  }
  return tokens;
}

type Border = 'declaration' | 'member' | 'close' | 'none';

interface Printer {
  output: string;
  /** Inside the braces of a declaration. */
  body: boolean;
  parentheses: number;
  /** Parenthesis depth whose arguments stand one a line, as written. */
  expanded: number | undefined;
  previous: PlacedToken | undefined;
  /** The last thing printed was a line comment: nothing may follow on its line. */
  afterLineComment: boolean;
  /** Nothing but a comment was printed since the opening brace. */
  opening: boolean;
  /** A declaration with a body just ended. */
  afterBody: boolean;
}

function print(tokens: readonly PlacedToken[]): string {
  const printer: Printer = {
    output: '',
    body: false,
    parentheses: 0,
    expanded: undefined,
    previous: undefined,
    afterLineComment: false,
    opening: false,
    afterBody: false,
  };
  for (const [index, token] of tokens.entries()) {
    if (token.comment) printComment(printer, token, border(printer, tokens, index));
    else printToken(printer, token, border(printer, tokens, index), tokens[index + 1]);
    printer.previous = token;
  }
  return printer.output === '' ? '' : `${printer.output}\n`;
}

/** What begins or ends with the first token at or behind an index that is no comment. */
function border(printer: Printer, tokens: readonly PlacedToken[], index: number): Border {
  if (printer.parentheses > 0) return 'none';
  const ahead = withoutComments(tokens, index);
  const token = ahead.next().value;
  if (token === undefined) return 'declaration';
  const first = ahead.next().value;
  if (!printer.body) {
    // `@node`, `@edge` and `@interface` are annotations: a declaration's word is followed by its name.
    return DECLARATIONS.has(token.text) && first !== undefined && /^[A-Z]/.test(first.text) ? 'declaration' : 'none';
  }
  if (token.text === '}') return 'close';
  if (token.kind === 'word' && first?.text === ':') return 'member';
  const second = ahead.next().value;
  return token.text === '@' && CONSTRAINTS.has(first?.text ?? '') && second?.text === '(' ? 'member' : 'none';
}

function* withoutComments(tokens: readonly PlacedToken[], from: number): Generator<PlacedToken, undefined> {
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token !== undefined && !token.comment) yield token;
  }
  return undefined;
}

function printToken(printer: Printer, token: PlacedToken, starts: Border, after: PlacedToken | undefined): void {
  const { previous } = printer;
  switch (starts) {
    case 'declaration':
      breakLine(printer, token, 0);
      break;
    case 'member':
      breakLine(printer, token, 1);
      break;
    case 'close':
      if (previous?.text !== '{') breakLine(printer, { breaks: 1 }, 0);
      break;
    case 'none':
      if (breaksArguments(printer, token)) breakLine(printer, { breaks: 1 }, token.text === ')' ? 1 : 2);
      else if (printer.afterLineComment) breakLine(printer, { breaks: 1 }, printer.body ? 2 : 1);
      else if (previous !== undefined && !tight(previous, token)) printer.output += ' ';
      break;
    default:
      starts satisfies never;
  }
  printer.output += token.text;
  printer.afterLineComment = false;
  printer.afterBody = false;
  if (token.text === '(') {
    printer.parentheses += 1;
    if (printer.expanded === undefined && after !== undefined && after.breaks > 0)
      printer.expanded = printer.parentheses;
  } else if (token.text === ')') {
    if (printer.expanded === printer.parentheses) printer.expanded = undefined;
    printer.parentheses -= 1;
  } else if (token.text === '{') {
    printer.body = true;
    printer.opening = true;
  } else if (token.text === '}') {
    printer.body = false;
    printer.opening = false;
    printer.afterBody = true;
  }
}

function breaksArguments(printer: Printer, token: PlacedToken): boolean {
  if (printer.expanded === undefined || printer.expanded !== printer.parentheses) return false;
  return token.text === ')' || printer.previous?.text === '(' || printer.previous?.text === ',';
}

/** A comment that stood alone on its line keeps a line; one behind something stays behind it. */
function printComment(printer: Printer, token: PlacedToken, next: Border): void {
  const alone = token.breaks > 0 || printer.previous === undefined || printer.afterLineComment;
  if (alone) {
    const depth = printer.body ? (next === 'none' ? 2 : 1) : next === 'declaration' ? 0 : 1;
    breakLine(printer, token, depth);
  } else if (!printer.output.endsWith('@')) {
    printer.output += ' ';
  }
  printer.output += token.text;
  printer.afterLineComment = token.kind === 'line-comment';
}

/** A new line, keeping one empty line where there was any, and setting one behind every body. */
function breakLine(printer: Printer, token: Pick<PlacedToken, 'breaks'>, depth: number): void {
  if (printer.previous === undefined) return;
  const empty = !printer.opening && (token.breaks > 1 || (printer.afterBody && depth === 0));
  printer.output += `${empty ? '\n\n' : '\n'}${INDENT.repeat(depth)}`;
  printer.opening = false;
  printer.afterBody = false;
}

function tight(previous: PlacedToken, token: PlacedToken): boolean {
  if (previous.comment || previous.text === ',') return false;
  // Enum values and signs: `phase-1`, `-5` are one word to the language.
  if (token.glued && isWordPart(previous) && isWordPart(token)) return true;
  return TIGHT_BEFORE.has(token.text) || TIGHT_AFTER.has(previous.text);
}

const isWordPart = (token: PlacedToken): boolean => token.kind === 'word' || token.text === '-';
