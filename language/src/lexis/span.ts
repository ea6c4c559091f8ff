/** Places inside a text, and their translation to ranges of the whole document. */
import type { LineIndex, SourceRange } from '../diagnostics/index.js';

/** In UTF-16 code units; in a declaration from its start, so that a result survives edits elsewhere. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A name as written, with its place. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

export const spanBetween = (first: Span, last: Span): Span => ({
  offset: first.offset,
  length: Math.max(last.offset + last.length, first.offset + first.length) - first.offset,
});

/** `base` is the offset of the declaration in the document. */
export const toRange = (span: Span, base: number, lines: LineIndex): SourceRange =>
  lines.range(base + span.offset, span.length);
