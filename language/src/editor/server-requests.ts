/** From a request as the client sends it to the answer it gets: finds the document, translates positions both ways. */
import type { CancellationToken, Range } from 'vscode-languageserver';
import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import { cancelled, outdated } from './connection.js';
import type { EditorDocument } from './documents.js';
import type { DocumentMethod, DocumentRequests, WorkspaceMethod } from './feature.js';
import { encodeTokens } from './semantic-tokens-encode.js';
import { createTokenHistory } from './semantic-tokens-history.js';
import { member } from './server-capabilities.js';
import type { Session } from './server-session.js';

export interface RequestRouter {
  /** The result, or a `ResponseError`. */
  respond(method: string, params: unknown, cancel: CancellationToken): Promise<unknown>;
}

export function createRequestRouter(session: Session): RequestRouter {
  const { workspace, dispatch, codec, pull } = session;
  const tokens = createTokenHistory();
  const { documentMethods, workspaceMethods } = dispatch.registered;

  return {
    respond: async (method, params, cancel) => {
      if (cancel.isCancellationRequested) return cancelled();
      switch (method) {
        case 'textDocument/diagnostic':
          return pull === undefined
            ? unknownMethod(method)
            : onDocument(params, cancel, (document) => pull.document(document, textOf(params, 'previousResultId')));
        case 'workspace/diagnostic': {
          const previous = member(params, 'previousResultIds');
          return pull === undefined
            ? unknownMethod(method)
            : pull.workspace(await workspace.all(), Array.isArray(previous) ? previous : []);
        }
        case 'textDocument/semanticTokens/full':
        case 'textDocument/semanticTokens/full/delta':
        case 'textDocument/semanticTokens/range':
          return onDocument(params, cancel, (document) => semanticTokens(document, params, cancel));
        case 'workspace/executeCommand':
          return execute(params, cancel);
        case 'omnigraph/stats':
          return {
            ...workspace.stats,
            documents: workspace.knownDocuments,
            ...session.stream.state(),
            isIndexed: workspace.isIndexed,
          };
        default:
          return other(method, params, cancel);
      }
    },
  };

  async function other(method: string, params: unknown, cancel: CancellationToken): Promise<unknown> {
    if (isOneOf(documentMethods, method)) {
      if (isSwitchedOff(method)) return null;
      return onDocument(params, cancel, (document) => {
        // What the client sends for a method is what LSP says it sends.
        const decoded = codec.decode(params, document.uri) as DocumentRequests[DocumentMethod][0];
        return dispatch.ask(method, document, decoded, cancel);
      });
    }
    const uri = uriOf(params);
    if (isOneOf(workspaceMethods, method)) {
      const decoded = codec.decode(params, uri) as Parameters<typeof dispatch.askWorkspace>[1];
      return codec.encode(await dispatch.askWorkspace(method as WorkspaceMethod, decoded, cancel), uri);
    }
    const custom = dispatch.custom(method);
    if (custom === undefined) return unknownMethod(method);
    return codec.encode(await custom(codec.decode(params, uri), cancel), uri);
  }

  /** Answers for the document that the parameters name, as it is when everything about it is known. */
  async function onDocument(
    params: unknown,
    cancel: CancellationToken,
    answer: (document: EditorDocument) => unknown,
  ): Promise<unknown> {
    const uri = uriOf(params);
    if (uri === undefined) return new ResponseError(ErrorCodes.InvalidParams, 'textDocument.uri is missing');
    const before = workspace.document(uri)?.text;
    if (before === undefined || !workspace.isLocated(uri)) await workspace.load(uri);
    const document = workspace.document(uri);
    if (document === undefined) return null;
    // The client's positions mean the text it had when it asked.
    if (before !== undefined && document.text !== before) return outdated();
    const found = answer(document);
    const result = found instanceof Promise ? await found : found;
    if (cancel.isCancellationRequested) return cancelled();
    if (found instanceof Promise && workspace.document(uri)?.text !== document.text) return outdated();
    return codec.encode(result, document.uri);
  }

  async function semanticTokens(
    document: EditorDocument,
    params: unknown,
    cancel: CancellationToken,
  ): Promise<unknown> {
    const range = codec.decode(member(params, 'range') as Range | undefined, document.uri);
    const found = await dispatch.ask('textDocument/semanticTokens', document, { range }, cancel);
    if (found === null) return null;
    if (range === undefined) {
      const data = encodeTokens(found, document, codec);
      const previous = textOf(params, 'previousResultId');
      return previous === undefined ? tokens.full(document.uri, data) : tokens.delta(document.uri, previous, data);
    }
    const [from, to] = [document.lines.offset(range.start), document.lines.offset(range.end)];
    const within = found.filter(({ offset, length }) => offset < to && offset + length > from);
    return { data: encodeTokens(within, document, codec) };
  }

  async function execute(params: unknown, cancel: CancellationToken): Promise<unknown> {
    const name = textOf(params, 'command') ?? '';
    const command = dispatch.command(name);
    if (command === undefined) return new ResponseError(ErrorCodes.InvalidParams, `unknown command ${name}`);
    const args = member(params, 'arguments');
    return (await command(Array.isArray(args) ? args : [], cancel)) ?? null;
  }

  function isSwitchedOff(method: DocumentMethod): boolean {
    const { codeLens, inlayHints } = session.client.settings();
    return (
      (method === 'textDocument/codeLens' && !codeLens.enabled) ||
      (method === 'textDocument/inlayHint' && !inlayHints.enabled)
    );
  }
}

const unknownMethod = (method: string): ResponseError =>
  new ResponseError(ErrorCodes.MethodNotFound, `unknown method ${method}`);

function isOneOf<M extends string>(methods: ReadonlySet<M>, method: string): method is M {
  const names: ReadonlySet<string> = methods;
  return names.has(method);
}

function textOf(params: unknown, key: string): string | undefined {
  const value = member(params, key);
  return typeof value === 'string' ? value : undefined;
}

/** Of the document a request is about; requests that follow another one carry it in their item. */
const uriOf = (params: unknown): string | undefined =>
  textOf(member(params, 'textDocument'), 'uri') ?? textOf(member(params, 'item'), 'uri');
