import type { SnapshotDescription } from 'omnigraph-server/engine';
import type { ExitCode } from '../failure.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, withGraph } from './graph.js';

interface SnapshotOptions {
  readonly branch?: string;
  readonly json?: true;
}

/** `snapshot` (cli.md §9.5). */
export async function runSnapshot(
  invocation: Invocation,
  uri: string | undefined,
  options: SnapshotOptions,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const address = await addressedGraph(invocation, uri);
  const snapshot = await withGraph(address.uri, 'read', terminal, (graph) => graph.snapshot(options.branch ?? 'main'));
  if (options.json) await printJson(terminal, snapshot);
  else await terminal.print(snapshotText(snapshot));
  return 0;
}

function snapshotText(snapshot: SnapshotDescription): string {
  return [
    `graph_branch: ${snapshot.graph_branch}`,
    `graph_manifest_version: ${snapshot.graph_manifest_version}`,
    `internal_schema_version: ${snapshot.internal_schema_version}`,
    ...snapshot.datasets.map(
      (dataset) =>
        `${dataset.entity_kind} type '${dataset.type_name}' published_dataset_version=${dataset.published_dataset_version} native_dataset_branch=${dataset.native_dataset_branch ?? 'main'} entities=${dataset.entity_count}`,
    ),
  ].join('\n');
}
