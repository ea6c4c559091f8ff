import { createReadStream } from 'node:fs';
import { type Graph, GraphError, type LoadMode, type LoadResult } from 'omnigraph-server/engine';
import { type ExitCode, Failure } from '../failure.js';
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
    loadFile(graph, options, embeddedActor(flags, address.config)),
  );
  if (options.json) await printJson(terminal, loadJson(address.uri, result));
  else await terminal.print(loadText(address.uri, result));
  return 0;
}

/** The engine names lines; only the command knows the file they are lines of. */
async function loadFile(graph: Graph, options: LoadOptions, actor: string | null): Promise<LoadResult> {
  const { data, mode, branch = 'main' } = options;
  try {
    return await graph.load({ source: createReadStream(data), mode, branch, actor });
  } catch (thrown) {
    if (!(thrown instanceof GraphError)) throw thrown;
    if (thrown.kind !== 'bad_request' && thrown.kind !== 'resource_limit') throw thrown;
    throw new Failure(`${thrown.message}\n  in data file ${data}${limitHelp(thrown)}`);
  }
}

/** An overwrite has no limit of entities (engine.md §22); the others keep a commit small enough to check as a whole. */
const limitHelp = ({ details }: GraphError): string =>
  details.resource_limit?.resource.startsWith('keyed entities for') === true
    ? '\n  help: split the file and load the parts one after the other, or replace whole types with `--mode overwrite`'
    : '';

const loadJson = (uri: string, result: LoadResult): object => ({
  uri,
  branch: result.branch,
  mode: result.mode,
  branch_created: result.branch_created,
  nodes: result.nodes,
  edges: result.edges,
  total_entities: result.total_entities,
  commit: result.commit,
});

function loadText(uri: string, result: LoadResult): string {
  const { branch, mode, nodes, edges, total_entities } = result;
  return `loaded ${uri} on branch ${branch} with ${mode}: ${total_entities} entities across ${nodes.length} node types and ${edges.length} edge types`;
}
