import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Catalog,
  compileQueries,
  compileSchema,
  type Diagnostic as Found,
  lintDiagnostics,
} from 'omnigraph-language';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Diagnostic, Position } from 'vscode-languageserver/node.js';
import { launcher } from '../support/built-cli.js';
import { CORPUS, hasCorpus } from '../support/corpus.js';
import { type InitializeOptions, PLAIN_CLIENT, StdioClient } from './stdio-client.js';

/** `omnigraph lsp --stdio` as an editor runs it: a process of its own, and nothing but the protocol between. */
function start(
  folder: string,
  options: Partial<InitializeOptions> = {},
  args = ['lsp', '--stdio'],
): Promise<StdioClient> {
  const all = { folders: [pathToFileURL(folder).href], ...options };
  const client = StdioClient.start({ command: process.execPath, args: [launcher(), ...args], cwd: folder }, all);
  onTestFinished(() => client.kill());
  return client.initialize(all).then(() => client);
}

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'omnigraph-lsp-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return folder;
}

const uriIn = (folder: string, file: string): string => pathToFileURL(path.join(folder, file)).href;

const SCHEMA = 'node Person { name: String @key }\n';
const QUERY = 'query q() {\n  match { $p: Person }\n  return { $p.nme }\n}\n';

describe('the process', () => {
  test.each([[['lsp', '--stdio']], [['lsp']], [['lsp', '--stdio', `--clientProcessId=${process.pid}`]]])(
    'is started by %j, answers and ends with 0',
    async (args) => {
      const folder = folderOf({ 'schema.pg': SCHEMA, 'q.gq': QUERY });
      const client = await start(folder, {}, args);
      const uri = uriIn(folder, 'q.gq');
      const first = client.next((params) => params.uri === uri);
      await client.open(uri, 'omnigraph-query', QUERY);
      expect((await first).diagnostics).toMatchObject([{ code: 'T6' }]);
      expect(await client.stop()).toBe(0);
      expect(client.errors).toEqual([]);
    },
  );

  test('ends with 1 when the client leaves without saying goodbye', async () => {
    const client = await start(folderOf({}));
    client.child.stdin?.end();
    expect(await client.exited).toBe(1);
  });

  test('reads closed files, and sees them change on disk without the client watching', async () => {
    const folder = folderOf({ 'schema.pg': SCHEMA, 'q.gq': QUERY.replace('nme', 'name') });
    const { workspace, ...rest } = PLAIN_CLIENT;
    const client = await start(folder, { capabilities: { ...rest, workspace: { workspaceFolders: true } } });
    expect(workspace?.didChangeWatchedFiles?.dynamicRegistration).toBe(true);
    const uri = uriIn(folder, 'q.gq');
    await expect
      .poll(() => client.request<{ isIndexed: boolean }>('omnigraph/stats', {}))
      .toMatchObject({
        isIndexed: true,
      });
    const changed = client.next((params) => params.uri === uri && params.diagnostics.length > 0);
    writeFileSync(path.join(folder, 'q.gq'), QUERY);
    expect((await changed).diagnostics).toMatchObject([{ code: 'T6' }]);
    const corrected = client.next((params) => params.uri === uri && params.diagnostics.length === 0);
    writeFileSync(path.join(folder, 'schema.pg'), SCHEMA.replace('name', 'nme'));
    await corrected;
  });
});

describe.runIf(hasCorpus)('typing a corpus file', () => {
  const CLUSTERS = ['industry-intel', 'second-brain'];
  const FILES = (hasCorpus ? CLUSTERS : []).flatMap((cluster) => {
    const queries = readdirSync(path.join(CORPUS, cluster, 'queries')).map((name) => `queries/${name}`);
    return ['schema.pg', ...queries].map((file) => [cluster, file] as const);
  });
  let copy = '';
  let writer: StdioClient | undefined;
  const uri = (file: string): string => uriIn(copy, file);

  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'omnigraph-lsp-corpus-'));
    cpSync(CORPUS, copy, { recursive: true });
  });
  afterEach(() => {
    writer?.kill();
    writer = undefined;
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test.each(FILES)('%s/%s', { timeout: 120_000 }, async (cluster, file) => {
    const name = `${cluster}/${file}`;
    const text = readFileSync(path.join(copy, name), 'utf8');
    const folder = path.join(copy, cluster);
    const schema = readFileSync(path.join(folder, 'schema.pg'), 'utf8');
    const { catalog } = compileSchema(schema);
    if (catalog === undefined) throw new Error('the corpus schema must compile');
    const options = { folders: [pathToFileURL(folder).href] };
    writer = await start(folder, options);
    const typist = new Typist(writer, uri(name), (typed) => cold(name, typed, catalog));

    await typist.open();
    // Character by character with the mistakes of a person, then by lines, then in one go.
    const lines = text.split(/(?<=\n)/);
    const head = lines.slice(0, 12).join('');
    for (const character of head) await typist.type(character);
    await typist.check();
    await typist.undo(25);
    await typist.check();
    for (const line of lines.slice(12, 40)) await typist.type(line);
    await typist.check();
    const rest = lines.slice(40).join('');
    await typist.type(rest);
    await typist.check();
    await typist.pasteAt(Math.floor(text.length / 3), 'query pasted($x: String) { match { $a: Nothing');
    await typist.check();
    await typist.undoLast();
    await typist.save();
    const final = await typist.check();
    expect(typist.text).toBe(text);

    // A fresh server that never saw another text finds the same, advice of the features included.
    const fresh = await start(folder, options);
    const first = fresh.next((params) => params.uri === uri(name) && params.version === 1);
    await fresh.open(uri(name), 'omnigraph', text);
    expect(shown(final)).toEqual(shown((await first).diagnostics));

    const versions = writer.published.flatMap(({ uri: of, version }) => (of === uri(name) ? (version ?? []) : []));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect([...writer.errors, ...fresh.errors, ...writer.stderr]).toEqual([]);
  });
});

