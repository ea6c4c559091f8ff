/** The tokens of a `.gq` text as its lexer sees them, broken texts included (query-language.md §1). */
import { scanTokens, type Token } from '../../lexis/index.js';

type QueryTokenKind =
  | 'variable'
  | 'type'
  | 'word'
  | 'annotation'
  | 'string'
  | 'number'
  | 'symbol'
  | 'line-comment'
  | 'block-comment';

export interface QueryToken {
  readonly kind: QueryTokenKind;
  readonly offset: number;
  /** As written; a lone `$` is a variable and a lone `@` an annotation that are being typed. */
  readonly text: string;
  /** A line begins between the token before and this one. */
  readonly startsLine: boolean;
}

/** Every token but white space, in order of place. */
export function queryTokens(text: string): readonly QueryToken[] {
  const tokens: QueryToken[] = [];
  const raw = [...scanTokens(text)];
  let startsLine = true;
  for (let at = 0; at < raw.length; ) {
    const token = raw[at];
    if (token === undefined) break;
    if (token.kind === 'space') {
      startsLine ||= token.text.includes('\n');
      at += 1;
      continue;
    }
    const count = gluedCount(raw, at, token);
    const written = raw.slice(at, at + count).map((one) => one.text);
    tokens.push({ kind: kindOf(token), offset: token.offset, text: written.join(''), startsLine });
    startsLine = false;
    at += count;
  }
  return tokens;
}

export const isComment = ({ kind }: QueryToken): boolean => kind === 'line-comment' || kind === 'block-comment';

export const endOf = ({ offset, text }: QueryToken): number => offset + text.length;

/** Of a variable, without its `$`. */
export const variableName = ({ text }: QueryToken): string => text.slice(1);

/** How many raw tokens are one token here: `$name`, `@name`, `>=`, `1.5`. */
function gluedCount(raw: readonly Token[], at: number, { text, kind }: Token): number {
  const next = raw[at + 1];
  if (next === undefined) return 1;
  if (text === '$' || text === '@') return next.kind === 'word' ? 2 : 1;
  if (text === '>' || text === '<' || text === '!') return next.text === '=' ? 2 : 1;
  const fraction = raw[at + 2];
  const isFloat = kind === 'word' && DIGITS.test(text) && next.text === '.' && DIGITS.test(fraction?.text ?? '');
  return isFloat ? 3 : 1;
}

const DIGITS = /^[0-9]+$/;

function kindOf({ kind, text }: Token): QueryTokenKind {
  switch (kind) {
    case 'word':
      if (/^[0-9]/.test(text)) return 'number';
      return /^[A-Z]/.test(text) ? 'type' : 'word';
    case 'symbol':
      return text === '$' ? 'variable' : text === '@' ? 'annotation' : 'symbol';
    case 'string':
    case 'line-comment':
    case 'block-comment':
      return kind;
    case 'space':
      throw new Error('white space is no token');
    default:
      return kind satisfies never;
  }
}
