import { compileSchema, renderStep } from 'omnigraph-language';
import type { SchemaPlanResult } from 'omnigraph-server/engine';
import type { ExitCode } from '../failure.js';
import { refuseErrors } from '../output/diagnostics.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import { directGraphUri } from './direct.js';
import { withGraph } from './graph.js';
import { operatorConfig } from './operator.js';
import { readTextFile } from './text-file.js';

export interface SchemaChangeOptions {
  readonly schema: string;
  readonly allowDataLoss?: true;
  readonly json?: true;
}

/** `schema plan` (cli.md §9.7): read-only, and exit 0 even when the change is unsupported. */
export async function runSchemaPlan(
  invocation: Invocation,
  uri: string | undefined,
  options: SchemaChangeOptions,
): Promise<ExitCode> {
  const { terminal } = invocation;
  const graphUri = await directGraphUri(invocation, uri, await operatorConfig(terminal));
  const text = await readDesiredSchema(options.schema);
  const plan = await withGraph(graphUri, 'read', terminal, (graph) =>
    graph.planSchema(text, { allowDataLoss: options.allowDataLoss === true }),
  );
  if (options.json) await printJson(terminal, planJson(graphUri, plan));
  else await terminal.print(planText(graphUri, plan));
  return 0;
}

/** The text of a schema file that compiles. Throws `Failure` with places. */
export async function readDesiredSchema(path: string): Promise<string> {
  const text = await readTextFile(path, 'schema file');
  refuseErrors(compileSchema(text, { uri: path }).diagnostics, path);
  return text;
}

const planJson = (uri: string, { supported, step_count, steps }: SchemaPlanResult): object => ({
  uri,
  supported,
  step_count,
  steps,
});

const planText = (uri: string, { supported, steps }: SchemaPlanResult): string =>
  [`schema plan for ${uri}`, `supported: ${supported ? 'yes' : 'no'}`, ...stepLines(steps)].join('\n');

/** One line per step, or that there is none (schema-language.md §14). */
export const stepLines = (steps: SchemaPlanResult['steps']): readonly string[] =>
  steps.length === 0 ? ['no schema changes'] : steps.map((step) => `- ${renderStep(step)}`);
