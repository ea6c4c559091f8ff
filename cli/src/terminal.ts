/**
 * The process as a command sees it: results go to stdout, everything else to stderr (cli.md §1). Commands take it as
 * an argument and never touch `process` themselves.
 */
import type { Readable, Writable } from 'node:stream';
import { Failure, isErrno } from './failure.js';

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTty: boolean;
  /** Writes to stdout and waits while the reader is behind, so a stream never piles up in memory. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** One result line (or several), ended by exactly one LF. */
  print(text: string): Promise<void>;
  /** One line on stderr. */
  note(text: string): void;
  /** Text on stderr as it is. */
  ask(text: string): void;
  /** Errors may be coloured: stderr is a terminal and `NO_COLOR` is unset. */
  readonly colour: boolean;
  /** One line of stdin without its end; empty at the end of input. */
  readLine(): Promise<string>;
}

/** The reader of stdout went away (`omnigraph export g | head`): no failure of ours, and nobody to tell. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

export function processTerminal(process: NodeJS.Process): Terminal {
  return {
    env: process.env,
    // Getters: Node opens a standard stream when it is first looked at, and most commands need only one of the three.
    get stdinIsTty() {
      return process.stdin.isTTY === true;
    },
    get colour() {
      return process.stderr.isTTY === true && !process.env.NO_COLOR;
    },
    write: (chunk) => writeTo(process.stdout, chunk),
    print: (text) => writeTo(process.stdout, text.endsWith('\n') ? text : `${text}\n`),
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
    ask: (text) => {
      process.stderr.write(text);
    },
    readLine: () => readLineOf(process.stdin),
  };
}

function writeTo(stream: Writable, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (problem) => {
      if (!problem) resolve();
      else reject(unwritable(problem));
    });
  });
}

function unwritable(problem: Error): Error {
  if (isErrno(problem, 'EPIPE')) return new ReaderGone();
  return new Failure(`the result could not be written to stdout: ${problem.message}`);
}

async function readLineOf(stream: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const end = chunk.indexOf(0x0a);
    chunks.push(end === -1 ? chunk : chunk.subarray(0, end));
    if (end !== -1) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks)).replace(/\r$/, '');
}
