/** A real graph on disk for tests of loads and mutations, and short ways to ask it things. */
import {
  bindParams,
  compileQueries,
  type ExactJson,
  exactFromPlain,
  parseExactJson,
  type Value,
  type WritePlan,
} from 'omnigraph-language';
import { onTestFinished } from 'vitest';
import {
  type Graph,
  GraphError,
  graphLocation,
  initGraph,
  type LoadMode,
  type LoadResult,
  type MutationRequest,
  type MutationResult,
  openGraph,
} from '../../../server/src/engine/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

export interface TestGraph {
  readonly graph: Graph;
  /** Another handle on the same files. */
  reopen(): Promise<Graph>;
}

export const NOW = Date.UTC(2025, 5, 1, 12);

/** A new graph holding `lines`. */
export async function newGraph(schema: string, lines = ''): Promise<TestGraph> {
  const location = graphLocation(`${await temporaryFolder()}/g.omni`, {});
  await initGraph(location, { schemaSource: schema, actor: null });
  const reopen = async () => {
    const graph = await openGraph(location, { mode: 'write', clock: () => NOW });
    onTestFinished(() => graph.close());
    return graph;
  };
  const graph = await reopen();
  if (lines !== '') await load(graph, lines, 'append');
  return { graph, reopen };
}

export const load = (graph: Graph, source: string | Uint8Array, mode: LoadMode): Promise<LoadResult> =>
  graph.load({ source, mode, branch: 'main', actor: null });

export async function mutate(
  graph: Graph,
  body: string,
  more: Partial<MutationRequest> & { readonly json?: Readonly<Record<string, unknown>> } = {},
): Promise<MutationResult> {
  const { json = {}, ...request } = more;
  return graph.mutate({ ...mutation(graph, body, json), branch: 'main', actor: null, ...request });
}

/** The plan and parameters of a mutation: a whole query, or the body of one. */
export function mutation(
  graph: Graph,
  body: string,
  json: Readonly<Record<string, unknown>> = {},
): { readonly plan: WritePlan; readonly params: ReadonlyMap<string, Value> } {
  const text = body.startsWith('query') ? body : `query q() { ${body} }`;
  const { queries, diagnostics } = compileQueries(text, graph.catalog);
  const [query] = queries;
  if (query?.plan?.kind !== 'mutation') throw new Error(`${text}: ${JSON.stringify(diagnostics)}`);
  const bound = bindParams(query.params, exactFromPlain(json) as ExactJson);
  if (bound.value === undefined) throw new Error(JSON.stringify(bound.diagnostics));
  return { plan: query.plan, params: bound.value };
}

export interface Entity {
  readonly id: string;
  readonly from?: string;
  readonly to?: string;
  readonly [property: string]: ExactJson | undefined;
}

/** Every entity of a type, by id, as an export writes it. */
export async function entities(graph: Graph, typeName: string): Promise<readonly Entity[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of graph.export({ branch: 'main', typeNames: [typeName] })) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { data, from, to } = parseExactJson(line) as { data: Entity; from?: string; to?: string };
      return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...data };
    });
}

export const ids = async (graph: Graph, typeName: string): Promise<readonly string[]> =>
  (await entities(graph, typeName)).map(({ id }) => id);

export async function headId(graph: Graph): Promise<string | undefined> {
  return (await graph.commits())[0]?.graph_commit_id;
}

/** The GraphError an operation rejects with; fails when it does not. */
export async function refusal(operation: Promise<unknown>): Promise<GraphError> {
  const outcome = await operation.then(
    (value) => new Error(`not refused: ${JSON.stringify(value)}`),
    (problem: unknown) => problem,
  );
  if (outcome instanceof GraphError) return outcome;
  throw outcome;
}
