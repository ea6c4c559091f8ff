/**
 * From an LSP method to the handlers of the document's kind: the siblings stand side by side here, and nothing else
 * knows that there are several. Lists of several features are joined, of anything else the first answer counts.
 */
import type { CancellationToken, CompletionItem, CompletionList } from 'vscode-languageserver';
import type { DocumentKind, EditorDocument } from './documents.js';
import type {
  Announcement,
  DocumentMethod,
  DocumentRequests,
  EditorContext,
  FeatureSet,
  WorkspaceHandlers,
  WorkspaceMethod,
  WorkspaceRequests,
} from './feature.js';
import type { Registered } from './server-capabilities.js';

export interface Dispatch {
  readonly registered: Registered;
  /** Asks every handler of the document's kind; `null` when none has an answer. Synchronous when they all are. */
  ask<M extends DocumentMethod>(
    method: M,
    document: EditorDocument,
    params: DocumentRequests[M][0],
    cancel: CancellationToken,
  ): Merged<M> | Promise<Merged<M>>;
  askWorkspace<M extends WorkspaceMethod>(
    method: M,
    params: WorkspaceRequests[M][0],
    cancel: CancellationToken,
  ): Promise<WorkspaceRequests[M][1] | null>;
  custom(method: string): ((params: unknown, cancel: CancellationToken) => Promise<unknown>) | undefined;
  command(name: string): ((args: readonly unknown[], cancel: CancellationToken) => Promise<unknown>) | undefined;
}

type Merged<M extends DocumentMethod> = DocumentRequests[M][1] | null;

type AnyHandler = (document: EditorDocument, params: unknown, cancel: CancellationToken) => unknown;

const KINDS = ['schema', 'query', 'cluster', 'policy', 'policy-tests'] as const satisfies readonly DocumentKind[];

export function createDispatch(features: FeatureSet, context: EditorContext): Dispatch {
  const handlers = new Map<string, AnyHandler[]>();
  const announcements: Announcement[] = [];
  const methods = new Set<DocumentMethod>();
  for (const kind of KINDS) {
    for (const feature of features[kind]) {
      const { announces, ...ofFeature } = feature(context);
      if (announces !== undefined) announcements.push(announces);
      for (const [method, handler] of Object.entries(ofFeature)) {
        if (handler === undefined) continue;
        const key = `${kind} ${method}`;
        // The key pairs a handler with the one kind of document that it is asked for.
        handlers.set(key, [...(handlers.get(key) ?? []), handler as AnyHandler]);
        methods.add(method as DocumentMethod);
      }
    }
  }
  const workspace = features.workspace.map((feature) => feature(context));
  const commands = mergedMaps(workspace.map((one) => one.commands));
  const custom = mergedMaps<string, NonNullable<ReturnType<Dispatch['custom']>>>(workspace.map((one) => one.custom));
  return {
    registered: {
      documentMethods: methods,
      workspaceMethods: workspaceMethodsOf(workspace),
      announcements,
      commands: [...commands.keys()],
    },
    ask: (method, document, params, cancel) => {
      const found = handlers.get(`${document.kind} ${method}`) ?? [];
      const answers = found.map((handler) => handler(document, params, cancel));
      type M = typeof method;
      return answers.some(isPromise) ? Promise.all(answers).then((settled) => merged<M>(settled)) : merged<M>(answers);
    },
    askWorkspace: async (method, params, cancel) => {
      const answers: unknown[] = [];
      for (const one of workspace) {
        const handler = one[method] as ((params: unknown, cancel: CancellationToken) => unknown) | undefined;
        if (handler !== undefined) answers.push(await handler(params, cancel));
      }
      return mergedAnswers(answers) as WorkspaceRequests[typeof method][1] | null;
    },
    custom: (method) => custom.get(method),
    command: (name) => commands.get(name),
  };
}

function workspaceMethodsOf(workspace: readonly WorkspaceHandlers[]): ReadonlySet<WorkspaceMethod> {
  const names = workspace.flatMap((one) => Object.keys(one));
  const others: ReadonlySet<string> = new Set(['custom', 'commands', 'announces']);
  return new Set(names.filter((name): name is WorkspaceMethod => !others.has(name)));
}

function mergedMaps<K, V>(maps: readonly (ReadonlyMap<K, V> | undefined)[]): ReadonlyMap<K, V> {
  return new Map(maps.flatMap((map) => [...(map ?? [])]));
}

const merged = <M extends DocumentMethod>(answers: readonly unknown[]): Merged<M> =>
  mergedAnswers(answers) as Merged<M>;

function mergedAnswers(answers: readonly unknown[]): unknown {
  const given = answers.filter((answer) => answer !== null && answer !== undefined);
  if (given.length <= 1) return given[0] ?? null;
  if (given.every((answer) => Array.isArray(answer))) return given.flat();
  if (given.every(isCompletion)) {
    return {
      isIncomplete: given.some((answer) => !Array.isArray(answer) && answer.isIncomplete),
      items: given.flatMap((answer) => (Array.isArray(answer) ? answer : answer.items)),
    };
  }
  return given[0];
}

const isCompletion = (answer: unknown): answer is CompletionItem[] | CompletionList =>
  Array.isArray(answer) || (typeof answer === 'object' && answer !== null && 'items' in answer);

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;
