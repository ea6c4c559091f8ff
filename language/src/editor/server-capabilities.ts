/** What the server announces: exactly what is registered, within what the client understands (LSP 3.17 initialize). */
import { type ClientCapabilities, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import type { Announcement, ClientFacts, DocumentMethod, WorkspaceMethod } from './feature.js';
import type { PositionEncoding } from './positions-encoding.js';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from './semantic-tokens.js';

export interface Registered {
  readonly documentMethods: ReadonlySet<DocumentMethod>;
  readonly workspaceMethods: ReadonlySet<WorkspaceMethod>;
  readonly announcements: readonly Announcement[];
  readonly commands: readonly string[];
}

export function serverCapabilities(
  { documentMethods, workspaceMethods, announcements, commands }: Registered,
  encoding: PositionEncoding,
  pulls: boolean,
): ServerCapabilities {
  const has = (method: DocumentMethod): boolean => documentMethods.has(method);
  const resolves = (method: WorkspaceMethod): boolean => workspaceMethods.has(method);
  const union = (of: (announcement: Announcement) => readonly string[] | undefined): string[] => [
    ...new Set(announcements.flatMap((announcement) => of(announcement) ?? [])),
  ];
  const [firstTrigger, ...moreTriggers] = union((one) => one.onTypeTriggers);
  return {
    positionEncoding: encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(pulls && { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true } }),
    ...(has('textDocument/completion') && {
      completionProvider: {
        triggerCharacters: union((one) => one.completionTriggers),
        resolveProvider: resolves('completionItem/resolve'),
      },
    }),
    ...(has('textDocument/hover') && { hoverProvider: true }),
    ...(has('textDocument/signatureHelp') && {
      signatureHelpProvider: {
        triggerCharacters: union((one) => one.signatureTriggers),
        retriggerCharacters: union((one) => one.signatureRetriggers),
      },
    }),
    ...(has('textDocument/definition') && { definitionProvider: true }),
    ...(has('textDocument/typeDefinition') && { typeDefinitionProvider: true }),
    ...(has('textDocument/implementation') && { implementationProvider: true }),
    ...(has('textDocument/references') && { referencesProvider: true }),
    ...(has('textDocument/documentHighlight') && { documentHighlightProvider: true }),
    ...(has('textDocument/documentSymbol') && { documentSymbolProvider: true }),
    ...(has('textDocument/codeAction') && {
      codeActionProvider: {
        codeActionKinds: union((one) => one.codeActionKinds),
        resolveProvider: resolves('codeAction/resolve'),
      },
    }),
    ...(has('textDocument/codeLens') && { codeLensProvider: { resolveProvider: resolves('codeLens/resolve') } }),
    ...(has('textDocument/documentLink') && { documentLinkProvider: {} }),
    ...(has('textDocument/formatting') && { documentFormattingProvider: true }),
    ...(has('textDocument/rangeFormatting') && { documentRangeFormattingProvider: true }),
    ...(has('textDocument/onTypeFormatting') &&
      firstTrigger !== undefined && {
        documentOnTypeFormattingProvider: {
          firstTriggerCharacter: firstTrigger,
          moreTriggerCharacter: moreTriggers,
        },
      }),
    ...(has('textDocument/rename') && {
      renameProvider: has('textDocument/prepareRename') ? { prepareProvider: true } : true,
    }),
    ...(has('textDocument/foldingRange') && { foldingRangeProvider: true }),
    ...(has('textDocument/selectionRange') && { selectionRangeProvider: true }),
    ...(has('textDocument/linkedEditingRange') && { linkedEditingRangeProvider: true }),
    ...(has('textDocument/inlayHint') && { inlayHintProvider: { resolveProvider: resolves('inlayHint/resolve') } }),
    ...(has('textDocument/prepareCallHierarchy') && { callHierarchyProvider: true }),
    ...(has('textDocument/semanticTokens') && {
      semanticTokensProvider: {
        legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
        full: { delta: true },
        range: true,
      },
    }),
    ...(resolves('workspace/symbol') && {
      workspaceSymbolProvider: { resolveProvider: resolves('workspaceSymbol/resolve') },
    }),
    ...(commands.length > 0 && { executeCommandProvider: { commands: [...commands] } }),
  };
}

/** What the client can do, as features ask for it. */
export function clientFacts(capabilities: ClientCapabilities, options: unknown): ClientFacts {
  const { textDocument, workspace } = capabilities;
  return {
    capabilities,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    links: textDocument?.definition?.linkSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    commands: new Set(stringsIn(options, 'commands')),
  };
}

/** Whether the client fetches diagnostics itself and can be told to fetch again. */
export const clientPulls = ({ textDocument, workspace }: ClientCapabilities, options: unknown): boolean =>
  textDocument?.diagnostic !== undefined &&
  workspace?.diagnostics?.refreshSupport === true &&
  member(options, 'diagnostics') !== 'push';

function stringsIn(options: unknown, key: string): readonly string[] {
  const value = member(options, key);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
