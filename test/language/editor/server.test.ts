import type { FeatureSet } from 'omnigraph-language/editor';
import { RequestRefused } from 'omnigraph-language/editor';
import { afterEach, describe, expect, test } from 'vitest';
import { CancellationTokenSource, type ClientCapabilities, LSPErrorCodes } from 'vscode-languageserver/node.js';
import { FULL_CLIENT, marked, openEditor, type TestEditor } from './fixture.js';

let editor: TestEditor;
let expectedErrors: readonly RegExp[] = [];

afterEach(async () => {
  await editor.dispose();
  expect(editor.errors.filter((error) => !expectedErrors.some((expected) => expected.test(error)))).toEqual([]);
  expectedErrors = [];
});

const NONE: FeatureSet = { schema: [], query: [], cluster: [], policy: [], 'policy-tests': [], workspace: [] };

describe('capabilities', () => {
  test('what is not registered is not announced', async () => {
    editor = await openEditor({}, { features: NONE });
    expect(editor.initialized.capabilities).toEqual({
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2, save: { includeText: false } },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    });
  });

  test('triggers of several features are united, and commands listed', async () => {
    const features: FeatureSet = {
      ...NONE,
      schema: [() => ({ 'textDocument/completion': () => [], announces: { completionTriggers: ['@', '.'] } })],
      query: [() => ({ 'textDocument/completion': () => [], announces: { completionTriggers: ['$', '.'] } })],
      workspace: [() => ({ commands: new Map([['omnigraph.test', async () => 1]]) })],
    };
    editor = await openEditor({}, { features });
    expect(editor.initialized.capabilities).toMatchObject({
      completionProvider: { triggerCharacters: ['@', '.', '$'], resolveProvider: false },
      executeCommandProvider: { commands: ['omnigraph.test'] },
    });
    expect(await editor.request('workspace/executeCommand', { command: 'omnigraph.test' })).toBe(1);
  });

  test.each<[readonly string[] | undefined, string]>([
    [undefined, 'utf-16'],
    [[], 'utf-16'],
    [['utf-16'], 'utf-16'],
    [['utf-8', 'utf-16'], 'utf-8'],
    [['utf-32', 'utf-8'], 'utf-32'],
    [['ebcdic', 'utf-8'], 'utf-8'],
  ])('of the encodings %j it takes %s', async (offered, taken) => {
    const general = offered === undefined ? {} : { general: { positionEncodings: [...offered] } };
    editor = await openEditor({}, { features: NONE, capabilities: general });
    expect(editor.initialized.capabilities.positionEncoding).toBe(taken);
  });

  test.each<[string, ClientCapabilities, unknown, boolean]>([
    ['a client that fetches and can be told to', pulling(true), undefined, true],
    ['a client that cannot be told to fetch again', pulling(false), undefined, false],
    ['a client that asks for pushing', pulling(true), { diagnostics: 'push' }, false],
    ['a plain client', {}, undefined, false],
  ])('diagnostics are fetched by %s', async (_name, capabilities, initializationOptions, fetched) => {
    editor = await openEditor({}, { features: NONE, capabilities, initializationOptions });
    expect(editor.initialized.capabilities.diagnosticProvider !== undefined).toBe(fetched);
  });
});

function pulling(refreshSupport: boolean): ClientCapabilities {
  return { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport } } };
}

