/** Formatting of texts that are lists of declarations: what a selection touches, what a brace just closed. */
import type { Position, Range, TextEdit } from 'vscode-languageserver';
import type { LineIndex } from '../diagnostics/index.js';
import type { Span } from '../lexis/index.js';
import { declarationAt } from './declarations.js';
import { offsetOf, rangeOfSpan } from './positions.js';

interface Text {
  readonly text: string;
  readonly lines: LineIndex;
}

interface DeclaredText extends Text {
  readonly compiled: { readonly declarations: readonly Span[] };
}

/** The handlers for a part of a document. `format` leaves a text with a syntax error as it is. */
export const formattingOfParts = (format: (text: string) => string) => ({
  announces: { onTypeTriggers: ['}'] },
  'textDocument/rangeFormatting': (document: DeclaredText, { range }: { readonly range: Range }) => {
    const [from, to] = [offsetOf(range.start, document.lines), offsetOf(range.end, document.lines)];
    return document.compiled.declarations
      .filter(({ offset, length }) => offset <= to && offset + length >= from)
      .flatMap((declaration) => formattedDeclaration(document, declaration, format));
  },
  'textDocument/onTypeFormatting': (document: DeclaredText, { position }: { readonly position: Position }) => {
    const offset = offsetOf(position, document.lines);
    const declaration = declarationAt(document, offset);
    const closed = declaration !== undefined && declaration.offset + declaration.length === offset;
    return closed ? formattedDeclaration(document, declaration, format) : [];
  },
});

/** A declaration on its own. */
export function formattedDeclaration(
  document: Text,
  { offset, length }: Span,
  format: (text: string) => string,
): readonly TextEdit[] {
  const text = document.text.slice(offset, offset + length);
  return smallestEdit(document, offset, text, format(text).trimEnd());
}

/** One edit without what both texts begin and end with, so that cursors and folds stay. */
export function smallestEdit({ lines }: Text, base: number, before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const range = rangeOfSpan({ offset: start, length: before.length - end - start }, lines, base);
  return [{ range, newText: after.slice(start, after.length - end) }];
}
