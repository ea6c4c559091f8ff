/** Where the comments, words and brackets of a text stand. */
import { scanTokens, type Token } from '../../schema/split.js';
import type { Span } from '../span.js';

const OPENING: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['(', ')'],
]);

export class TokenMap {
  readonly #comments: Token[] = [];
  readonly #significant: Token[] = [];
  /** Offset of an opening bracket → offset of its closing one. */
  readonly #pairs = new Map<number, number>();

  constructor(text: string) {
    const open: Token[] = [];
    for (const token of scanTokens(text)) {
      if (token.kind === 'space') continue;
      if (token.kind === 'line-comment' || token.kind === 'block-comment') {
        // A line comment ends before the line's end, a carriage return included.
        this.#comments.push({ ...token, text: token.text.trimEnd() });
        continue;
      }
      this.#significant.push(token);
      if (OPENING.has(token.text)) open.push(token);
      else if (token.text === '}' || token.text === ')') {
        const opening = open.pop();
        if (opening !== undefined) this.#pairs.set(opening.offset, token.offset);
      }
    }
  }

  commentsIn({ offset, length }: Span): readonly Token[] {
    return this.#comments.filter((comment) => comment.offset >= offset && comment.offset < offset + length);
  }

  hasComment(span: Span): boolean {
    return this.commentsIn(span).length > 0;
  }

  /** The offset of the first token that is no comment, at or after `offset`. */
  next(offset: number): number {
    return this.#significant.find((token) => token.offset >= offset)?.offset ?? offset;
  }

  /** The offset behind the last token that is no comment, before `offset`. */
  endBefore(offset: number): number {
    const last = this.#significant.findLast((token) => token.offset < offset);
    return last === undefined ? offset : last.offset + last.text.length;
  }

  /** The first pair of such brackets that opens at or after `offset`. */
  block(bracket: '{' | '(', offset: number): { readonly open: number; readonly close: number } {
    const open = this.#significant.find((token) => token.text === bracket && token.offset >= offset)?.offset;
    const close = open === undefined ? undefined : this.#pairs.get(open);
    // Only a text without syntax errors is formatted, and there every bracket has its pair.
    if (open === undefined || close === undefined) throw new Error(`no \`${bracket}\` block after offset ${offset}`);
    return { open, close };
  }
}
