/** From a command line to an open graph, and back to a closed one, whatever happens in between. */
import { resolve } from 'node:path';
import { type Graph, graphLocation, openGraph } from 'omnigraph-server/engine';
import { Failure } from '../failure.js';
import type { OperatorConfig } from '../operator/config.js';
import { resolveScope, storeOfDataCommand } from '../scope/resolve.js';
import { accessOf } from '../scope/uri.js';
import type { Invocation } from '../shell.js';
import type { Terminal } from '../terminal.js';
import { operatorConfig } from './operator.js';

export interface AddressedGraph {
  /** As the user wrote it; for messages and results. */
  readonly uri: string;
  readonly config: OperatorConfig;
}

/** Resolves the storage of a data command. `uriName` says how the URI would be given. Throws `Failure`. */
export async function addressedGraph(
  { label, writes, flags, terminal }: Invocation,
  uri: string | undefined,
  uriName = 'the URI argument',
): Promise<AddressedGraph> {
  const config = await operatorConfig(terminal);
  const scope = resolveScope({ uri, uriName, flags, env: terminal.env }, config);
  if (scope.kind === 'server' && writes && flags.as !== undefined) {
    throw new Failure('`--as` is not allowed on a served write: the server takes the actor from the token');
  }
  return { uri: storeOfDataCommand(label, scope, config), config };
}

/** Opens a graph, runs `use` and closes it. `read` opens write nothing. */
export async function withGraph<T>(
  uri: string,
  mode: 'read' | 'write',
  terminal: Terminal,
  use: (graph: Graph) => Promise<T>,
): Promise<T> {
  const graph = await openGraph(graphLocation(absolute(uri), terminal.env), { mode });
  try {
    return await use(graph);
  } finally {
    await graph.close();
  }
}

/** Paths are relative to the working directory; URIs say where they are. */
export const absolute = (uri: string): string => (uri.includes('://') ? uri : resolve(uri));

/** The write-target echo (cli.md §8.5). */
export function echoTarget({ label, flags, terminal }: Invocation, uri: string): void {
  if (!flags.quiet) terminal.note(`omnigraph ${label} → ${uri} (${accessOf(uri)})`);
}
