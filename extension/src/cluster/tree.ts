/** The cluster as a tree: graphs with schema, queries and branches, policies, providers; marked pending and drifted. */
import type { ClusterNode, GraphNode, ResourceNode } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import { nameOf } from './model.js';

export interface TreeRow {
  readonly label: string;
  readonly description?: string;
  readonly icon: string;
  readonly kind: string;
  readonly uri?: string;
  readonly tooltip?: string;
  readonly mark?: 'pending' | 'blocked' | 'drifted';
  readonly children: readonly TreeRow[];
  readonly expanded?: boolean;
}

export function clusterTree({ cluster, commands }: Extension): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  let rows = cluster.clusters.map(clusterRow);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const view = vscode.window.createTreeView<TreeRow>('omnigraph.cluster', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => [...(row?.children ?? rows)],
      getTreeItem: itemOf,
    },
  });
  // VS Code logs an error for each row it still asks about when the tree is replaced again: only what differs is shown,
  // and of changes in quick succession the last.
  const show = (clusters: readonly ClusterNode[]): void => {
    const next = clusters.map(clusterRow);
    clearTimeout(timer);
    if (JSON.stringify(next) === JSON.stringify(rows)) return;
    timer = setTimeout(() => {
      rows = next;
      changed.fire(undefined);
    }, SETTLING);
  };
  const badge = (clusters: readonly ClusterNode[]): void => {
    const pending = clusters.reduce((sum, each) => sum + each.pending, 0);
    view.badge = pending === 0 ? undefined : { value: pending, tooltip: `${pending} changes to apply` };
    show(clusters);
  };
  return vscode.Disposable.from(
    view,
    changed,
    new vscode.Disposable(() => clearTimeout(timer)),
    cluster.onChange(badge),
    commands.register('omnigraph.refreshTree', () => cluster.lookAgain()),
  );
}

/** Milliseconds. */
const SETTLING = 150;

function itemOf(row: TreeRow): vscode.TreeItem {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.children.length === 0 ? None : row.expanded ? Expanded : Collapsed);
  item.iconPath = new vscode.ThemeIcon(row.icon, row.mark && new vscode.ThemeColor(MARK_COLORS[row.mark]));
  item.contextValue = row.kind;
  if (row.description !== undefined) item.description = row.description;
  if (row.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(row.tooltip);
  if (row.uri !== undefined) {
    item.resourceUri = vscode.Uri.parse(row.uri);
    if (row.children.length === 0) {
      item.command = { title: 'Open', command: 'vscode.open', arguments: [item.resourceUri] };
    }
  }
  return item;
}

const MARK_COLORS = {
  pending: 'charts.yellow',
  blocked: 'charts.red',
  drifted: 'charts.orange',
} as const;

export function clusterRow(cluster: ClusterNode): TreeRow {
  const { graphs, policies, providers, removed, title, uri } = cluster;
  return {
    label: nameOf(cluster),
    description: title.replace(/^Plan: /, ''),
    icon: 'server-environment',
    kind: 'cluster',
    uri,
    tooltip: title,
    expanded: true,
    children: [
      ...graphs.map(graphRow),
      ...section('Policies', 'shield', policies, 'policy'),
      ...section('Providers', 'plug', providers, 'provider'),
      ...section('To be deleted', 'trash', removed, 'removed'),
    ],
  };
}

function graphRow(graph: GraphNode): TreeRow {
  const { schema, queries, branches, rows } = graph;
  return {
    ...resourceRow(graph, 'type-hierarchy', 'graph'),
    description: [graph.title, rows === null ? null : `${rows} rows`].filter((each) => each !== null).join(' · '),
    expanded: true,
    children: [
      resourceRow(schema, 'symbol-structure', 'schema'),
      ...section('Queries', 'search', queries, 'query'),
      ...(branches.length === 0
        ? []
        : [
            {
              label: 'Branches',
              icon: 'git-branch',
              kind: 'section',
              description: String(branches.length),
              children: branches.map((name) => ({ label: name, icon: 'git-branch', kind: 'branch', children: [] })),
            },
          ]),
    ],
  };
}

function section(label: string, icon: string, resources: readonly ResourceNode[], kind: string): readonly TreeRow[] {
  if (resources.length === 0) return [];
  const pending = resources.filter(({ change }) => change !== null).length;
  const description = pending === 0 ? String(resources.length) : `${resources.length}, ${pending} pending`;
  return [
    { label, icon, kind: 'section', description, children: resources.map((each) => resourceRow(each, icon, kind)) },
  ];
}

function resourceRow(
  { name, address, uri, title, disposition, change, status }: ResourceNode,
  icon: string,
  kind: string,
): TreeRow {
  const mark =
    status === 'drifted' ? 'drifted' : disposition === 'blocked' ? 'blocked' : change === null ? undefined : 'pending';
  const facts = [title, status === 'drifted' ? 'drifted' : null].filter((each) => each !== null);
  return {
    label: name,
    icon,
    kind,
    ...(facts.length > 0 && { description: facts.join(' · ') }),
    ...(uri !== null && { uri }),
    ...(mark !== undefined && { mark }),
    tooltip: [`\`${address}\``, ...facts].join('\n\n'),
    children: [],
  };
}
