import type { SchemaApplyResult } from 'omnigraph-server/engine';
import type { ExitCode } from '../failure.js';
import { printJson } from '../output/json.js';
import { embeddedActor } from '../scope/actor.js';
import { refuseClusterManaged } from '../scope/managed.js';
import type { Invocation } from '../shell.js';
import { addressedGraph, echoTarget, withGraph } from './graph.js';
import { readDesiredSchema, type SchemaChangeOptions, stepLines } from './schema-plan.js';

/** `schema apply` (cli.md §9.7) on a store. An unsupported change is the engine's error, exit 1. */
export async function runSchemaApply(
  invocation: Invocation,
  uri: string | undefined,
  options: SchemaChangeOptions,
): Promise<ExitCode> {
  const { flags, terminal } = invocation;
  const address = await addressedGraph(invocation, uri);
  const remedy = 'evolve its schema by editing the declared schema and running `omnigraph cluster apply`';
  await refuseClusterManaged(address.uri, remedy, terminal.env);
  const text = await readDesiredSchema(options.schema);
  echoTarget(invocation, address.uri);
  const result = await withGraph(address.uri, 'write', terminal, (graph) =>
    graph.applySchema(text, {
      actor: embeddedActor(flags, address.config),
      allowDataLoss: options.allowDataLoss === true,
    }),
  );
  if (options.json) await printJson(terminal, applyJson(address.uri, result));
  else await terminal.print(applyText(address.uri, result));
  return 0;
}

const applyJson = (uri: string, result: SchemaApplyResult): object => ({
  uri,
  supported: result.supported,
  applied: result.applied,
  step_count: result.step_count,
  graph_manifest_version: result.graph_manifest_version,
  steps: result.steps,
});

const applyText = (uri: string, result: SchemaApplyResult): string =>
  [
    `schema apply for ${uri}`,
    `supported: ${result.supported ? 'yes' : 'no'}`,
    `applied: ${result.applied ? 'yes' : 'no'}`,
    `graph_manifest_version: ${result.graph_manifest_version}`,
    ...stepLines(result.steps),
  ].join('\n');
