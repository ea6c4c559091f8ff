/**
 * A language server over a workspace that is a table of texts, and a client to ask it: what every editor test is built
 * with. Requests go through the real protocol, so capabilities, dispatch and positions are part of each test.
 */
import { PassThrough } from 'node:stream';
import type { FeatureSet, PlanSource, WorkspaceHost } from 'omnigraph-language/editor';
import { startLanguageServer } from 'omnigraph-language/editor';
import {
  type CancellationToken,
  type ClientCapabilities,
  createConnection,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type Position,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver/node.js';

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly settings?: unknown;
  readonly plan?: PlanSource;
  readonly features?: FeatureSet;
  /** Paths of workspace folders; the root of all files unless given. */
  readonly folders?: readonly string[];
  readonly rules?: (code: string) => string | undefined;
}

export interface TestEditor {
  readonly initialized: InitializeResult;
  /** Everything the server logged as an error: a test that ends with some has found a bug. */
  readonly errors: readonly string[];
  /** Requests and notifications from the server, in order. */
  readonly heard: readonly { readonly method: string; readonly params: unknown }[];
  readonly published: readonly PublishDiagnosticsParams[];
  uri(path: string): string;
  /** Any request; a path's document is opened first when it is not. */
  ask<R>(method: string, path: string, params?: object): Promise<R>;
  request<R>(method: string, params: object, cancel?: CancellationToken): Promise<R>;
  notify(method: string, params: object): Promise<void>;
  open(path: string, text?: string): Promise<void>;
  /** Replaces the whole text. */
  edit(path: string, text: string): Promise<void>;
  change(path: string, range: Range, text: string): Promise<void>;
  close(path: string): Promise<void>;
  /** Changes a file on disk and says so. */
  write(path: string, text: string | undefined): Promise<void>;
  /** What was last published for a path, once the server is at rest. */
  diagnostics(path: string): Promise<readonly Diagnostic[]>;
  /** Waits until everything said so far is dealt with. */
  settled(): Promise<void>;
  text(path: string): string;
  dispose(): Promise<void>;
}

/** What a current VS Code says it can do, as far as it matters here. */
export const FULL_CLIENT: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    completion: {
      completionItem: {
        snippetSupport: true,
        documentationFormat: ['markdown', 'plaintext'],
        insertReplaceSupport: true,
        labelDetailsSupport: true,
        resolveSupport: { properties: ['documentation', 'detail'] },
      },
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor', 'source', 'source.fixAll'] } },
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
    rename: { prepareSupport: true },
    publishDiagnostics: {
      relatedInformation: true,
      versionSupport: true,
      codeDescriptionSupport: true,
      dataSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ['create', 'rename', 'delete'],
      changeAnnotationSupport: { groupsOnLabel: true },
    },
  },
  window: { workDoneProgress: true },
};

const ROOT = 'file:///desk';

