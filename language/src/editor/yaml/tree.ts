/** Walking a YAML syntax tree with paths and offsets: what symbols, folding, colours and look-ups have in common. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import type { LineIndex } from '../../diagnostics/index.js';

/** What every YAML document of ours offers. */
export interface YamlText {
  readonly text: string;
  readonly lines: LineIndex;
  readonly tree: Document.Parsed;
}

/** A key with its value, or an item of a list; `end` is behind its last character that is not white space. */
export interface YamlEntry {
  readonly path: ConfigPath;
  readonly key: Scalar | undefined;
  readonly value: Node | null;
  readonly start: number;
  readonly end: number;
}

/** Every entry of the document, parents before children. */
export function* entriesOf(yaml: YamlText): Generator<YamlEntry> {
  yield* entriesIn(yaml.tree.contents, [], yaml);
}

/** Deeper than any document of ours; a bound for texts that are nested for no reason. */
export const MAX_DEPTH = 32;

/** The direct entries of one mapping or list; none below the bound. */
export function* childrenOf(node: Node | null, path: ConfigPath, yaml: YamlText): Generator<YamlEntry> {
  if (path.length >= MAX_DEPTH) return;
  if (isMap(node)) {
    for (const pair of node.items) yield entryOf(pair, path, yaml);
  } else if (isSeq(node)) {
    for (const [at, item] of node.items.entries()) {
      const value = item as Node;
      const [start, end] = value.range ?? [0, 0];
      yield { path: [...path, at], key: undefined, value, start, end: trimmed(yaml.text, start, end) };
    }
  }
}

/** The innermost key or scalar under a cursor. */
export interface YamlPlace {
  readonly path: ConfigPath;
  readonly on: 'key' | 'value';
  readonly start: number;
  readonly end: number;
}

/** What stands under an offset; `undefined` on white space, punctuation and comments. */
export function placeAt(yaml: YamlText, offset: number): YamlPlace | undefined {
  for (const { path, key, value } of entriesOf(yaml)) {
    const [keyStart, keyEnd] = key?.range ?? [1, 0];
    if (offset >= keyStart && offset <= keyEnd) return { path, on: 'key', start: keyStart, end: keyEnd };
    if (value === null || !(isScalar(value) || isAlias(value))) continue;
    const [start, end] = value.range ?? [1, 0];
    if (start < end && offset >= start && offset <= end) return { path, on: 'value', start, end };
  }
  return undefined;
}

export const isCollection = (node: Node | null): boolean => isMap(node) || isSeq(node);

function* entriesIn(node: Node | null, path: ConfigPath, yaml: YamlText): Generator<YamlEntry> {
  for (const entry of childrenOf(node, path, yaml)) {
    yield entry;
    yield* entriesIn(entry.value, entry.path, yaml);
  }
}

function entryOf(pair: Pair, path: ConfigPath, yaml: YamlText): YamlEntry {
  const key = isScalar(pair.key) ? pair.key : undefined;
  const value = pair.value as Node | null;
  const [start, keyEnd] = (pair.key as Node | null)?.range ?? [0, 0];
  const end = value?.range?.[1] ?? keyEnd;
  const name = key === undefined ? yaml.text.slice(start, keyEnd) : nameOf(key);
  return { path: [...path, name], key, value, start, end: trimmed(yaml.text, start, Math.max(end, keyEnd)) };
}

const nameOf = (key: Scalar): string => (typeof key.value === 'string' ? key.value : (key.source ?? ''));

function trimmed(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}