describe('requests', () => {
  const echo: FeatureSet = {
    ...NONE,
    query: [
      () => ({
        'textDocument/hover': (document, { position }) => ({
          contents: `${document.kind} ${position.line}:${position.character}`,
          range: { start: position, end: position },
        }),
        'textDocument/definition': () => {
          throw new RequestRefused('this name cannot be changed');
        },
        'textDocument/references': () => {
          throw new Error('a bug of ours');
        },
        'textDocument/documentSymbol': async () => {
          throw new Error('a late bug of ours');
        },
        'textDocument/codeLens': () => [],
      }),
    ],
    schema: [
      () => ({ 'textDocument/documentLink': () => [{ range: RANGE, target: 'a:' }] }),
      () => ({ 'textDocument/documentLink': async () => [{ range: RANGE, target: 'b:' }] }),
    ],
  };
  const RANGE = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const position = { line: 0, character: 0 };

  test('lists of two features of a kind are joined, in the order of registration', async () => {
    editor = await openEditor({ 'a.pg': 'node A { a: String }' }, { features: echo });
    const links = await editor.ask<{ target: string }[]>('textDocument/documentLink', 'a.pg');
    expect(links.map(({ target }) => target)).toEqual(['a:', 'b:']);
  });

  test('a kind without a handler answers null', async () => {
    editor = await openEditor({ 'a.pg': '' }, { features: echo });
    expect(await editor.ask('textDocument/hover', 'a.pg', { position })).toBeNull();
  });

  test('a document of no kind of ours answers null', async () => {
    editor = await openEditor({ 'notes.txt': 'x' }, { features: echo });
    expect(await editor.ask('textDocument/hover', 'notes.txt', { position })).toBeNull();
  });

  test('a closed file is read', async () => {
    editor = await openEditor({ 'a.gq': 'query a() {}' }, { features: echo });
    const textDocument = { uri: editor.uri('a.gq') };
    expect(await editor.request('textDocument/hover', { textDocument, position })).toMatchObject({
      contents: 'query 0:0',
    });
  });

  test.each([
    ['textDocument/definition', LSPErrorCodes.RequestFailed, 'this name cannot be changed'],
    ['textDocument/references', -32603, 'textDocument/references failed: a bug of ours'],
    ['textDocument/documentSymbol', -32603, 'textDocument/documentSymbol failed: a late bug of ours'],
    ['textDocument/rename', -32601, 'unknown method textDocument/rename'],
    ['omnigraph/nothing', -32601, 'unknown method omnigraph/nothing'],
  ])('%s is answered with error %i', async (method, code, message) => {
    expectedErrors = [/a bug of ours/, /a late bug of ours/];
    editor = await openEditor({ 'a.gq': '' }, { features: echo });
    await expect(editor.ask(method, 'a.gq', { position })).rejects.toMatchObject({ code, message });
    const isBug = code === -32603;
    expect(editor.errors.map((error) => error.split('\n')[0])).toEqual(isBug ? [`${method} failed`] : []);
  });

  test('parameters without a document are refused', async () => {
    editor = await openEditor({}, { features: echo });
    await expect(editor.request('textDocument/hover', { position })).rejects.toMatchObject({ code: -32602 });
  });

  test('after shutdown nothing is answered', async () => {
    editor = await openEditor({ 'a.gq': '' }, { features: echo });
    await editor.request('shutdown', {});
    await expect(editor.ask('textDocument/hover', 'a.gq', { position })).rejects.toMatchObject({ code: -32600 });
  });

  test.each([
    ['on', {}, []],
    ['off', { codeLens: { enabled: false } }, null],
    ['misspelt', { codeLens: { enabled: 'no' } }, []],
  ])('lenses switched %s', async (_name, settings, expected) => {
    editor = await openEditor({ 'a.gq': '' }, { features: echo, settings });
    await editor.settled();
    expect(await editor.ask('textDocument/codeLens', 'a.gq')).toEqual(expected);
  });

  test('a cancelled request is told to its handler, and answered as cancelled', async () => {
    const waiting: FeatureSet = {
      ...NONE,
      query: [
        () => ({
          'textDocument/hover': (_document, _params, cancel) =>
            new Promise((resolve) => cancel.onCancellationRequested(() => resolve({ contents: 'nobody reads this' }))),
        }),
      ],
    };
    editor = await openEditor({ 'a.gq': 'query a() {}' }, { features: waiting });
    await editor.diagnostics('a.gq');
    const cancellation = new CancellationTokenSource();
    const textDocument = { uri: editor.uri('a.gq') };
    const asked = editor.request('textDocument/hover', { textDocument, position }, cancellation.token);
    await editor.settled();
    cancellation.cancel();
    await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  });

  test('an answer that took longer than the text lived is withdrawn', async () => {
    let release = (): void => {};
    const slow: FeatureSet = {
      ...NONE,
      query: [
        () => ({
          'textDocument/hover': () =>
            new Promise((resolve) => {
              release = () => resolve({ contents: 'late' });
            }),
        }),
      ],
    };
    editor = await openEditor({ 'a.gq': 'query a() {}' }, { features: slow });
    await editor.diagnostics('a.gq');
    const asked = editor.ask('textDocument/hover', 'a.gq', { position });
    await editor.settled();
    await editor.edit('a.gq', 'query b() {}');
    await editor.settled();
    release();
    await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.ContentModified });
  });
});

