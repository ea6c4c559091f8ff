/**
 * Laying out nested blocks without losing a comment or changing a token. A block stays on one line if its author
 * wrote it so and it fits; else each of its parts takes a line, with single blank lines kept. Comments stand before
 * the part they stood before, or behind the part they followed on its line; a part with a comment inside is copied.
 */
import type { Span } from '../../lexis/index.js';
import type { TokenMap } from './token-map.js';

/** Something that takes a line of its own when broken. */
export type Part = Leaf | Rendered | Block;

interface Leaf {
  readonly kind: 'leaf';
  readonly span: Span;
  readonly text: string;
}

/** Complete already, the comments in its span included. */
interface Rendered {
  readonly kind: 'rendered';
  readonly span: Span;
  readonly text: string;
}

export interface Block {
  readonly kind: 'block';
  readonly span: Span;
  /** Up to and with the opening bracket, with the white space before it. */
  readonly head: string;
  /** From the closing bracket on. */
  readonly tail: string;
  /** Offsets of the brackets. */
  readonly open: number;
  readonly close: number;
  readonly parts: readonly Part[];
  readonly separator: ',' | '';
  /** `if-written`: one line if it was one and fits. */
  readonly oneLine: 'if-written' | 'never';
}

export const INDENT = '    ';
const WIDTH = 120;

export class Layout {
  readonly #text: string;
  readonly #tokens: TokenMap;
  readonly #newline: string;

  constructor(text: string, tokens: TokenMap, newline: string) {
    this.#text = text;
    this.#tokens = tokens;
    this.#newline = newline;
  }

  /** The lines of a whole document: a blank line follows each part. */
  document(parts: readonly Part[]): readonly string[] {
    return this.#sequence({ open: 0, close: this.#text.length, parts, separator: '' }, '', 'apart');
  }

  /** Without the indentation of its first line. */
  part(part: Part, indent = ''): string {
    switch (part.kind) {
      case 'rendered':
        return part.text;
      case 'leaf':
        return this.#tokens.hasComment(part.span) ? this.#source(part.span) : part.text;
      case 'block': {
        const { span, open, close } = part;
        const outside = this.#tokens.commentsIn(span).some(({ offset }) => offset < open || offset > close);
        return outside ? this.#source(span) : (this.#oneLine(part, indent) ?? this.#broken(part, indent));
      }
    }
  }

  #oneLine(block: Block, indent: string): string | undefined {
    const inner = { offset: block.open, length: block.close - block.open };
    if (block.oneLine === 'never' || this.#source(inner).includes('\n') || this.#tokens.hasComment(inner))
      return undefined;
    const pad = block.head.endsWith('{') ? ' ' : '';
    const parts = block.parts.map((part) => this.part(part, indent)).join(`${block.separator} `);
    const line = `${block.head}${pad}${parts}${pad}${block.tail}`;
    return line.includes('\n') || indent.length + line.length > WIDTH ? undefined : line;
  }

  #broken(block: Block, indent: string): string {
    const lines = this.#sequence(block, indent + INDENT, 'as-written');
    return [block.head, ...lines, `${indent}${block.tail}`].join(this.#newline);
  }

  #sequence(
    block: Pick<Block, 'open' | 'close' | 'parts' | 'separator'>,
    indent: string,
    spacing: 'apart' | 'as-written',
  ): readonly string[] {
    const lines: string[] = [];
    let last: { readonly end: number; readonly isPart: boolean } | undefined;
    const put = (line: string, offset: number, end: number, isPart: boolean): void => {
      if (last !== undefined && ((spacing === 'apart' && last.isPart) || this.#blankLine(last.end, offset))) {
        lines.push('');
      }
      lines.push(`${indent}${line}`);
      last = { end, isPart };
    };
    const putComments = (from: number, to: number): void => {
      for (const { offset, text } of this.#tokens.commentsIn({ offset: from, length: to - from })) {
        const end = offset + text.length;
        const previous = lines.at(-1);
        const follows = last?.isPart === true && !this.#text.slice(last.end, offset).includes('\n');
        if (previous === undefined || !follows) put(text, offset, end, false);
        else {
          lines[lines.length - 1] = `${previous} ${text}`;
          last = { end, isPart: true };
        }
      }
    };
    let from = block.open;
    for (const [index, part] of block.parts.entries()) {
      const { offset, length } = part.span;
      putComments(from, offset);
      const separator = index < block.parts.length - 1 ? block.separator : '';
      put(`${this.part(part, indent)}${separator}`, offset, offset + length, true);
      from = offset + length;
    }
    putComments(from, block.close);
    return lines;
  }

  #source({ offset, length }: Span): string {
    return this.#text.slice(offset, offset + length);
  }

  #blankLine(from: number, to: number): boolean {
    return /\n[ \t\r]*\n/.test(this.#text.slice(from, to));
  }
}
