/** From places in texts to what LSP calls positions and ranges; UTF-16 on both sides. */
import type { Location, Position, Range } from 'vscode-languageserver';
import type { LineIndex, SourceRange } from '../diagnostics/index.js';

/** The same range without our extra fields. */
export const rangeOf = ({ start, end }: SourceRange): Range => ({
  start: { line: start.line, character: start.character },
  end: { line: end.line, character: end.character },
});

interface Spanned {
  readonly offset: number;
  readonly length: number;
}

/** A span in offsets of the document, or relative to `base`, as an LSP range. */
export const rangeOfSpan = (span: Spanned, lines: LineIndex, base = 0): Range =>
  rangeOf(lines.range(base + span.offset, span.length));

export const locationOf = (uri: string, range: SourceRange): Location => ({ uri, range: rangeOf(range) });

export const offsetOf = (position: Position, lines: LineIndex): number => lines.offset(position);

/** Whether a cursor stands in or at either end of a span. */
export const touches = ({ offset, length }: Spanned, at: number): boolean => at >= offset && at <= offset + length;
