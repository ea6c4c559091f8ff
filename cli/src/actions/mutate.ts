import { GraphError, type MutationResult } from 'omnigraph-server/engine';
import { type ExitCode, Failure } from '../failure.js';
import { printJson } from '../output/json.js';
import { embeddedActor } from '../scope/actor.js';
import type { Invocation } from '../shell.js';
import type { Terminal } from '../terminal.js';
import { addressedGraph, withGraph } from './graph.js';
import { bindQueryParams, compileOne, readParams, readSource, type SourceOptions } from './query-source.js';

interface MutateOptions extends SourceOptions {
  readonly branch?: string;
  readonly ifCommit?: string;
  readonly json?: true;
}

/** `mutate` (cli.md §9.3) against a store. Exit 4: the branch's head is not the commit of `--if-commit`. */
export async function runMutate(
  invocation: Invocation,
  name: string | undefined,
  options: MutateOptions,
): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const { uri, config } = await addressedGraph(invocation, undefined);
  const source = await readSource('mutate', name, options);
  const json = await readParams(options);
  try {
    return await withGraph(uri, 'write', terminal, async (graph): Promise<ExitCode> => {
      const query = compileOne(source, graph.catalog, name);
      if (query.plan?.kind !== 'mutation') {
        throw new Failure(`query '${query.name}' is a read; run it with \`omnigraph query\``);
      }
      const result = await graph.mutate({
        plan: query.plan,
        params: bindQueryParams(query, json, source),
        branch: options.branch ?? 'main',
        actor: embeddedActor(flags, config),
        ...(options.ifCommit === undefined ? {} : { ifCommit: options.ifCommit }),
      });
      await printResult(terminal, query.name, result, options);
      return 0;
    });
  } catch (thrown) {
    if (thrown instanceof GraphError && thrown.kind === 'precondition_failed') {
      return await reportLostRace(terminal, thrown, options);
    }
    throw thrown;
  }
}

async function printResult(
  terminal: Terminal,
  queryName: string,
  result: MutationResult,
  options: MutateOptions,
): Promise<void> {
  const { branch, affected_nodes, affected_edges, actor_id, commit } = result;
  if (options.json) {
    await printJson(terminal, { branch, query_name: queryName, affected_nodes, affected_edges, actor_id, commit });
    return;
  }
  const line = `changed ${branch} via ${queryName}: ${affected_nodes} nodes, ${affected_edges} edges`;
  await terminal.print(actor_id === null ? line : `${line}\nactor_id: ${actor_id}`);
}

/** The one failure whose body goes to stdout under `--json` (cli.md §1.2). */
async function reportLostRace(terminal: Terminal, lost: GraphError, options: MutateOptions): Promise<ExitCode> {
  if (options.json) {
    await printJson(terminal, { error: lost.message, precondition_failure: lost.details.precondition_failure });
  } else {
    terminal.note(`Error: ${lost.message}`);
  }
  return 4;
}
