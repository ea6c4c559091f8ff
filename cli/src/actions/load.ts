import { createReadStream } from 'node:fs';
import type { LoadMode, LoadResult } from 'omnigraph-server/engine';
import type { ExitCode } from '../failure.js';
import { printJson } from '../output/json.js';
import { embeddedActor } from '../scope/actor.js';
import { confirmDestructiveWrite } from '../scope/confirm.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, echoTarget, withGraph } from './graph.js';
import { requireFile } from './text-file.js';

interface LoadOptions {
  readonly data: string;
  readonly mode: LoadMode;
  readonly branch?: string;
  readonly from?: string;
  readonly json?: true;
}

/** `load` (cli.md §9.4.1): address, consent, echo, and only then the file and the graph. */
export async function runLoad(
  invocation: Invocation,
  uri: string | undefined,
  options: LoadOptions,
): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const address = await addressedGraph(invocation, uri);
  if (options.mode === 'overwrite') {
    await confirmDestructiveWrite(
      { label: 'load --mode overwrite', uri: address.uri, consented: flags.yes, json: options.json === true },
      terminal,
    );
  }
  echoTarget(invocation, address.uri);
  await requireFile(options.data, 'data file');
  const result = await withGraph(address.uri, 'write', terminal, (graph) =>
    graph.load({
      source: createReadStream(options.data),
      mode: options.mode,
      branch: options.branch ?? 'main',
      ...(options.from === undefined ? {} : { from: options.from }),
      actor: embeddedActor(flags, address.config),
    }),
  );
  if (options.json) await printJson(terminal, loadJson(address.uri, result));
  else await terminal.print(loadText(address.uri, result));
  return 0;
}

const loadJson = (uri: string, result: LoadResult): object => ({
  uri,
  branch: result.branch,
  mode: result.mode,
  ...(result.base_branch === null ? {} : { base_branch: result.base_branch }),
  branch_created: result.branch_created,
  nodes: result.nodes,
  edges: result.edges,
  total_entities: result.total_entities,
  commit: result.commit,
});

function loadText(uri: string, result: LoadResult): string {
  const { branch, mode, nodes, edges, total_entities } = result;
  const loaded = `loaded ${uri} on branch ${branch} with ${mode}: ${total_entities} entities across ${nodes.length} node types and ${edges.length} edge types`;
  return result.branch_created ? `${loaded}\nbranch ${branch} created from ${result.base_branch}` : loaded;
}
