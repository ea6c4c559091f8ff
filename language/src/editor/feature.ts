/**
 * The shape of every feature: a small function from the context to handlers, one per LSP method, for one document kind.
 * The server finds the document, dispatches by its kind, converts positions, and announces what is registered; a
 * handler only answers. It may be asynchronous, sees UTF-16 positions only, and returns `null` for "nothing here".
 *
 *     export const queryHover: Feature<'query'> = ({ workspace }) => ({
 *       'textDocument/hover': (document, { position }) => …,
 *     });
 *     export const queryFeatures = [queryHover, queryCompletion, …];
 */
import type {
  CallHierarchyIncomingCall,
  CallHierarchyIncomingCallsParams,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CallHierarchyOutgoingCallsParams,
  CallHierarchyPrepareParams,
  CancellationToken,
  ClientCapabilities,
  CodeAction,
  CodeActionParams,
  CodeLens,
  CodeLensParams,
  Command,
  CompletionItem,
  CompletionList,
  CompletionParams,
  DefinitionParams,
  DocumentFormattingParams,
  DocumentHighlight,
  DocumentHighlightParams,
  DocumentLink,
  DocumentLinkParams,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  DocumentSymbol,
  DocumentSymbolParams,
  FoldingRange,
  FoldingRangeParams,
  Hover,
  HoverParams,
  ImplementationParams,
  InlayHint,
  InlayHintParams,
  LinkedEditingRangeParams,
  LinkedEditingRanges,
  Location,
  LocationLink,
  PrepareRenameParams,
  PrepareRenameResult,
  Range,
  ReferenceParams,
  RenameParams,
  SelectionRange,
  SelectionRangeParams,
  SignatureHelp,
  SignatureHelpParams,
  TextEdit,
  TypeDefinitionParams,
  WorkspaceEdit,
  WorkspaceSymbol,
  WorkspaceSymbolParams,
} from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostics/index.js';
import type { DocumentKind, DocumentOf } from './documents.js';
import type { PlanSource } from './plan-source.js';
import type { SemanticToken } from './semantic-tokens.js';
import type { Workspace } from './workspace.js';
import type { WorkspaceHost } from './workspace-host.js';

export interface EditorContext {
  readonly workspace: Workspace;
  readonly host: WorkspaceHost;
  /** Absent in a browser. */
  readonly plan: PlanSource | undefined;
  readonly client: ClientFacts;
  /** The user's settings under `omnigraph`, as last sent; never undefined. */
  readonly settings: () => EditorSettings;
  readonly log: Log;
  /** Asks the client to ask again, when it is able to. */
  readonly refresh: (what: Refreshable) => void;
  /** Checks documents again off the typing path, for results that came later than the edit (the plan, a ledger). */
  readonly recheck: (uris: readonly string[]) => void;
  /** Sends a notification of our own, `omnigraph/…`. */
  readonly notify: (method: `omnigraph/${string}`, params: object) => void;
}

export type Refreshable = 'codeLens' | 'inlayHint' | 'semanticTokens' | 'diagnostics';

export interface ClientFacts {
  readonly capabilities: ClientCapabilities;
  /** Completion items may hold `$1` places. */
  readonly snippets: boolean;
  /** Definitions may be `LocationLink`s. */
  readonly links: boolean;
  /** Edits may create, rename and delete files and carry annotations that ask for confirmation. */
  readonly documentChanges: boolean;
  readonly changeAnnotations: boolean;
  /**
   * Commands that the client carries out itself, from `initializationOptions.commands`; a lens whose command is not
   * among them (and not one of ours) must show as plain text.
   */
  readonly commands: ReadonlySet<string>;
}

export interface EditorSettings {
  readonly plan: { readonly enabled: boolean };
  readonly codeLens: { readonly enabled: boolean };
  readonly inlayHints: { readonly enabled: boolean };
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** A bug: `cause` is logged with its stack. */
  error(message: string, cause?: unknown): void;
}

