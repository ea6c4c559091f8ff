/** Changes to documents as values: what a fix or a refactoring proposes, before it becomes a workspace edit. */
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Span } from '../../lexis/index.js';
import type { QueryDocument, SchemaDocument } from '../documents.js';
import { rangeOfSpan } from '../positions.js';

/** Replaces a piece of a document; an insertion when `length` is 0. */
export interface Change {
  readonly document: QueryDocument | SchemaDocument;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

export const insertion = (document: Change['document'], offset: number, text: string): Change => ({
  document,
  offset,
  length: 0,
  text,
});

export const replacement = (document: Change['document'], { offset, length }: Span, text: string): Change => ({
  document,
  offset,
  length,
  text,
});

/** Removes a piece with the blanks before it; with its line when nothing else stands there. */
export function removal(document: Change['document'], { offset, length }: Span): Change {
  const { text } = document;
  let start = offset;
  while (start > 0 && isBlank(text.charAt(start - 1))) start -= 1;
  let end = offset + length;
  while (end < text.length && isBlank(text.charAt(end))) end += 1;
  const ownLine =
    (start === 0 || text.charAt(start - 1) === '\n') && (end === text.length || text.charAt(end) === '\n');
  const until = ownLine ? Math.min(end + 1, text.length) : offset + length;
  return { document, offset: start, length: until - start, text: '' };
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t' || character === '\r';

/** The white space a line of the text begins with. */
export function indentationAt({ text }: Change['document'], offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let end = start;
  while (text.charAt(end) === ' ' || text.charAt(end) === '\t') end += 1;
  return text.slice(start, end);
}

export function workspaceEdit(changes: readonly Change[]): WorkspaceEdit {
  const byUri = new Map<string, TextEdit[]>();
  for (const { document, text, ...span } of changes) {
    const edit = { range: rangeOfSpan(span, document.lines), newText: text };
    const known = byUri.get(document.uri);
    if (known === undefined) byUri.set(document.uri, [edit]);
    else known.push(edit);
  }
  return { changes: Object.fromEntries(byUri) };
}
