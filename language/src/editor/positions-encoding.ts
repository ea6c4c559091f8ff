/**
 * Position encodings: LSP clients count characters of a line in UTF-16 units, UTF-8 bytes or code points, as negotiated
 * at the start. Inside, everything is UTF-16; this file translates whole parameters and results on the way in and out.
 */
import type { LineIndex } from '../diagnostics/index.js';

export type PositionEncoding = 'utf-8' | 'utf-16' | 'utf-32';

/** The client's first choice that we know; without any, LSP's default. */
export function negotiateEncoding(offered: readonly string[] | undefined): PositionEncoding {
  return offered?.find(isPositionEncoding) ?? 'utf-16';
}

const isPositionEncoding = (name: string): name is PositionEncoding =>
  name === 'utf-8' || name === 'utf-16' || name === 'utf-32';

interface IndexedText {
  readonly text: string;
  readonly lines: LineIndex;
}

/** Gives the text that the positions of a document mean. */
type TextOf = (uri: string) => IndexedText | undefined;

export interface PositionCodec {
  readonly encoding: PositionEncoding;
  /** From the client: every position in the value, those of other documents by the URI beside them. */
  decode<T>(value: T, uri: string | undefined): T;
  /** From the client, for positions that all mean one text. */
  decodeIn<T>(value: T, indexed: IndexedText): T;
  /** To the client. */
  encode<T>(value: T, uri: string | undefined): T;
  /** The length of a piece of text as the client counts it. */
  length(text: string): number;
}

export function positionCodec(encoding: PositionEncoding, textOf: TextOf): PositionCodec {
  if (encoding === 'utf-16') {
    const same = <T>(value: T): T => value;
    return { encoding, decode: same, decodeIn: same, encode: same, length: (text) => text.length };
  }
  const units = encoding === 'utf-8' ? utf8Units : () => 1;
  const toUtf16: Shift = (line, character) => utf16Length(line, character, units);
  const into = translator(textOf, toUtf16);
  const outOf = translator(textOf, (line, character) => lengthIn(line.slice(0, character), units));
  return {
    encoding,
    // The walk rebuilds the same shape with other numbers in it.
    decode: <T>(value: T, uri: string | undefined) => into(value, uri) as T,
    decodeIn: <T>(value: T, indexed: IndexedText) => translator(() => indexed, toUtf16)(value, '') as T,
    encode: <T>(value: T, uri: string | undefined) => outOf(value, uri) as T,
    length: (text) => lengthIn(text, units),
  };
}

type Units = (codePoint: number) => number;

const utf8Units: Units = (codePoint) => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4);

function lengthIn(text: string, units: Units): number {
  let length = 0;
  for (const character of text) length += units(character.codePointAt(0) ?? 0);
  return length;
}

/** How many UTF-16 units the first so many units of a line are; inside a character means before it. */
function utf16Length(line: string, target: number, units: Units): number {
  let seen = 0;
  let length = 0;
  for (const character of line) {
    seen += units(character.codePointAt(0) ?? 0);
    if (seen > target) break;
    length += character.length;
  }
  return length;
}

type Shift = (line: string, character: number) => number;
type Walk = (value: unknown, uri: string | undefined) => unknown;

function translator(textOf: TextOf, shift: Shift): Walk {
  const character = (uri: string | undefined, line: number, at: number): number => {
    const indexed = uri === undefined ? undefined : textOf(uri);
    if (indexed === undefined || at === 0) return at;
    const start = indexed.lines.offset({ line, character: 0 });
    const end = indexed.text.indexOf('\n', start);
    return shift(indexed.text.slice(start, end === -1 ? undefined : end), at);
  };
  const walk: Walk = (value, uri) => {
    if (Array.isArray(value)) return value.map((item) => walk(item, uri));
    if (!isRecord(value)) return value;
    if (typeof value.line === 'number' && typeof value.character === 'number') {
      return { ...value, character: character(uri, value.line, value.character) };
    }
    const own = uriOf(value) ?? uri;
    const walked: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      walked[key] = OPAQUE.has(key) ? member : walkMember(key, member, value, own);
    }
    return walked;
  };
  function walkMember(key: string, member: unknown, parent: Fields, uri: string | undefined): unknown {
    switch (key) {
      case 'changes':
        // Of a workspace edit: keyed by URI. Content changes of a notification are a list, and translated elsewhere.
        return isRecord(member) ? byUri(member, walk) : member;
      case 'targetRange':
      case 'targetSelectionRange':
        return walk(member, typeof parent.targetUri === 'string' ? parent.targetUri : uri);
      case 'fromRanges':
        return walk(member, isRecord(parent.from) ? uriOf(parent.from) : uri);
      case 'startCharacter':
      case 'endCharacter': {
        const line = parent[key === 'startCharacter' ? 'startLine' : 'endLine'];
        return typeof line === 'number' && typeof member === 'number' ? character(uri, line, member) : member;
      }
      default:
        return walk(member, uri);
    }
  }
  return walk;
}

/** Made by us or by the client for itself, and handed back as it is. */
const OPAQUE = new Set(['data', 'arguments', 'initializationOptions']);

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function uriOf(value: Fields): string | undefined {
  if (typeof value.uri === 'string') return value.uri;
  return isRecord(value.textDocument) && typeof value.textDocument.uri === 'string'
    ? value.textDocument.uri
    : undefined;
}

const byUri = (changes: Fields, walk: Walk): Fields =>
  Object.fromEntries(Object.entries(changes).map(([uri, edits]) => [uri, walk(edits, uri)]));
