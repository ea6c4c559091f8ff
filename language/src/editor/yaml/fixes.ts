/** Edits that quick fixes of YAML documents are made of. */
import { type CodeAction, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver';
import { isMap } from 'yaml';
import type { ConfigPath } from '../../cluster/index.js';
import { nearest } from '../../lexis/index.js';
import { rangeOfSpan } from '../positions.js';
import { shapesAt, type YamlShape } from './shape.js';
import { childrenOf, entriesOf, type YamlEntry, type YamlPlace, type YamlText } from './tree.js';

export const quickFix = (
  diagnostic: Diagnostic,
  { uri }: { readonly uri: string },
  title: string,
  edits: readonly TextEdit[],
  isPreferred = true,
): CodeAction => ({
  title,
  kind: CodeActionKind.QuickFix,
  diagnostics: [diagnostic],
  isPreferred,
  edit: { changes: { [uri]: [...edits] } },
});

/** The entry whose key begins at an offset. */
export const entryAt = (yaml: YamlText, offset: number): YamlEntry | undefined =>
  [...entriesOf(yaml)].find(({ key, start }) => key !== undefined && start === offset);

export function keysAt(yaml: YamlText, path: ConfigPath): ReadonlySet<string> {
  const node = path.length === 0 ? yaml.tree.contents : yaml.tree.getIn(path, true);
  return isMap(node) ? new Set([...childrenOf(node, path, yaml)].map((entry) => String(entry.path.at(-1)))) : new Set();
}

/** For a key that the shape does not know: the known one it is nearly, if any. `undefined` for a key that is known. */
export function unknownKey(
  yaml: YamlText,
  shape: YamlShape,
  { path }: YamlPlace,
): { readonly word: string; readonly near: string | undefined } | undefined {
  const parent = path.slice(0, -1);
  const known = shapesAt(shape, parent).flatMap((each) => (each.kind === 'map' ? [...each.keys] : []));
  const word = String(path.at(-1));
  if (known.length === 0 || known.some(([name]) => name === word)) return undefined;
  const present = keysAt(yaml, parent);
  const candidates = known.filter(([name, key]) => key.alias === undefined && !present.has(name)).map(([name]) => name);
  return { word, near: nearest(word, candidates) };
}

/** Takes a piece out: in block style with its whole lines, in flow style with the comma beside it. */
export function removal(
  { text, lines }: YamlText,
  { start, end }: { readonly start: number; readonly end: number },
): TextEdit {
  const remove = (from: number, to: number): TextEdit => ({
    range: rangeOfSpan({ offset: from, length: to - from }, lines),
    newText: '',
  });
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  if (text.slice(lineStart, start).trim() === '') return remove(lineStart, lineEnd === -1 ? text.length : lineEnd + 1);
  const rest = text.slice(end);
  const gap = rest.length - rest.trimStart().length;
  if (rest.trimStart().startsWith(',')) {
    const after = rest.slice(gap + 1);
    return remove(start, end + gap + 1 + (after.length - after.trimStart().length));
  }
  const before = text.slice(0, start).trimEnd();
  return remove(before.endsWith(',') ? before.length - 1 : start, end);
}
