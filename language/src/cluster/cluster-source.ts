/**
 * `cluster.yaml` as a syntax tree in which every key and value keeps its place. Parsing never throws and never stops:
 * a broken file gives the tree of what is there. The editor and the loader read the same tree.
 */
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLError, type YAMLMap } from 'yaml';
import { LineIndex, type SourceRange } from '../diagnostics/index.js';
import { type Located, parseYaml, rangeOf, resolveAlias } from '../yaml/index.js';

export interface ClusterSource {
  readonly uri: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly document: Document.Parsed;
  /** Malformed YAML, in file order; repeated keys are not among them. */
  readonly syntaxErrors: readonly YAMLError[];
}

/** One step from a mapping to a member, or from a list to an item. */
export type ConfigPath = readonly (string | number)[];

export interface LocatedNode {
  /** Absent for the document itself and for list items. */
  readonly key?: SourceRange;
  readonly value: SourceRange;
}

/** Parses the text of a `cluster.yaml`, YAML 1.2. Never throws. */
export function parseClusterSource(text: string, uri: string): ClusterSource {
  // Repeated keys are found on the tree, with their paths (H7), so the parser need not stop at them.
  const document = parseYaml(text, { uniqueKeys: false });
  return { uri, text, lines: new LineIndex(text), document, syntaxErrors: document.errors };
}

/** Where a value stands, by its path; `undefined` when the file has no such value. */
export function locateInConfig(source: ClusterSource, path: ConfigPath): LocatedNode | undefined {
  let node: Node | null = source.document.contents;
  let key: SourceRange | undefined;
  for (const step of path) {
    const container = resolveAlias(node, source.document);
    if (isMap(container) && typeof step === 'string') {
      const member = membersOf(container, source).find((candidate) => candidate.name.value === step);
      if (member === undefined) return undefined;
      key = member.name.range;
      node = member.value;
    } else if (isSeq(container) && typeof step === 'number') {
      key = undefined;
      node = (container.items[step] as Node | undefined) ?? null;
    } else return undefined;
  }
  return { ...(key && { key }), value: node === null && key ? key : rangeOf(node, source.lines) };
}

/** The path of the innermost key or value that contains an offset: where a cursor is. */
export function configPathAt(source: ClusterSource, offset: number): ConfigPath {
  const path: (string | number)[] = [];
  let node: Node | null = source.document.contents;
  while (node !== null) {
    const next: readonly [string | number, Node | null] | undefined = childAt(node, source, offset);
    if (next === undefined) break;
    path.push(next[0]);
    node = next[1];
  }
  return path;
}

export interface ConfigMember {
  readonly name: Located<string>;
  /** `null` when the key has no value at all. */
  readonly value: Node | null;
}

/** The members of a mapping in file order. A key that is no scalar is read as its text. */
export const membersOf = (map: YAMLMap, source: ClusterSource): readonly ConfigMember[] =>
  map.items.map((pair) => ({ name: keyOf(pair, source), value: memberValue(pair) }));

function childAt(
  node: Node,
  source: ClusterSource,
  offset: number,
): readonly [string | number, Node | null] | undefined {
  if (isMap(node)) {
    const holds = node.items.filter((pair) => startOf(pair) <= offset).at(-1);
    return holds === undefined ? undefined : [keyOf(holds, source).value, memberValue(holds)];
  }
  if (isSeq(node)) {
    const at = node.items.findLastIndex((item) => ((item as Node).range?.[0] ?? Number.POSITIVE_INFINITY) <= offset);
    return at === -1 ? undefined : [at, node.items[at] as Node];
  }
  return undefined;
}

const startOf = (pair: Pair): number => (pair.key as Node | null)?.range?.[0] ?? Number.POSITIVE_INFINITY;

function keyOf(pair: Pair, source: ClusterSource): Located<string> {
  const key = resolveAlias(pair.key as Node | null, source.document);
  const range = rangeOf(pair.key as Node | null, source.lines);
  const text =
    isScalar(key) && typeof key.value === 'string'
      ? key.value
      : source.text.slice(range.offset, range.offset + range.length);
  return { value: text, range };
}

/** A key without a value differs from an explicit `null`: the parser gives the former an empty source. */
function memberValue(pair: Pair): Node | null {
  const value = pair.value as Node | null;
  return isScalar(value) && value.value === null && (value.source ?? '') === '' && value.tag === undefined
    ? null
    : value;
}
