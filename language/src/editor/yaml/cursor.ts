/**
 * Where a cursor stands in a YAML document that is being typed. A mark is put in at the cursor and the text is parsed
 * once more: where the parser finds the mark is where the next character would belong, on blank lines and inside
 * unfinished flow collections alike. These documents are short, so a parse costs less than a guess.
 */
import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import { parseYaml } from '../../yaml/index.js';
import { MAX_DEPTH } from './tree.js';

export interface YamlCursor {
  /** Of the mapping that a key would go into, or of the value itself. */
  readonly path: ConfigPath;
  /** `open`: a value is missing, so both a scalar and the first key of a mapping or item of a list would fit. */
  readonly on: 'key' | 'value' | 'open';
  /** What is typed already, from its start to the cursor. */
  readonly prefix: string;
  /** The whole word under the cursor, quotes included. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** In `{ }` or `[ ]`: everything stays on one line. */
  readonly flow: boolean;
  /** The cursor stands on the line of the key it gives a value to. */
  readonly sameLine: boolean;
  /** Keys, or items, that stand beside it. */
  readonly siblings: readonly string[];
  /** Whether a colon follows the key already. */
  readonly hasColon: boolean;
}

/** From the private use area: no text of a user's holds it, and no parser gives it a meaning. */
const MARK = '\uE000';

/** `undefined` in comments and where nothing can be typed. */
export function cursorAt(text: string, offset: number): YamlCursor | undefined {
  const marked = `${text.slice(0, offset)}${MARK}${text.slice(offset)}`;
  const { contents } = parseYaml(marked, { uniqueKeys: false });
  return find(contents, [], { text: marked, offset, flow: false, keyLine: -1 });
}

interface Search {
  readonly text: string;
  readonly offset: number;
  readonly flow: boolean;
  /** Start of the line that the key of this value stands on; -1 for none. */
  readonly keyLine: number;
}

function find(node: Node | null, path: ConfigPath, search: Search): YamlCursor | undefined {
  if (node === null || path.length > MAX_DEPTH) return undefined;
  const [start = 0, , end = 0] = node.range ?? [];
  if (isScalar(node)) return isMarked(node, search) ? cursorIn(node, path, search, 'value', []) : undefined;
  if (end < search.offset || start > search.offset + MARK.length) return undefined;
  if (isMap(node)) {
    const inside: Search = { ...search, flow: search.flow || node.flow === true };
    for (const pair of node.items) {
      const found = inPair(pair, node.items, path, inside);
      if (found !== undefined) return found;
    }
  }
  if (isSeq(node)) {
    const inside: Search = { ...search, flow: search.flow || node.flow === true, keyLine: -1 };
    for (const [at, item] of node.items.entries()) {
      const others = node.items.filter((other) => other !== item).map(textOf);
      if (isScalar(item) && isMarked(item, inside)) return cursorIn(item, [...path, at], inside, 'value', others);
      const found = find(item as Node, [...path, at], inside);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function inPair(pair: Pair, all: readonly Pair[], path: ConfigPath, search: Search): YamlCursor | undefined {
  const key = pair.key as Node | null;
  if (isScalar(key) && isMarked(key, search)) {
    const siblings = all.filter((other) => other !== pair).map(({ key: other }) => textOf(other));
    return cursorIn(key, path, search, 'key', siblings, pair.value !== null);
  }
  const keyStart = key?.range?.[0] ?? 0;
  return find(pair.value as Node | null, [...path, textOf(key)], {
    ...search,
    keyLine: lineStart(search.text, keyStart),
  });
}

function cursorIn(
  scalar: Scalar,
  path: ConfigPath,
  search: Search,
  on: 'key' | 'value',
  siblings: readonly string[],
  hasValue = false,
): YamlCursor {
  const { text, offset } = search;
  const [start = 0, end = 0] = scalar.range ?? [];
  const quoted = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
  const typed = text.slice(start, offset);
  const sameLine = lineStart(text, offset) === search.keyLine;
  // A lone word where a mapping or list may stand could still become its first key.
  const isAlone = on === 'value' && !quoted && !text.slice(start, end).includes('\n');
  const firstLine = quoted ? end : Math.min(end, endOfLine(text, start));
  return {
    path,
    on: isAlone ? 'open' : on,
    prefix: quoted ? typed.slice(1) : typed,
    start,
    end: (firstLine > offset ? firstLine : end) - MARK.length,
    quoted,
    flow: search.flow,
    sameLine,
    siblings,
    hasColon: hasValue || text.slice(end).trimStart().startsWith(':'),
  };
}

/** A plain scalar may run on over several lines; only the one with the mark counts. */
const isMarked = (scalar: Scalar, { offset }: Search): boolean => {
  const [start = 1, end = 0] = scalar.range ?? [];
  return start <= offset && offset < end;
};

const textOf = (node: unknown): string =>
  isScalar(node) ? (typeof node.value === 'string' ? node.value : (node.source ?? '')) : '';

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}