describe('position encodings', () => {
  /** `é` is 1 UTF-16 unit and 2 bytes, `𝄞` 2 units, 4 bytes and 1 code point. */
  const LINE = 'query q($a: String) @description("é𝄞") { match { $x: Thing } return { $x.nme } }';
  const SCHEMA = 'node Thing { name: String }';
  const at = marked(LINE.replace('nme', '<|nme|>')).range.start.character;

  test.each([
    ['utf-16', at],
    ['utf-8', at + 1 + 2],
    ['utf-32', at - 1],
  ])('%s: diagnostics, requests and edits count alike', async (encoding, character) => {
    const features: FeatureSet = {
      ...NONE,
      query: [
        () => ({
          'textDocument/hover': (document, { position }) => ({
            contents: document.text.slice(document.lines.offset(position)).slice(0, 3),
            range: { start: position, end: { line: 0, character: position.character + 3 } },
          }),
          'textDocument/references': ({ uri }, { position }) => [{ uri, range: { start: position, end: position } }],
          'textDocument/rename': ({ uri }, { position, newName }) => ({
            changes: { [uri]: [{ range: { start: position, end: position }, newText: newName }] },
          }),
          'textDocument/semanticTokens': ({ text }) => [
            { offset: text.indexOf('"é'), length: 5, type: 'string' },
            { offset: text.indexOf('nme'), length: 3, type: 'property' },
          ],
        }),
      ],
    };
    editor = await openEditor(
      { 'schema.pg': SCHEMA, 'q.gq': LINE },
      { features, capabilities: { general: { positionEncodings: [encoding] } } },
    );
    const range = { start: { line: 0, character }, end: { line: 0, character: character + 3 } };
    const [wrong] = await editor.diagnostics('q.gq');
    expect(wrong).toMatchObject({ code: 'T6', range });

    const position = range.start;
    expect(await editor.ask('textDocument/hover', 'q.gq', { position })).toEqual({ contents: 'nme', range });
    const place = { start: position, end: position };
    expect(await editor.ask('textDocument/references', 'q.gq', { position })).toEqual([
      { uri: editor.uri('q.gq'), range: place },
    ]);
    expect(await editor.ask('textDocument/rename', 'q.gq', { position, newName: 'x' })).toEqual({
      changes: { [editor.uri('q.gq')]: [{ range: place, newText: 'x' }] },
    });
    const start = LINE.indexOf('"é');
    const length = { 'utf-16': 5, 'utf-8': 8, 'utf-32': 4 }[encoding];
    expect(await editor.ask('textDocument/semanticTokens/full', 'q.gq')).toMatchObject({
      data: [0, start, length, 16, 0, 0, character - start, 3, 10, 0],
    });

    await editor.change('q.gq', range, 'name');
    expect(await editor.diagnostics('q.gq')).toMatchObject([{ code: 'unused-parameter' }]);
  });
});

describe('semantic tokens', () => {
  const features: FeatureSet = {
    ...NONE,
    schema: [
      () => ({
        'textDocument/semanticTokens': ({ text }) =>
          [...text.matchAll(/[a-z]+|"[^"]*"/g)].map(({ index, 0: word }) => ({
            offset: index,
            length: word.length,
            type: word.startsWith('"') ? 'string' : 'keyword',
            modifiers: ['declaration'],
          })),
      }),
    ],
  };

  test('full, then the difference, then everything again for a stranger', async () => {
    editor = await openEditor({ 'a.pg': 'a b\nc' }, { features });
    const full = await editor.ask<{ resultId: string; data: number[] }>('textDocument/semanticTokens/full', 'a.pg');
    expect(full.data).toEqual([0, 0, 1, 13, 1, 0, 2, 1, 13, 1, 1, 0, 1, 13, 1]);
    await editor.edit('a.pg', 'a bb\nc');
    const ask = (previousResultId: string) =>
      editor.ask<{ resultId: string }>('textDocument/semanticTokens/full/delta', 'a.pg', { previousResultId });
    const delta = await ask(full.resultId);
    expect(delta).toMatchObject({ edits: [{ start: 7, deleteCount: 1, data: [2] }] });
    expect(await ask(delta.resultId)).toMatchObject({ edits: [] });
    expect(await ask('unknown')).toMatchObject({ data: [0, 0, 1, 13, 1, 0, 2, 2, 13, 1, 1, 0, 1, 13, 1] });
  });

  test('a range holds what overlaps it, and a token over lines is cut', async () => {
    editor = await openEditor({ 'a.pg': 'a\n"x\r\ny"\nb' }, { features });
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 2 } };
    expect(await editor.ask('textDocument/semanticTokens/range', 'a.pg', { range })).toEqual({
      data: [1, 0, 2, 16, 1, 1, 0, 2, 16, 1],
    });
  });
});

describe('the client', () => {
  test('is asked to watch files and shows progress while the workspace is read', async () => {
    editor = await openEditor({ 'a.pg': '' });
    await editor.settled();
    const methods = editor.heard.map(({ method }) => method);
    expect(methods).toContain('window/workDoneProgress/create');
    expect(methods.filter((method) => method === '$/progress').length).toBeGreaterThanOrEqual(2);
    const registered = editor.heard.filter(({ method }) => method === 'client/registerCapability');
    expect(JSON.stringify(registered)).toContain('workspace/didChangeWatchedFiles');
  });

  test('that can do nothing is served all the same', async () => {
    editor = await openEditor({ 'a.pg': 'node A {' }, { capabilities: {} });
    expect(await editor.diagnostics('a.pg')).toMatchObject([{ code: 'syntax-error' }]);
    expect(editor.heard.map(({ method }) => method)).toEqual([]);
    expect(FULL_CLIENT.window?.workDoneProgress).toBe(true);
  });
});