function cold(file: string, text: string, catalog: Catalog): readonly Found[] {
  if (file.endsWith('.pg')) return compileSchema(text).diagnostics;
  const compiled = compileQueries(text, catalog);
  return [...compiled.diagnostics, ...lintDiagnostics(compiled, catalog, file)];
}

const shown = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ code, range: { start, end } }) => `${code} ${place(start)}-${place(end)}`).sort();

const place = ({ line, character }: Position): string => `${line}:${character}`;

/** Someone at a keyboard: every change is one keystroke's, and requests fly in between. */
class Typist {
  text = '';
  #version = 1;
  #before = '';

  constructor(
    private readonly client: StdioClient,
    private readonly uri: string,
    private readonly coldCheck: (text: string) => readonly Found[],
  ) {}

  async open(): Promise<void> {
    await this.client.open(this.uri, 'omnigraph', '');
  }

  type(characters: string): Promise<void> {
    return this.#replace(this.text.length, this.text.length, characters);
  }

  async undo(characters: number): Promise<void> {
    const typed = this.text;
    for (let count = 1; count <= characters; count++) {
      await this.#replace(this.text.length - 1, this.text.length, '');
    }
    for (const character of typed.slice(this.text.length)) await this.type(character);
  }

  async pasteAt(offset: number, pasted: string): Promise<void> {
    this.#before = this.text;
    await this.#replace(offset, offset, pasted);
  }

  /** Puts the text before the last paste back, as an editor that sends the whole document does. */
  async undoLast(): Promise<void> {
    this.#version += 1;
    this.text = this.#before;
    await this.client.change(this.uri, this.#version, { text: this.text });
  }

  async save(): Promise<void> {
    await this.client.connection.sendNotification('textDocument/didSave', { textDocument: { uri: this.uri } });
  }

  /** What is shown for the text as it is now is what the compilers find in it from scratch. */
  async check(): Promise<readonly Diagnostic[]> {
    const isCurrent = ({ uri, version }: { uri: string; version?: number }): boolean =>
      uri === this.uri && version === this.#version;
    const current = this.client.published.findLast(isCurrent) ?? (await this.client.next(isCurrent));
    const expected = this.coldCheck(this.text).map(({ code, range }) => {
      if (range === undefined) throw new Error(`${code} has no place`);
      return `${code} ${place(range.start)}-${place(range.end)}`;
    });
    expect(shown(current.diagnostics)).toEqual([...expected].sort());
    return current.diagnostics;
  }

  async #replace(from: number, to: number, inserted: string): Promise<void> {
    const range = { start: positionAt(this.text, from), end: positionAt(this.text, to) };
    this.#version += 1;
    this.text = this.text.slice(0, from) + inserted + this.text.slice(to);
    await this.client.change(this.uri, this.#version, { range, text: inserted });
    if (this.#version % 10 === 0) await this.#ask(from + inserted.length);
  }

  /** Whatever is asked between two keystrokes is answered, or withdrawn because the text moved on. */
  async #ask(offset: number): Promise<void> {
    const position = positionAt(this.text, offset);
    const textDocument = { uri: this.uri };
    const asked = ['completion', 'hover', 'documentHighlight', 'signatureHelp', 'codeLens', 'foldingRange'].map(
      (name) => this.client.request(`textDocument/${name}`, { textDocument, position }),
    );
    const tokens = this.client.request('textDocument/semanticTokens/full', { textDocument });
    for (const answer of await Promise.allSettled([...asked, tokens])) {
      if (answer.status === 'rejected' && !WITHDRAWN.has(answer.reason.code)) throw answer.reason;
    }
  }
}

/** Content modified, cancelled, and method not found: a build may lack a feature, but must say so. */
const WITHDRAWN = new Set([-32801, -32800, -32601]);

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length - 1, character: offset - (before.lastIndexOf('\n') + 1) };
}
