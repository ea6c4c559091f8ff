/**
 * Cuts NDJSON input into numbered lines without holding more than one chunk and one unfinished line. UTF-8 is decoded
 * strictly and per chunk, not per line: decoding is the largest fixed cost of a short line. engine.md §7, §22.
 */
import { GraphError, limitExceeded } from '../graph-error.js';

export const MAX_LINE_BYTES = 32 * 1024 * 1024;

export interface LineBlock {
  /** 1-based number of the first line. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

export type LineInput = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Blocks of whole lines in input order, terminators removed. Rejects with `bad_request` on bytes that are not UTF-8. */
export async function* readLines(input: LineInput): AsyncGenerator<LineBlock> {
  if (typeof input === 'string') {
    yield textBlock(input);
    return;
  }
  const cutter = new LineCutter();
  if (input instanceof Uint8Array) {
    yield* slices(input, cutter);
  } else {
    for await (const chunk of input) yield* cutter.push(chunk);
  }
  yield* cutter.finish();
}

const SLICE_BYTES = 4 * 1024 * 1024;

function* slices(bytes: Uint8Array, cutter: LineCutter): Generator<LineBlock> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield* cutter.push(bytes.subarray(at, at + SLICE_BYTES));
}

function textBlock(text: string): LineBlock {
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    // UTF-8 takes at most three bytes per UTF-16 unit, so most lines need no count.
    if (line.length * 3 > MAX_LINE_BYTES) refuseLongLine(Buffer.byteLength(line), index + 1);
    if (LONE_SURROGATE.test(line)) throw notUtf8(index + 1);
  });
  return { firstLine: 1, lines };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

const NEWLINE = 0x0a;

class LineCutter {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #line = 1;

  *push(chunk: Uint8Array): Generator<LineBlock> {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last === -1) {
      this.#keep(chunk);
      return;
    }
    const first = chunk.indexOf(NEWLINE);
    refuseLongLine(this.#pendingBytes + first, this.#line);
    const whole = joined(this.#pending, this.#pendingBytes, chunk.subarray(0, last));
    this.#pending = [];
    this.#pendingBytes = 0;
    yield this.#block(whole);
    this.#keep(chunk.subarray(last + 1));
  }

  *finish(): Generator<LineBlock> {
    if (this.#pendingBytes > 0) yield this.#block(joined(this.#pending, this.#pendingBytes, new Uint8Array(0)));
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0) return;
    refuseLongLine(this.#pendingBytes + rest.length, this.#line);
    // A copy: the source may reuse its buffer for the next chunk.
    this.#pending.push(rest.slice());
    this.#pendingBytes += rest.length;
  }

  #block(bytes: Uint8Array): LineBlock {
    const firstLine = this.#line;
    const lines = decodeLines(bytes, firstLine);
    if (bytes.length > MAX_LINE_BYTES) {
      lines.forEach((line, index) => {
        if (line.length * 3 > MAX_LINE_BYTES) refuseLongLine(Buffer.byteLength(line), firstLine + index);
      });
    }
    this.#line += lines.length;
    return { firstLine, lines };
  }
}

function joined(parts: readonly Uint8Array[], partBytes: number, tail: Uint8Array): Uint8Array {
  if (partBytes === 0) return tail;
  return Buffer.concat([...parts, tail], partBytes + tail.length);
}

function decodeLines(bytes: Uint8Array, firstLine: number): readonly string[] {
  // A byte-order mark opens a file only; anywhere else it is content, and no JSON.
  const content =
    firstLine === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const text = decode(content);
  if (text !== undefined) return text.split('\n');
  let line = firstLine;
  for (let start = 0; start <= content.length; line += 1) {
    const end = content.indexOf(NEWLINE, start);
    if (decode(content.subarray(start, end === -1 ? content.length : end)) === undefined) throw notUtf8(line);
    if (end === -1) break;
    start = end + 1;
  }
  throw new Error('a block that is not UTF-8 has no line that is not UTF-8');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch (problem) {
    if (problem instanceof TypeError) return undefined;
    throw problem;
  }
}

const notUtf8 = (line: number): GraphError =>
  new GraphError('bad_request', `line ${line}: invalid JSON: the text is not valid UTF-8`);

function refuseLongLine(bytes: number, line: number): void {
  if (bytes <= MAX_LINE_BYTES) return;
  throw limitExceeded('graph_batch_line_bytes', MAX_LINE_BYTES, bytes, `line ${line} is too long`);
}
