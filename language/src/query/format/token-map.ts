/** Where the comments, words and brackets of a text stand. */
import { type Span, scanTokens, type Token } from '../../lexis/index.js';

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
    return this.#comments.slice(firstFrom(this.#comments, offset), firstFrom(this.#comments, offset + length));
  }

  hasComment(span: Span): boolean {
    return this.commentsIn(span).length > 0;
  }

  /** The offset of the first token that is no comment, at or after `offset`. */
  next(offset: number): number {
    return this.#significant[firstFrom(this.#significant, offset)]?.offset ?? offset;
  }

  /** The offset behind the last token that is no comment, before `offset`. */
  endBefore(offset: number): number {
    const last = this.#significant[firstFrom(this.#significant, offset) - 1];
    return last === undefined ? offset : last.offset + last.text.length;
  }

  /** The first pair of such brackets that opens at or after `offset`. */
  block(bracket: '{' | '(', offset: number): { readonly open: number; readonly close: number } {
    let at = firstFrom(this.#significant, offset);
    while (at < this.#significant.length && this.#significant[at]?.text !== bracket) at += 1;
    const open = this.#significant[at]?.offset;
    const close = open === undefined ? undefined : this.#pairs.get(open);
    // Only a text without syntax errors is formatted, and there every bracket has its pair.
    if (open === undefined || close === undefined) throw new Error(`no \`${bracket}\` block after offset ${offset}`);
    return { open, close };
  }
}

/** The index of the first token at or after `offset`. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.offset ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
