/** YAML 1.2 as a syntax tree with places: what every reader of a document starts from. */
import { type Document, isAlias, type Node, parseDocument } from 'yaml';
import type { LineIndex, SourceRange } from '../diagnostics/index.js';

export interface Located<T> {
  readonly value: T;
  readonly range: SourceRange;
}

/** Never throws: errors are in the document. With `uniqueKeys`, a repeated key is one of them. */
export const parseYaml = (text: string, { uniqueKeys }: { readonly uniqueKeys: boolean }): Document.Parsed =>
  // A silent log level would also silence the error about a second document.
  parseDocument(text, { version: '1.2', uniqueKeys, prettyErrors: false, logLevel: 'error' });

export function rangeOf(node: Node | null | undefined, lines: LineIndex): SourceRange {
  const [start, end] = node?.range ?? [0, 0];
  return lines.range(start, Math.max(0, end - start));
}

/** What an alias stands for; any other node as it is. */
export const resolveAlias = (node: Node | null, document: Document.Parsed): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;
