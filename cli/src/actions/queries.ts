/** `queries list` and `queries validate` (cli.md §9.7), over the applied state of a cluster. */
import {
  compileQueries,
  type Diagnostic,
  displayType,
  headline,
  isError,
  parseQueries,
  type QueryDeclaration,
} from 'omnigraph-language';
import type { ServingGraph, ServingQuery } from 'omnigraph-server/control';
import { readGraphRoot } from 'omnigraph-server/engine';
import { openStore } from 'omnigraph-server/storage';
import { type ExitCode, Failure } from '../failure.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import type { Terminal } from '../terminal.js';
import { appliedCluster, chosenGraphs, notApplied } from './applied-cluster.js';

interface JsonOption {
  readonly json?: true;
}

export async function runQueriesList(invocation: Invocation, options: JsonOption): Promise<ExitCode> {
  const graphs = chosenGraphs(await appliedCluster(invocation)) ?? [];
  // All graphs share one name space here: of queries with one name, the first graph's is shown.
  const byName = new Map<string, QueryDeclaration>();
  for (const query of graphs.flatMap(({ queries }) => queries)) {
    const declaration = parseQueries(query.source).queries.find(({ name }) => name === query.name);
    if (declaration === undefined) throw new Failure(`stored query '${query.name}' is not in its own source`);
    if (!byName.has(query.name)) byName.set(query.name, declaration);
  }
  const listed = [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const { terminal } = invocation;
  if (options.json) await printJson(terminal, { queries: listed.map(queryJson) });
  else await terminal.print(listed.length === 0 ? '(no stored queries registered)' : listed.map(queryText).join('\n'));
  return 0;
}

const queryJson = ({ name, kind, params, description, instruction }: QueryDeclaration): object => ({
  name,
  // Whether a server offers the query as a tool is the server's business, not the ledger's.
  mcp_expose: false,
  tool_name: null,
  mutation: kind === 'mutation',
  ...(description === null ? {} : { description }),
  ...(instruction === null ? {} : { instruction }),
  params: params.map(({ name: param, type }) => ({
    name: param,
    type: displayType({ ...type, nullable: false }),
    nullable: type.nullable,
  })),
});

function queryText({ name, kind, params, description, instruction }: QueryDeclaration): string {
  const signature = params.map(({ name: param, type }) => `$${param}: ${displayType(type)}`).join(', ');
  return [
    `${kind}  ${name}(${signature})`,
    ...annotationLines('description', description),
    ...annotationLines('instruction', instruction),
  ].join('\n');
}

/** Continuation lines stand under the first line's text. */
function annotationLines(label: string, text: string | null): readonly string[] {
  if (text === null) return [];
  const lead = `    ${label}: `;
  return text.split('\n').map((line, at) => (at === 0 ? lead : ' '.repeat(lead.length)) + line);
}

interface Finding {
  readonly query: string;
  readonly message: string;
}

interface Validation {
  readonly checked: number;
  readonly breakages: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export async function runQueriesValidate(invocation: Invocation, options: JsonOption): Promise<ExitCode> {
  const { terminal } = invocation;
  const cluster = await appliedCluster(invocation);
  const graphs = chosenGraphs(cluster);
  if (graphs === undefined) throw notApplied(cluster);
  const validations = await Promise.all(graphs.map((graph) => validateGraph(graph, terminal)));
  const breakages = validations.flatMap((validation) => validation.breakages);
  const warnings = validations.flatMap((validation) => validation.warnings);
  const ok = breakages.length === 0;
  if (options.json) await printJson(terminal, { ok, breakages, warnings });
  else {
    const checked = validations.reduce((sum, validation) => sum + validation.checked, 0);
    await terminal.print(
      [
        ...(ok ? [`OK  ${checked} stored queries checked`] : []),
        ...breakages.map(({ query, message }) => `ERROR  query '${query}': ${message}`),
        ...warnings.map(({ query, message }) => `WARN   query '${query}': ${message}`),
      ].join('\n'),
    );
  }
  return ok ? 0 : 1;
}

/** Checks a graph's stored queries against the schema it has accepted, read without the native engine. */
async function validateGraph(graph: ServingGraph, terminal: Terminal): Promise<Validation> {
  const root = await readGraphRoot(openStore(graph.root, terminal.env));
  if (root.kind !== 'open') {
    const why = root.kind === 'absent' ? 'there is no graph' : root.problem;
    throw new Failure(`graph '${graph.id}' at ${graph.root} cannot be read: ${why}`);
  }
  const { catalog } = root.state.schema;
  const found = graph.queries.map((query) => {
    const { queries, diagnostics } = compileQueries(query.source, catalog);
    return findingsOf(query, queries, diagnostics);
  });
  return {
    checked: graph.queries.length,
    breakages: found.flatMap(({ breakages }) => breakages),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

function findingsOf(
  stored: ServingQuery,
  queries: readonly QueryDeclaration[],
  diagnostics: readonly Diagnostic[],
): Pick<Validation, 'breakages' | 'warnings'> {
  const finding = (message: string): Finding => ({ query: stored.name, message });
  const unparsed = diagnostics.filter(({ stage }) => stage === 'P');
  if (unparsed.length > 0) return { breakages: unparsed.map((error) => finding(headline(error))), warnings: [] };
  const declaration = queries.find(({ name }) => name === stored.name);
  if (declaration === undefined) {
    return { breakages: [finding('its source declares no query of this name')], warnings: [] };
  }
  const { offset, length } = declaration.range;
  const own = diagnostics.filter(
    ({ range }) => range !== undefined && range.offset >= offset && range.offset < offset + length,
  );
  return {
    breakages: own.filter(isError).map((error) => finding(headline(error))),
    warnings: own.filter(({ severity }) => severity === 'warning').map((warning) => finding(headline(warning))),
  };
}
