/** The outline of a YAML document: symbols, foldings, selections and colours, all read off its syntax tree. */
import type { DocumentSymbol, FoldingRange, Position, SelectionRange, SymbolKind } from 'vscode-languageserver';
import { isAlias, isScalar, type Node } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import { rangeOf } from '../positions.js';
import type { SemanticToken } from '../semantic-tokens.js';
import { keyAt, namedAt, shapesAt, type YamlShape } from './shape.js';
import { childrenOf, entriesOf, isCollection, type YamlEntry, type YamlText } from './tree.js';

export interface SymbolFacts {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly detail?: string;
}

/** Symbols of the entries that `describe` knows; children of the others move up. */
export function documentSymbols(
  yaml: YamlText,
  describe: (entry: YamlEntry) => SymbolFacts | undefined,
): readonly DocumentSymbol[] {
  const below = (node: Node | null, path: ConfigPath): DocumentSymbol[] =>
    [...childrenOf(node, path, yaml)].flatMap((entry) => {
      const facts = describe(entry);
      const children = below(entry.value, entry.path);
      if (facts === undefined || facts.name === '') return children;
      const { start, end, key } = entry;
      const [nameStart, nameEnd] = key?.range ?? [start, Math.min(end, endOfLine(yaml.text, start))];
      return [
        {
          ...facts,
          range: rangeOf(yaml.lines.range(start, Math.max(end, nameEnd) - start)),
          selectionRange: rangeOf(yaml.lines.range(nameStart, nameEnd - nameStart)),
          children,
        },
      ];
    });
  return below(yaml.tree.contents, []);
}

/** Every mapping and list that goes over several lines. */
export function foldingRanges(yaml: YamlText): readonly FoldingRange[] {
  const foldings = new Map<number, FoldingRange>();
  for (const { value, start, end } of entriesOf(yaml)) {
    if (!isCollection(value)) continue;
    const startLine = yaml.lines.position(start).line;
    const endLine = yaml.lines.position(end).line;
    if (endLine > startLine && !foldings.has(startLine)) foldings.set(startLine, { startLine, endLine });
  }
  return [...foldings.values()];
}

/** From the word under the cursor out to the document. */
export function selectionRange(yaml: YamlText, position: Position): SelectionRange {
  const offset = yaml.lines.offset(position);
  let selection: SelectionRange = { range: rangeOf(yaml.lines.range(0, yaml.text.length)) };
  const narrow = (start: number, end: number): void => {
    const range = rangeOf(yaml.lines.range(start, end - start));
    if (!equal(range, selection.range)) selection = { range, parent: selection };
  };
  for (const { key, value, start, end } of entriesOf(yaml)) {
    if (offset < start || offset > end) continue;
    narrow(start, end);
    for (const part of [key, value]) {
      const [from, to] = part?.range ?? [1, 0];
      if (from <= offset && offset <= to && !isCollection(part ?? null)) narrow(from, to);
    }
  }
  return selection;
}

/** Colours of keys and values. */
export function semanticTokens(yaml: YamlText, shape: YamlShape): readonly SemanticToken[] {
  return [...entriesOf(yaml)].flatMap(({ path, key, value }) => [
    ...(key ? tokenAt(key, keyToken(shape, path)) : []),
    ...(value !== null && (isScalar(value) || isAlias(value)) ? tokenAt(value, valueToken(value, shape, path)) : []),
  ]);
}

type Colour = Pick<SemanticToken, 'type' | 'modifiers'>;

function tokenAt(node: Node, colour: Colour): readonly SemanticToken[] {
  const [start, end] = node.range ?? [0, 0];
  return start < end ? [{ offset: start, length: end - start, ...colour }] : [];
}

function keyToken(shape: YamlShape, path: ConfigPath): Colour {
  if (namedAt(shape, path) !== undefined) return { type: 'class', modifiers: ['declaration'] };
  return { type: 'property', ...(keyAt(shape, path)?.alias !== undefined && { modifiers: ['deprecated'] }) };
}

function valueToken(value: Node, root: YamlShape, path: ConfigPath): Colour {
  const scalar = shapesAt(root, path).find((shape) => shape.kind === 'scalar');
  if (isScalar(value) && typeof value.value === 'number') return { type: 'number' };
  if (isScalar(value) && typeof value.value === 'boolean') return { type: 'keyword' };
  if (scalar?.kind !== 'scalar') return { type: 'string' };
  if (scalar.values !== undefined) return { type: 'enumMember' };
  return { type: REFERENCES.get(scalar.source ?? '') ?? 'string' };
}

/** Sources whose values name something that is declared elsewhere. */
const REFERENCES: ReadonlyMap<string, SemanticToken['type']> = new Map([
  ['binding', 'class'],
  ['provider', 'class'],
  ['group', 'class'],
  ['actor', 'variable'],
  ['branch', 'variable'],
]);

const equal = (left: { start: Position; end: Position }, right: { start: Position; end: Position }): boolean =>
  left.start.line === right.start.line &&
  left.start.character === right.start.character &&
  left.end.line === right.end.line &&
  left.end.character === right.end.character;

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}
