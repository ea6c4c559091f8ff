/**
 * The language server's life: initialize, documents, requests, shutdown. It speaks to the client through a connection
 * that someone else opened (a standard stream, a worker). LSP 3.17.
 *
 * Invariant: no exception leaves a handler, and no answer or diagnostic speaks of a text that is no longer there.
 */
import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type InitializeResult,
  type LSPAny,
  ResponseError,
} from 'vscode-languageserver';
import { answered, connectionLog, observed } from './connection.js';
import type { FeatureSet } from './feature.js';
import { FEATURES } from './features.js';
import type { PlanSource } from './plan-source.js';
import { serverCapabilities } from './server-capabilities.js';
import { createRequestRouter, type RequestRouter } from './server-requests.js';
import { createSession, type Session } from './server-session.js';
import type { WorkspaceHost } from './workspace-host.js';

export interface LanguageServerOptions {
  readonly version: string;
  /** Absent: the editor shows no plan. */
  readonly plan?: PlanSource;
  /** Where the rule behind a diagnostic code is explained, for clients that link codes. */
  readonly rules?: (code: string) => string | undefined;
  /** Other features than the product's, for tests. */
  readonly features?: FeatureSet;
}

/** Serves a client over an opened connection until it says goodbye. Starts listening. */
export function startLanguageServer(connection: Connection, host: WorkspaceHost, options: LanguageServerOptions): void {
  const { features = FEATURES, plan, rules } = options;
  const log = connectionLog(connection, () => !isDown);
  let running: { readonly session: Session; readonly router: RequestRouter } | undefined;
  let stopWatching: (() => void) | undefined;
  let isDown = false;

  connection.onInitialize((params): InitializeResult => {
    const session = createSession(connection, host, params, { features, plan, rules, log });
    running = { session, router: createRequestRouter(session) };
    const capabilities = serverCapabilities(
      session.dispatch.registered,
      session.codec.encoding,
      session.pull !== undefined,
    );
    return { capabilities, serverInfo: { name: 'omnigraph', version: options.version } };
  });

  /** Takes a notification once there is a session; before and after, LSP lets servers drop them. */
  const take =
    <P>(method: string, run: (session: Session, params: P) => void | Promise<void>) =>
    (params: P): Promise<void> =>
      observed(method, log, () => (running === undefined || isDown ? undefined : run(running.session, params)));

  connection.onInitialized(take('initialized', (session) => settleIn(session)));
  connection.onDidOpenTextDocument(
    take('textDocument/didOpen', ({ workspace }, { textDocument: { uri, languageId, version, text } }) =>
      workspace.didOpen(uri, languageId, version, text),
    ),
  );
  connection.onDidChangeTextDocument(
    take('textDocument/didChange', ({ workspace, codec }, { textDocument: { uri, version }, contentChanges }) =>
      workspace.didChange(uri, version, contentChanges, (change, indexed) => codec.decodeIn(change, indexed)),
    ),
  );
  connection.onDidCloseTextDocument(
    take('textDocument/didClose', ({ workspace }, { textDocument: { uri } }) => workspace.didClose(uri)),
  );
  connection.onDidSaveTextDocument(
    take('textDocument/didSave', ({ workspace }, { textDocument: { uri } }) => workspace.didSave(uri)),
  );
  connection.onDidChangeWatchedFiles(
    take('workspace/didChangeWatchedFiles', ({ workspace }, { changes }) =>
      workspace.didChangeFiles(changes.map(({ uri }) => uri)),
    ),
  );
  connection.onDidChangeConfiguration(
    take('workspace/didChangeConfiguration', ({ client }, { settings }) => client.fetchSettings(settings)),
  );
  connection.onRequest((method, params, cancel) => respond(method, params, cancel));
  connection.onShutdown(() => {
    isDown = true;
    stopWatching?.();
  });
  connection.listen();

  function respond(method: string, params: unknown, cancel: CancellationToken): Promise<LSPAny | ResponseError> {
    if (running === undefined) {
      return Promise.resolve(new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first'));
    }
    if (isDown) return Promise.resolve(new ResponseError(ErrorCodes.InvalidRequest, 'the server is shutting down'));
    const { router } = running;
    return answered(method, log, () => router.respond(method, params, cancel));
  }

  let hostWatches = false;

  async function settleIn(session: Session): Promise<void> {
    const { watchesFiles } = await session.client.register();
    hostWatches = !watchesFiles;
    watchByHost(session);
    if (session.context.client.capabilities.workspace?.workspaceFolders === true) followFolders(session);
    await session.client.fetchSettings();
    // What is open already is answered first; the rest of the workspace is not in a hurry.
    host.timers.after(INDEX_DELAY, () => {
      if (!isDown) void observed('indexing', log, () => index(session));
    });
  }

  function followFolders(session: Session): void {
    connection.workspace.onDidChangeWorkspaceFolders(
      take('workspace/didChangeWorkspaceFolders', async ({ workspace }, { added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        const kept = workspace.folderUris.filter((uri) => !gone.has(uri));
        workspace.setFolders([...kept, ...added.map(({ uri }) => uri)]);
        watchByHost(session);
        await index(session);
      }),
    );
  }

  function watchByHost({ workspace }: Session): void {
    stopWatching?.();
    if (!hostWatches) return;
    stopWatching = host.watch?.(workspace.folders, (uris) => {
      void observed('watching files', log, () => workspace.didChangeFiles(uris));
    });
  }
}

/** Milliseconds. */
const INDEX_DELAY = 50;

const index = ({ client, workspace }: Session): Promise<void> =>
  client.withProgress('Omnigraph: reading the workspace', (report) => workspace.index(report));