/** What may be answered for a document: LSP method → parameters and result. */
export interface DocumentRequests {
  'textDocument/completion': [CompletionParams, CompletionList | readonly CompletionItem[]];
  'textDocument/hover': [HoverParams, Hover];
  'textDocument/signatureHelp': [SignatureHelpParams, SignatureHelp];
  'textDocument/definition': [DefinitionParams, Location | readonly Location[] | readonly LocationLink[]];
  'textDocument/typeDefinition': [TypeDefinitionParams, Location | readonly Location[] | readonly LocationLink[]];
  'textDocument/implementation': [ImplementationParams, Location | readonly Location[] | readonly LocationLink[]];
  'textDocument/references': [ReferenceParams, readonly Location[]];
  'textDocument/documentHighlight': [DocumentHighlightParams, readonly DocumentHighlight[]];
  'textDocument/documentSymbol': [DocumentSymbolParams, readonly DocumentSymbol[]];
  'textDocument/codeAction': [CodeActionParams, readonly (CodeAction | Command)[]];
  'textDocument/codeLens': [CodeLensParams, readonly CodeLens[]];
  'textDocument/documentLink': [DocumentLinkParams, readonly DocumentLink[]];
  'textDocument/formatting': [DocumentFormattingParams, readonly TextEdit[]];
  'textDocument/rangeFormatting': [DocumentRangeFormattingParams, readonly TextEdit[]];
  'textDocument/onTypeFormatting': [DocumentOnTypeFormattingParams, readonly TextEdit[]];
  'textDocument/prepareRename': [PrepareRenameParams, PrepareRenameResult];
  'textDocument/rename': [RenameParams, WorkspaceEdit];
  'textDocument/foldingRange': [FoldingRangeParams, readonly FoldingRange[]];
  'textDocument/selectionRange': [SelectionRangeParams, readonly SelectionRange[]];
  'textDocument/linkedEditingRange': [LinkedEditingRangeParams, LinkedEditingRanges];
  'textDocument/inlayHint': [InlayHintParams, readonly InlayHint[]];
  'textDocument/prepareCallHierarchy': [CallHierarchyPrepareParams, readonly CallHierarchyItem[]];
  /** Full, range and delta alike: the server encodes. `range` limits what is of interest. */
  'textDocument/semanticTokens': [{ readonly range: Range | undefined }, readonly SemanticToken[]];
  /**
   * What is wrong with the document. Handlers of several features add up. Schema and query diagnostics are the server's
   * own; a feature answers for the kinds whose checks live with it.
   */
  'omnigraph/diagnose': [object, readonly Diagnostic[]];
}

export type DocumentMethod = keyof DocumentRequests;

export type Answer<T> = T | null | Promise<T | null>;

type DocumentHandler<K extends DocumentKind, M extends DocumentMethod> = (
  document: DocumentOf<K>,
  params: DocumentRequests[M][0],
  cancel: CancellationToken,
) => Answer<DocumentRequests[M][1]>;

export type DocumentHandlers<K extends DocumentKind> = {
  readonly [M in DocumentMethod]?: DocumentHandler<K, M>;
};

/** What LSP wants to know of a feature before it asks. Declarations of all features are united. */
export interface Announcement {
  readonly completionTriggers?: readonly string[];
  readonly signatureTriggers?: readonly string[];
  readonly signatureRetriggers?: readonly string[];
  readonly onTypeTriggers?: readonly string[];
  readonly codeActionKinds?: readonly string[];
}

type FeatureHandlers<K extends DocumentKind> = DocumentHandlers<K> & { readonly announces?: Announcement };

/** One feature of one document kind. Two features of a kind may both handle a method when its result is a list. */
export type Feature<K extends DocumentKind> = (context: EditorContext) => FeatureHandlers<K>;

/** Requests that are about no single document. */
export interface WorkspaceRequests {
  'workspace/symbol': [WorkspaceSymbolParams, readonly WorkspaceSymbol[]];
  'workspaceSymbol/resolve': [WorkspaceSymbol, WorkspaceSymbol];
  'completionItem/resolve': [CompletionItem, CompletionItem];
  'codeLens/resolve': [CodeLens, CodeLens];
  'codeAction/resolve': [CodeAction, CodeAction];
  'inlayHint/resolve': [InlayHint, InlayHint];
  'callHierarchy/incomingCalls': [CallHierarchyIncomingCallsParams, readonly CallHierarchyIncomingCall[]];
  'callHierarchy/outgoingCalls': [CallHierarchyOutgoingCallsParams, readonly CallHierarchyOutgoingCall[]];
}

export type WorkspaceMethod = keyof WorkspaceRequests;

export type WorkspaceHandlers = {
  readonly [M in WorkspaceMethod]?: (
    params: WorkspaceRequests[M][0],
    cancel: CancellationToken,
  ) => Answer<WorkspaceRequests[M][1]>;
} & {
  /** Requests of our own, `omnigraph/…`: parameters are unchecked JSON, the result is JSON. */
  readonly custom?: ReadonlyMap<`omnigraph/${string}`, CustomHandler>;
  /** Commands the server carries out: `workspace/executeCommand`. */
  readonly commands?: ReadonlyMap<string, (args: readonly unknown[], cancel: CancellationToken) => Promise<unknown>>;
  readonly announces?: { readonly resolves?: readonly ('completion' | 'codeLens' | 'codeAction' | 'inlayHint')[] };
};

export type CustomHandler = (params: unknown, cancel: CancellationToken) => Promise<unknown>;

export type WorkspaceFeature = (context: EditorContext) => WorkspaceHandlers;

/** Everything that is registered, by document kind: what `server.ts` dispatches to. */
export type FeatureSet = {
  readonly [K in DocumentKind]: readonly Feature<K>[];
} & { readonly workspace: readonly WorkspaceFeature[] };

/** What a handler throws for a mistake of the user's: answered as an LSP error with this message, and not logged. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}
