import { type Catalog, compileSchema, type LintReport, lintQueries, renderLintText } from 'omnigraph-language';
import { type ExitCode, Failure } from '../failure.js';
import { refuseErrors } from '../output/diagnostics.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import { directGraphUri } from './direct.js';
import { withGraph } from './graph.js';
import { operatorConfig } from './operator.js';
import { readTextFile } from './text-file.js';

interface LintOptions {
  readonly query: string;
  readonly schema?: string;
  readonly json?: true;
}

/** `lint` (cli.md §9.7): with `--schema` offline, the URI and scope flags unresolved; else against a graph. */
export async function runLint(
  invocation: Invocation,
  uri: string | undefined,
  options: LintOptions,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const against = options.schema === undefined ? await graphSchema(invocation, uri) : await fileSchema(options.schema);
  const text = await readTextFile(options.query, 'query file');
  const report = lintQueries({ text, path: options.query, ...against });
  if (options.json) await printJson(terminal, report);
  else await terminal.print(renderLintText(report));
  return report.status === 'error' ? 1 : 0;
}

interface Against {
  readonly catalog: Catalog;
  readonly schemaSource: LintReport['schema_source'];
}

async function fileSchema(path: string): Promise<Against> {
  const { catalog, diagnostics } = compileSchema(await readTextFile(path, 'schema file'), { uri: path });
  refuseErrors(diagnostics, path);
  if (catalog === undefined) throw new Failure(`schema file ${path} declares nothing to check against`);
  return { catalog, schemaSource: { kind: 'file', path } };
}

async function graphSchema(invocation: Invocation, uri: string | undefined): Promise<Against> {
  const { terminal } = invocation;
  const graphUri = await directGraphUri(invocation, uri, await operatorConfig(terminal));
  const catalog = await withGraph(graphUri, 'read', terminal, async (graph) => graph.catalog);
  return { catalog, schemaSource: { kind: 'graph', uri: graphUri } };
}
