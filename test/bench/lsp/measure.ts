/** One server, one document: from process start to first diagnostics, then edits, then completions, then memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver/node.js';
import { StdioClient } from '../../editor/stdio-client.js';
import type { BenchDocument } from './documents.js';

export interface Subject {
  readonly name: string;
  readonly command: string;
  /** `folder` is the folder the document lies in. */
  readonly args: (folder: string) => readonly string[];
  readonly document: BenchDocument;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface Samples {
  /** Milliseconds from starting the process to the diagnostics of the opened document, one per start. */
  readonly start: readonly number[];
  /** Milliseconds from sending one typed character to the diagnostics that follow. */
  readonly edit: readonly number[];
  readonly completion: readonly number[];
  /** MiB resident: after the first diagnostics, and after all edits and completions. */
  readonly memoryAtStart: readonly number[];
  readonly memory: readonly number[];
}

const STARTS = 5;
const WARM_UP = 20;
const EDITS = 100;
const COMPLETIONS = 100;
/** A fast typist's pause between keys. */
const BETWEEN_KEYS = 30;

export async function measure(subject: Subject): Promise<Samples> {
  const samples = { start: [], edit: [], completion: [], memoryAtStart: [], memory: [] } satisfies Samples as Mutable;
  for (let run = 0; run < STARTS; run++) {
    const isLast = run === STARTS - 1;
    await withServer(subject, async (client, { uri, opened, takesRanges }) => {
      samples.start.push(opened);
      samples.memoryAtStart.push(client.residentMemory());
      if (!isLast) return;
      samples.edit.push(...(await typing(client, uri, takesRanges, subject.document)));
      samples.completion.push(...(await completing(client, uri, subject.document)));
      samples.memory.push(client.residentMemory());
    });
  }
  return samples;
}

type Mutable = { -readonly [K in keyof Samples]: number[] };

interface Opened {
  readonly uri: string;
  /** Milliseconds from starting the process to the first diagnostics. */
  readonly opened: number;
  /** Takes changes of a part; otherwise the whole text is sent at every key. */
  readonly takesRanges: boolean;
}

function takesRanges({ textDocumentSync: sync }: ServerCapabilities): boolean {
  return (typeof sync === 'object' ? sync.change : sync) === TextDocumentSyncKind.Incremental;
}

async function withServer(
  { command, args, document, settings = {} }: Subject,
  use: (client: StdioClient, opened: Opened) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'omnigraph-bench-lsp-'));
  try {
    for (const [file, text] of [...Object.entries(document.beside), [document.file, document.text] as const]) {
      writeFileSync(path.join(folder, file), text);
    }
    const uri = pathToFileURL(path.join(folder, document.file)).href;
    const options = { folders: [pathToFileURL(folder).href], settings };
    const began = performance.now();
    const client = StdioClient.start({ command, args: args(folder), cwd: folder }, options);
    try {
      const first = client.next((params) => params.uri === uri);
      const { capabilities } = await client.initialize(options);
      await client.open(uri, document.languageId, document.text);
      await first;
      await use(client, { uri, opened: performance.now() - began, takesRanges: takesRanges(capabilities) });
    } finally {
      client.kill();
      await client.exited;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function typing(
  client: StdioClient,
  uri: string,
  byRange: boolean,
  { typing: at, text }: BenchDocument,
): Promise<readonly number[]> {
  const durations: number[] = [];
  const offset = text.split('\n').slice(0, at.line).join('\n').length + 1 + at.character;
  for (let key = 1; key <= WARM_UP + EDITS; key++) {
    await pause(BETWEEN_KEYS);
    const whole = text.slice(0, offset) + 'x'.repeat(key) + text.slice(offset);
    const change = byRange ? { range: { start: at, end: at }, text: 'x' } : { text: whole };
    const answer = client.next((params) => params.uri === uri);
    const began = performance.now();
    await client.change(uri, key + 1, change);
    await answer;
    if (key > WARM_UP) durations.push(performance.now() - began);
  }
  return durations;
}

async function completing(
  client: StdioClient,
  uri: string,
  { completing: position }: BenchDocument,
): Promise<readonly number[]> {
  const durations: number[] = [];
  for (let run = 0; run < WARM_UP + COMPLETIONS; run++) {
    await pause(BETWEEN_KEYS);
    const began = performance.now();
    const answer = await client.request<unknown>('textDocument/completion', { textDocument: { uri }, position });
    if (run >= WARM_UP) durations.push(performance.now() - began);
    if (!hasItems(answer)) throw new Error(`no completion at ${JSON.stringify(position)}: ${JSON.stringify(answer)}`);
  }
  return durations;
}

function hasItems(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length > 0;
  return typeof answer === 'object' && answer !== null && 'items' in answer && hasItems(answer.items);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
