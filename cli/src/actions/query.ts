import type { ReadTarget } from 'omnigraph-server/engine';
import { type ExitCode, Failure } from '../failure.js';
import type { OperatorConfig } from '../operator/config.js';
import type { OutputFormat } from '../output/formats.js';
import { formatRead } from '../output/index.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, withGraph } from './graph.js';
import { bindQueryParams, compileOne, readParams, readSource, type SourceOptions } from './query-source.js';

interface QueryOptions extends SourceOptions {
  readonly branch?: string;
  readonly snapshot?: string;
  readonly format?: OutputFormat;
  readonly json?: true;
}

/** `query` (cli.md §9.1) against a store. */
export async function runQuery(
  invocation: Invocation,
  name: string | undefined,
  options: QueryOptions,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const { uri, config } = await addressedGraph(invocation, undefined);
  const source = await readSource('query', name, options);
  const json = await readParams(options);
  const target: ReadTarget =
    options.snapshot === undefined ? { branch: options.branch ?? 'main' } : { snapshot: options.snapshot };
  const text = await withGraph(uri, 'read', terminal, async (graph) => {
    const query = compileOne(source, graph.catalog, name);
    if (query.plan?.kind !== 'read') {
      throw new Failure(`query '${query.name}' is a mutation; run it with \`omnigraph mutate\``);
    }
    const params = bindQueryParams(query, json, source);
    const result = await graph.read({ plan: query.plan, params, target });
    const output = {
      queryName: query.name,
      target: {
        branch: 'branch' in target ? target.branch : null,
        snapshot: 'snapshot' in target ? target.snapshot : null,
      },
      rowCount: result.rowCount,
      columns: result.columns,
      commitId: result.commitId,
    };
    const { tableMaxColumnWidth, tableCellLayout } = config.defaults;
    return formatRead(output, chosenFormat(options, config), {
      maxColumnWidth: tableMaxColumnWidth,
      layout: tableCellLayout,
    });
  });
  await terminal.write(text);
  return 0;
}

/** cli.md §6.3. */
const chosenFormat = (options: QueryOptions, config: OperatorConfig): OutputFormat =>
  options.json ? 'json' : (options.format ?? config.defaults.output ?? 'table');
