import type { ExitCode } from '../failure.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, withGraph } from './graph.js';

/** `schema show` (cli.md §9.7): the accepted source as it was applied. */
export async function runSchemaShow(
  invocation: Invocation,
  uri: string | undefined,
  options: { readonly json?: true },
): Promise<ExitCode> {
  const { terminal } = invocation;
  const address = await addressedGraph(invocation, uri);
  const source = await withGraph(address.uri, 'read', terminal, async (graph) => graph.schemaSource);
  if (options.json) await printJson(terminal, { schema_source: source });
  else await terminal.print(source);
  return 0;
}
