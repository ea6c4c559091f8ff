/** The status bar: which cluster the open file belongs to, and whether it is what was applied. */
import type { ClusterNode } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import { nameOf } from './model.js';

export function clusterStatusBar({ cluster }: Extension): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('omnigraph.status', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Omnigraph cluster';
  const show = (): void => {
    const shown = clusterOfEditor(cluster.clusters);
    if (shown === undefined) {
      item.hide();
      return;
    }
    item.text = statusText(shown);
    item.tooltip = statusTooltip(shown);
    item.command = { title: 'Show Plan', command: 'omnigraph.showPlan', arguments: [shown.uri] };
    item.backgroundColor = shown.errors > 0 ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.accessibilityInformation = { label: `Omnigraph ${nameOf(shown)}: ${shown.title}` };
    item.show();
  };
  show();
  return vscode.Disposable.from(item, cluster.onChange(show), vscode.window.onDidChangeActiveTextEditor(show));
}

/** The cluster whose folder holds the open file; else the only one. */
function clusterOfEditor(clusters: readonly ClusterNode[]): ClusterNode | undefined {
  const open = vscode.window.activeTextEditor?.document.uri.toString() ?? '';
  const holding = clusters.filter(({ uri }) => open.startsWith(uri.slice(0, uri.lastIndexOf('/') + 1)));
  const [innermost] = [...holding].sort((left, right) => right.uri.length - left.uri.length);
  return innermost ?? (clusters.length === 1 ? clusters[0] : undefined);
}

export function statusText(cluster: ClusterNode): string {
  return `$(${iconOf(cluster)}) ${nameOf(cluster)}: ${stateOf(cluster)}`;
}

function iconOf({ phase, converged, errors, drifted, locked }: ClusterNode): string {
  if (errors > 0) return 'error';
  if (locked) return 'lock';
  if (drifted > 0) return 'warning';
  if (phase === 'off') return 'graph';
  if (converged === null) return 'question';
  return converged ? 'pass' : 'circle-large-outline';
}

function stateOf({ phase, converged, errors, drifted, pending, ledger }: ClusterNode): string {
  if (errors > 0) return `${errors} ${errors === 1 ? 'error' : 'errors'}`;
  if (drifted > 0) return `${drifted} drifted`;
  if (phase === 'off') return 'no plan here';
  if (ledger === 'unreachable') return 'storage unreachable';
  if (converged === null) return 'planning…';
  return converged ? 'converged' : `${pending} pending`;
}

function statusTooltip(cluster: ClusterNode): vscode.MarkdownString {
  const { title, storage, revision, graphs } = cluster;
  const lines = [
    `**${nameOf(cluster)}**`,
    title,
    `Storage: \`${storage}\`${revision === null ? '' : `, revision ${revision}`}`,
    ...graphs.map(({ name, rows, branches }) =>
      rows === null ? `Graph \`${name}\`` : `Graph \`${name}\`: ${rows} rows, branches ${branches.join(', ')}`,
    ),
  ];
  return new vscode.MarkdownString(lines.join('\n\n'));
}
