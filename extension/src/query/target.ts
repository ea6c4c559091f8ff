/** Where a query runs: on the store of its graph, on a server started here, or on the server of the settings. */
import type { RunnableQuery } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import { localServer } from '../cluster/server-commands.js';
import type { Extension } from '../extension.js';
import { CommandRefused } from '../registry.js';

export type QueryTarget =
  /** A path or URI for `--store`. */
  | { readonly kind: 'store'; readonly store: string }
  | { readonly kind: 'server'; readonly url: string; readonly graph: string; readonly needsToken: boolean };

/** `default`: without asking when one target is plain. */
export async function chooseTarget(
  query: RunnableQuery,
  extension: Extension,
  mode: 'default' | 'ask',
): Promise<QueryTarget> {
  const targets = targetsOf(query, extension);
  const [first] = targets;
  if (first !== undefined && (mode === 'default' || targets.length === 1)) return first;
  const chosen = await vscode.window.showQuickPick(
    [
      ...targets.map((target) => ({ label: targetLabel(target), target })),
      ...(extension.programs === undefined ? [] : [{ label: 'Another store…', target: undefined }]),
    ],
    { title: `Run ${query.name} against` },
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  if (chosen.target !== undefined) return chosen.target;
  const store = await vscode.window.showInputBox({
    title: 'Store of the graph',
    prompt: 'A path, file:// or s3:// URI, for example ./graphs/fleet.omni',
    ignoreFocusOut: true,
  });
  if (store === undefined || store.trim() === '') throw new vscode.CancellationError();
  return { kind: 'store', store: store.trim() };
}

function targetsOf({ graph }: RunnableQuery, { programs }: Extension): readonly QueryTarget[] {
  if (graph === undefined) return [];
  const folder = vscode.Uri.parse(graph.clusterFolder);
  const configured = vscode.workspace.getConfiguration('omnigraph').get<string>('server.url', '').trim();
  const local = localServer();
  return [
    ...(programs === undefined || folder.scheme !== 'file'
      ? []
      : [{ kind: 'store' as const, store: storeOf(folder, graph) }]),
    ...(local === undefined || local.clusterFolder !== folder.fsPath
      ? []
      : [{ kind: 'server' as const, url: local.url, graph: graph.id, needsToken: false }]),
    ...(configured === ''
      ? []
      : [{ kind: 'server' as const, url: configured.replace(/\/+$/, ''), graph: graph.id, needsToken: true }]),
  ];
}

/** cluster.md §2: below the storage root, which is the folder unless `storage:` says otherwise. */
function storeOf(folder: vscode.Uri, { storage, key }: NonNullable<RunnableQuery['graph']>): string {
  if (storage === undefined) return vscode.Uri.joinPath(folder, key).fsPath;
  if (storage.startsWith('s3://')) return `${storage.replace(/\/+$/, '')}/${key}`;
  const root = storage.startsWith('file://')
    ? vscode.Uri.parse(storage)
    : storage.startsWith('/')
      ? folder.with({ path: storage })
      : vscode.Uri.joinPath(folder, storage);
  return vscode.Uri.joinPath(root, key).fsPath;
}

export const targetLabel = (target: QueryTarget): string =>
  target.kind === 'store' ? target.store : `${target.graph} at ${target.url}`;

const secretOf = (url: string): string => `token:${url}`;

/** The bearer token of a server: asked for once, kept in the secret storage. */
export async function tokenOf(
  target: Extract<QueryTarget, { readonly kind: 'server' }>,
  { context }: Extension,
  mode: 'remembered' | 'ask',
): Promise<string | undefined> {
  const local = localServer();
  if (local?.url === target.url) return local.token;
  if (!target.needsToken) return undefined;
  const known = await context.secrets.get(secretOf(target.url));
  if (known !== undefined && mode === 'remembered') return known;
  const given = await vscode.window.showInputBox({
    title: `Token for ${target.url}`,
    password: true,
    ignoreFocusOut: true,
  });
  if (given === undefined || given.trim() === '') throw new CommandRefused(`${target.url} needs a token.`);
  await context.secrets.store(secretOf(target.url), given.trim());
  return given.trim();
}