/** Starts a server over files given by path. Nothing is open yet. */
export async function openEditor(
  files: Readonly<Record<string, string>>,
  options: EditorOptions = {},
): Promise<TestEditor> {
  const disk = new Map(Object.entries(files));
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const serverSide = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  startLanguageServer(serverSide, memoryHost(disk), {
    version: '0.0.0',
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    ...(options.features === undefined ? {} : { features: options.features }),
    ...(options.rules === undefined ? {} : { rules: options.rules }),
  });
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const errors: string[] = [];
  const heard: { method: string; params: unknown }[] = [];
  const published: PublishDiagnosticsParams[] = [];
  const opened = new Map<string, { version: number; text: string }>();
  client.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
    if (type === 1) errors.push(message);
  });
  client.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
  });
  client.onNotification((method, params) => void heard.push({ method, params }));
  client.onUnhandledProgress((params) => void heard.push({ method: '$/progress', params }));
  client.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) =>
    items.map(() => options.settings ?? null),
  );
  client.onRequest((method, params) => {
    heard.push({ method, params });
    return null;
  });
  client.listen();
  const initialized = await client.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: (options.folders ?? ['']).map((path) => ({ uri: uri(path), name: path })),
    capabilities: options.capabilities ?? FULL_CLIENT,
    initializationOptions: options.initializationOptions,
  });
  await client.sendNotification('initialized', {});

  async function open(path: string, text = disk.get(path) ?? ''): Promise<void> {
    opened.set(path, { version: 1, text });
    const textDocument = { uri: uri(path), languageId: 'plaintext', version: 1, text };
    await client.sendNotification('textDocument/didOpen', { textDocument });
  }

  async function sendChange(path: string, change: { range?: Range; text: string }, text: string): Promise<void> {
    const version = (opened.get(path)?.version ?? 0) + 1;
    opened.set(path, { version, text });
    const textDocument = { uri: uri(path), version };
    await client.sendNotification('textDocument/didChange', { textDocument, contentChanges: [change] });
  }

  const editor: TestEditor = {
    initialized,
    errors,
    heard,
    published,
    uri,
    ask: async (method, path, params = {}) => {
      if (!opened.has(path)) await open(path);
      return client.sendRequest(method, { textDocument: { uri: uri(path) }, ...params });
    },
    request: (method, params, cancel) =>
      cancel === undefined ? client.sendRequest(method, params) : client.sendRequest(method, params, cancel),
    notify: (method, params) => client.sendNotification(method, params),
    open,
    edit: (path, text) => sendChange(path, { text }, text),
    change: (path, range, text) =>
      sendChange(path, { range, text }, applyEdits(editor.text(path), [{ range, newText: text }])),
    close: async (path) => {
      opened.delete(path);
      await client.sendNotification('textDocument/didClose', { textDocument: { uri: uri(path) } });
    },
    write: async (path, text) => {
      const type = text === undefined ? 3 : disk.has(path) ? 2 : 1;
      if (text === undefined) disk.delete(path);
      else disk.set(path, text);
      await client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: uri(path), type }] });
    },
    diagnostics: async (path) => {
      if (!opened.has(path) && !published.some((one) => one.uri === uri(path))) await open(path);
      await editor.settled();
      return published.findLast((one) => one.uri === uri(path))?.diagnostics ?? [];
    },
    settled: async () => {
      let { sent, idle } = await stats();
      for (let quiet = 0; quiet < 2; ) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        const now = await stats();
        quiet = now.idle && idle && now.sent === sent ? quiet + 1 : 0;
        ({ sent, idle } = now);
      }
    },
    text: (path) => opened.get(path)?.text ?? disk.get(path) ?? '',
    dispose: async () => {
      await client.sendRequest('shutdown');
      client.dispose();
      serverSide.dispose();
    },
  };
  return editor;

  async function stats(): Promise<{ readonly sent: number; readonly idle: boolean }> {
    type Stats = { readonly sent: number; readonly idle: boolean; readonly isIndexed: boolean };
    const { sent, idle, isIndexed } = await client.sendRequest<Stats>('omnigraph/stats', {});
    return { sent, idle: idle && isIndexed };
  }
}

/** A cursor `|` in one text, or a span `<|…|>`, taken out of it. */
export interface Marked {
  readonly text: string;
  /** Where the cursor is, or the span begins. */
  readonly offset: number;
  readonly position: Position;
  readonly range: Range;
}

export function marked(source: string): Marked {
  const span = /<\|([\s\S]*?)\|>/.exec(source);
  const offset = span?.index ?? source.indexOf('|');
  if (offset === -1) throw new Error(`no marker in ${source}`);
  const inside = span?.[1] ?? '';
  const text = source.slice(0, offset) + inside + source.slice(offset + (span === null ? 1 : span[0].length));
  const start = positionAt(text, offset);
  return { text, offset, position: start, range: { start, end: positionAt(text, offset + inside.length) } };
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length - 1, character: offset - (before.lastIndexOf('\n') + 1) };
}

export function offsetAt(text: string, { line, character }: Position): number {
  const lines = text.split('\n');
  return lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
}

export const textIn = (text: string, { start, end }: Range): string =>
  text.slice(offsetAt(text, start), offsetAt(text, end));

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => offsetAt(text, b.range.start) - offsetAt(text, a.range.start))
    .reduce(
      (result, { range, newText }) =>
        result.slice(0, offsetAt(text, range.start)) + newText + result.slice(offsetAt(text, range.end)),
      text,
    );
}

const uri = (path: string): string => (path === '' ? ROOT : `${ROOT}/${path}`);

function memoryHost(disk: ReadonlyMap<string, string>): WorkspaceHost {
  const pathOf = (fileUri: string): string => decodeURIComponent(fileUri.slice(ROOT.length + 1));
  return {
    read: async (fileUri) => {
      const text = disk.get(pathOf(fileUri));
      return text === undefined ? { kind: 'missing', message: 'no such file' } : { kind: 'text', text };
    },
    list: async (fileUri) => {
      const prefix = fileUri === ROOT ? '' : `${pathOf(fileUri)}/`;
      if (disk.has(pathOf(fileUri))) return { kind: 'not_a_directory', message: 'it is not a directory' };
      const names = new Map<string, 'file' | 'directory'>();
      for (const path of disk.keys()) {
        if (!fileUri.startsWith(ROOT) || !path.startsWith(prefix)) continue;
        const [name = '', ...rest] = path.slice(prefix.length).split('/');
        names.set(name, rest.length > 0 ? 'directory' : 'file');
      }
      if (names.size === 0) return { kind: 'missing', message: 'no such directory' };
      return { kind: 'entries', entries: [...names].map(([name, kind]) => ({ name, kind })) };
    },
    timers: {
      after: (milliseconds, run) => {
        if (milliseconds === 0) {
          const immediate = setImmediate(run);
          return () => clearImmediate(immediate);
        }
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
  };
}
