/**
 * What exists once the client has said what it can do: the workspace, the composed features and the way diagnostics
 * go out. One per connection.
 */
import type { Connection, InitializeParams } from 'vscode-languageserver';
import { observed } from './connection.js';
import { createDocumentChecker } from './diagnostics-checker.js';
import { diagnosticStyle, type RuleUri } from './diagnostics-lsp.js';
import { createPullDiagnostics, type PullDiagnostics } from './diagnostics-pull.js';
import { createDiagnosticsStream, type DiagnosticsStream } from './diagnostics-stream.js';
import type { EditorContext, FeatureSet, Log } from './feature.js';
import type { PlanSource } from './plan-source.js';
import { negotiateEncoding, type PositionCodec, positionCodec } from './positions-encoding.js';
import { clientFacts, clientPulls } from './server-capabilities.js';
import { type ClientServices, createClientServices } from './server-client.js';
import { createDispatch, type Dispatch } from './server-dispatch.js';
import type { WorkspaceHost } from './workspace-host.js';
import { WorkspaceModel } from './workspace-model.js';

export interface Session {
  readonly workspace: WorkspaceModel;
  readonly context: EditorContext;
  readonly dispatch: Dispatch;
  readonly codec: PositionCodec;
  readonly client: ClientServices;
  readonly stream: DiagnosticsStream;
  /** Present when the client fetches diagnostics itself. */
  readonly pull: PullDiagnostics | undefined;
  readonly log: Log;
}

interface SessionOptions {
  readonly features: FeatureSet;
  readonly plan: PlanSource | undefined;
  readonly rules: RuleUri | undefined;
  readonly log: Log;
}

export function createSession(
  connection: Connection,
  host: WorkspaceHost,
  { capabilities, initializationOptions, workspaceFolders, rootUri }: InitializeParams,
  { features, plan, rules, log }: SessionOptions,
): Session {
  const workspace = new WorkspaceModel(host);
  workspace.setFolders(workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []));
  const client = createClientServices(connection, capabilities, host.timers, log);
  const codec = positionCodec(negotiateEncoding(capabilities.general?.positionEncodings), (uri) =>
    workspace.document(uri),
  );
  const context: EditorContext = {
    workspace,
    host,
    plan,
    client: clientFacts(capabilities, initializationOptions),
    settings: client.settings,
    log,
    refresh: client.refresh,
    recheck: (uris) => {
      checker.invalidate(uris);
      stream.recheck(uris);
    },
    notify: (method, params) => void observed(method, log, () => connection.sendNotification(method, params)),
  };
  const dispatch = createDispatch(features, context);
  const checker = createDocumentChecker(dispatch, diagnosticStyle(capabilities, rules));
  const pull = clientPulls(capabilities, initializationOptions)
    ? createPullDiagnostics(checker, codec.encode)
    : undefined;
  const stream = createDiagnosticsStream({
    timers: host.timers,
    document: (uri) => workspace.document(uri),
    isLocated: (uri) => workspace.isLocated(uri),
    locate: (uri) => workspace.locate(uri),
    check: checker.check,
    send: ({ uri, version, diagnostics, edited }) => {
      if (pull !== undefined) {
        // The client fetches those of the document it edits by itself.
        if (!edited) client.refresh('diagnostics');
        return;
      }
      const shown = [...codec.encode(diagnostics, uri)];
      const params = { uri, diagnostics: shown, ...(version === undefined ? {} : { version }) };
      void observed('textDocument/publishDiagnostics', log, () => connection.sendDiagnostics(params));
    },
    failed: (uri, cause) => log.error(`checking ${uri} failed`, cause),
  });
  workspace.onChange((change) => {
    checker.invalidate(change.affected);
    stream.changed(change);
  });
  return { workspace, context, dispatch, codec, client, stream, pull, log };
}
