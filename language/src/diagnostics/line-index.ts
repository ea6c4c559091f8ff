import type { Position, SourceRange } from './diagnostic.js';

/** Maps offsets of one text to positions and back. Building it is one pass; a lookup is a binary search. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  position(offset: number): Position {
    const target = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= target) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: target - (this.#starts[low] ?? 0) };
  }

  offset(position: Position): number {
    const start = this.#starts[position.line];
    if (start === undefined) return this.#length;
    const next = this.#starts[position.line + 1] ?? this.#length + 1;
    return Math.min(start + position.character, next - 1);
  }

  range(offset: number, length: number): SourceRange {
    return { start: this.position(offset), end: this.position(offset + length), offset, length };
  }
}
