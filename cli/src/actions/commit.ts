/** `commit list` and `commit show` (cli.md §9.5). */
import type { Commit } from 'omnigraph-server/engine';
import type { ExitCode } from '../failure.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, withGraph } from './graph.js';

export async function runCommitList(
  invocation: Invocation,
  uri: string | undefined,
  options: { readonly branch?: string; readonly json?: true },
): Promise<ExitCode> {
  const { terminal } = invocation;
  const address = await addressedGraph(invocation, uri);
  const commits = await withGraph(address.uri, 'read', terminal, (graph) => graph.commits(options.branch ?? 'main'));
  if (options.json) await printJson(terminal, { commits });
  else await terminal.print(commits.map(listLine).join('\n'));
  return 0;
}

export async function runCommitShow(
  invocation: Invocation,
  commitId: string,
  options: { readonly uri?: string; readonly json?: true },
): Promise<ExitCode> {
  const { terminal } = invocation;
  const address = await addressedGraph(invocation, options.uri, '--uri');
  const commit = await withGraph(address.uri, 'read', terminal, (graph) => graph.commit(commitId));
  if (options.json) await printJson(terminal, commit);
  else await terminal.print(showLines(commit));
  return 0;
}

const branchOf = (commit: Commit): string => commit.graph_branch ?? 'main';

const listLine = (commit: Commit): string =>
  `${commit.graph_commit_id} graph_branch=${branchOf(commit)} graph_manifest_version=${commit.graph_manifest_version}${commit.actor_id === null ? '' : ` actor=${commit.actor_id}`}`;

function showLines(commit: Commit): string {
  const optional = (key: string, value: string | null): readonly string[] =>
    value === null ? [] : [`${key}: ${value}`];
  return [
    `graph_commit_id: ${commit.graph_commit_id}`,
    `graph_branch: ${branchOf(commit)}`,
    `graph_manifest_version: ${commit.graph_manifest_version}`,
    ...optional('parent_commit_id', commit.parent_commit_id),
    ...optional('merged_parent_commit_id', commit.merged_parent_commit_id),
    ...optional('actor_id', commit.actor_id),
    `created_at: ${commit.created_at}`,
  ].join('\n');
}
