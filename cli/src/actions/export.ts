import type { ExitCode } from '../failure.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, withGraph } from './graph.js';

interface ExportOptions {
  readonly branch?: string;
  readonly type?: readonly string[];
  readonly jsonl?: true;
}

/** `export` (cli.md §9.4.2): streams as data arrives, with back-pressure. */
export async function runExport(
  invocation: Invocation,
  uri: string | undefined,
  options: ExportOptions,
): Promise<ExitCode> {
  const { terminal } = invocation;
  if (options.jsonl) terminal.note('warning: `export --jsonl` is deprecated; `export` always writes JSONL');
  const address = await addressedGraph(invocation, uri);
  return withGraph(address.uri, 'read', terminal, async (graph): Promise<ExitCode> => {
    const chunks = graph.export({ branch: options.branch ?? 'main', typeNames: options.type ?? [] });
    for await (const chunk of chunks) await terminal.write(chunk);
    return 0;
  });
}
