/** What the language server knows of the workspace's clusters, kept fresh for tree, status bar and commands. */
import type { ClusterNode } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { LanguageServer } from '../language-server.js';
import { CommandRefused } from '../registry.js';

export interface ClusterModel extends vscode.Disposable {
  readonly clusters: readonly ClusterNode[];
  readonly onChange: vscode.Event<readonly ClusterNode[]>;
  /** Asks what is known now. */
  refresh(): Promise<readonly ClusterNode[]>;
  /** Plans anew first: storage may have changed with no file of the workspace telling. */
  lookAgain(): Promise<readonly ClusterNode[]>;
  /** The cluster that a file belongs to, the only one, or the one the user picks. Throws `CommandRefused`. */
  choose(target?: unknown): Promise<ClusterNode>;
}

/** After an edit or a save, in milliseconds: the plan has its own pause. */
const REFRESH_PAUSE = 400;

export function createClusterModel(server: LanguageServer, log: vscode.LogOutputChannel): ClusterModel {
  const changed = new vscode.EventEmitter<readonly ClusterNode[]>();
  let clusters: readonly ClusterNode[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;

  const ask = async (params: { readonly fresh?: true }): Promise<readonly ClusterNode[]> => {
    newest += 1;
    const asked = newest;
    const answer = await server.ask<{ readonly clusters: readonly ClusterNode[] }>('omnigraph/cluster', params);
    if (asked !== newest) return clusters;
    clusters = answer.clusters;
    changed.fire(clusters);
    return clusters;
  };
  const refresh = (): Promise<readonly ClusterNode[]> => ask({});
  const refreshSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      refresh().catch((error: unknown) => log.warn('the cluster view was not refreshed', String(error)));
    }, REFRESH_PAUSE);
  };
  const subscriptions = vscode.Disposable.from(
    changed,
    server.on('omnigraph/planChanged', refreshSoon),
    vscode.workspace.onDidChangeWorkspaceFolders(refreshSoon),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (isOurs(document)) refreshSoon();
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isOurs(document)) refreshSoon();
    }),
  );
  // The first index of a large workspace takes a moment; a second look finds what it found.
  refreshSoon();

  return {
    get clusters() {
      return clusters;
    },
    onChange: changed.event,
    refresh,
    lookAgain: () => ask({ fresh: true }),
    choose: async (target) => {
      const known = await refresh();
      const uri = uriOf(target) ?? vscode.window.activeTextEditor?.document.uri;
      const own = uri && (await clusterOfFile(server, uri));
      if (own !== undefined) return own;
      const [only] = known;
      if (only === undefined) throw new CommandRefused('There is no cluster.yaml in this workspace.');
      if (known.length === 1) return only;
      const chosen = await vscode.window.showQuickPick(
        known.map((cluster) => ({
          label: cluster.name ?? vscode.workspace.asRelativePath(vscode.Uri.parse(cluster.uri)),
          description: vscode.workspace.asRelativePath(vscode.Uri.parse(cluster.uri)),
          cluster,
        })),
        { title: 'Which cluster?' },
      );
      if (chosen === undefined) throw new vscode.CancellationError();
      return chosen.cluster;
    },
    dispose: () => {
      clearTimeout(timer);
      subscriptions.dispose();
    },
  };
}

export const folderOf = ({ uri }: Pick<ClusterNode, 'uri'>): vscode.Uri =>
  vscode.Uri.joinPath(vscode.Uri.parse(uri), '..');

/** As a person calls it. */
export const nameOf = (cluster: Pick<ClusterNode, 'uri' | 'name'>): string =>
  cluster.name ?? vscode.workspace.asRelativePath(vscode.Uri.parse(cluster.uri));

const isOurs = ({ languageId }: vscode.TextDocument): boolean => languageId.startsWith('omnigraph-');

async function clusterOfFile(server: LanguageServer, uri: vscode.Uri): Promise<ClusterNode | undefined> {
  if (uri.scheme === 'output' || uri.scheme === 'untitled') return undefined;
  const { clusters } = await server.ask<{ readonly clusters: readonly ClusterNode[] }>('omnigraph/cluster', {
    uri: uri.toString(),
  });
  return clusters[0];
}

/** What a command was called on: a URI, its text, or a row of the tree. */
export function uriOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target === 'string') return vscode.Uri.parse(target);
  if (typeof target === 'object' && target !== null && 'resourceUri' in target) {
    return target.resourceUri instanceof vscode.Uri ? target.resourceUri : undefined;
  }
  return undefined;
}
