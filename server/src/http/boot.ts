/** From an applied cluster to a listening server (server.md §3): what is refused as a whole, and what is left out. */
import type { AddressInfo } from 'node:net';
import {
  type CheckedQuery,
  compileQueries,
  type Diagnostic,
  describeQuery,
  headline,
  isError,
  type PolicyKind,
  parsePolicy,
} from 'omnigraph-language';
import type { Logger } from 'pino';
import { compilePolicy } from '../authz/index.js';
import {
  readServingState,
  renderBootDiagnostic,
  renderBootRefusal,
  type ServingGraph,
  type ServingPolicy,
  type ServingState,
} from '../control/index.js';
import { type Graph, GraphError, graphLocation, openGraph, type WriteQuestion } from '../engine/index.js';
import { admissionLimits, openAdmission } from './admission.js';
import { buildApp } from './app.js';
import { isServableGraphId } from './authentication.js';
import type { ServedGraph, StoredQuery } from './context.js';
import type { Gate } from './gate.js';
import { errorOf } from './query-source.js';
import { classifyState } from './runtime-state.js';
import { type Environment, loadTokens, StartupError } from './tokens.js';

export interface BootOptions {
  /** Config directory, or storage root with `://`. */
  readonly cluster: string;
  readonly bind: { readonly host: string; readonly port: number };
  readonly unauthenticated: boolean;
  readonly requireAllGraphs: boolean;
  readonly env: Environment;
  readonly version: string;
  readonly logger: Logger;
}

export interface RunningServer {
  /** `<ip>:<port>` as bound; an IPv6 host in brackets. */
  readonly address: string;
  /** Stops accepting, lets what is under way finish, closes the graphs. */
  close(): Promise<void>;
}

/** Graph opens under way at one time (server.md §3.2). */
const OPEN_AT_ONCE = 4;

/** Boots and listens. Rejects with `StartupError` naming the remedy; nothing listens before everything is ready. */
export async function bootServer(options: BootOptions): Promise<RunningServer> {
  const { logger, env } = options;
  const serving = await readApplied(options);
  const tokens = await loadTokens(env);
  const hasBundle = serving.clusterPolicy !== undefined || serving.graphs.some((graph) => graph.policy !== undefined);
  const state = classifyState({ hasTokens: tokens.size > 0, hasBundle, unauthenticated: options.unauthenticated });
  if (state === 'open') logger.warn('open mode: every request is served without authentication');
  if (state === 'default-deny')
    logger.warn('default-deny mode: tokens are configured but no policy bundle is applied; only `read` is permitted');
  const serverGate = compileServerGate(serving.clusterPolicy);
  const { graphs, failures } = await openGraphs(serving, options);
  refuseIncomplete(serving, graphs, failures, options);
  const app = await buildApp(
    {
      version: options.version,
      state,
      tokens,
      serverGate,
      graphs: new Map(graphs.map((graph) => [graph.id, graph])),
      admission: openAdmission(admissionLimits(env, (message) => logger.warn(message))),
    },
    logger,
  );
  const closeGraphs = () => Promise.all(graphs.map(({ graph }) => graph.close()));
  try {
    await app.listen(options.bind);
  } catch (cause) {
    await closeGraphs();
    throw new StartupError(
      `cannot listen on ${options.bind.host}:${options.bind.port}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const address = displayAddress(app.server.address());
  logger.info(
    { bind: address, mode: state, graphs: graphs.length, source: serving.location, tokens: 'env-or-file' },
    'serving',
  );
  return {
    address,
    close: async () => {
      await app.close();
      await closeGraphs();
    },
  };
}

async function readApplied({ cluster, env, logger }: BootOptions): Promise<ServingState> {
  const reading = await readServingState({ cluster, env });
  if (reading.kind === 'refused') throw new StartupError(renderBootRefusal(reading));
  for (const warning of reading.state.warnings) logger.warn(renderBootDiagnostic(warning));
  return reading.state;
}

function compileServerGate(policy: ServingPolicy | undefined): Gate {
  if (policy === undefined) return { engine: undefined };
  const gate = compileGate(policy, 'server', 'root');
  if ('problem' in gate)
    throw new StartupError(`policy '${policy.name}', bound to the cluster, does not load: ${gate.problem}`);
  return gate;
}

type Problem = { readonly problem: string };

function compileGate(policy: ServingPolicy, kind: PolicyKind, graphId: string): Gate | Problem {
  const { value, diagnostics } = parsePolicy(policy.text, { kind, uri: policy.name });
  if (value === undefined) return { problem: diagnostics.map(headline).join('; ') };
  try {
    return { engine: compilePolicy(value, { kind, graphId }) };
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) };
  }
}

interface GraphFailure {
  readonly id: string;
  readonly reason: string;
}

interface OpenedGraphs {
  readonly graphs: readonly ServedGraph[];
  readonly failures: readonly GraphFailure[];
}

/** A graph that cannot be served is logged and left out; the others are not affected (server.md §3.4). */
async function openGraphs({ graphs }: ServingState, options: BootOptions): Promise<OpenedGraphs> {
  const opened: ServedGraph[] = [];
  const failures: GraphFailure[] = [];
  const queue = [...graphs];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const result = await openServed(next, options);
      if ('problem' in result) {
        options.logger.warn({ graph_id: next.id, error: result.problem }, 'graph is not served');
        failures.push({ id: next.id, reason: result.problem });
      } else opened.push(result);
    }
  };
  await Promise.all(Array.from({ length: OPEN_AT_ONCE }, worker));
  return { graphs: opened, failures };
}

async function openServed(serving: ServingGraph, { env, logger }: BootOptions): Promise<ServedGraph | Problem> {
  if (!isServableGraphId(serving.id)) return { problem: `graph id '${serving.id}' cannot be part of a URL` };
  const key = serving.provider?.api_key === undefined ? undefined : /^\$\{(.+)\}$/.exec(serving.provider.api_key)?.[1];
  if (key !== undefined && (env[key] ?? '') === '')
    return { problem: `the embedding provider needs the variable ${key}, which is not set` };
  const gate = serving.policy === undefined ? { engine: undefined } : compileGate(serving.policy, 'graph', serving.id);
  if ('problem' in gate) return { problem: `policy '${serving.policy?.name}' does not load: ${gate.problem}` };
  const warn = (message: string): void => logger.warn({ graph_id: serving.id }, message);
  try {
    const graph = await openGraph(graphLocation(serving.root, env), {
      mode: 'write',
      warn,
      authorizeWrite: engineGate(gate),
    });
    const queries = checkQueries(serving, graph, warn);
    if ('problem' in queries) {
      await graph.close();
      return queries;
    }
    return { id: serving.id, uri: serving.root, graph, gate, queries: queries.stored };
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** The engine asks the same bundle the same question again: a route that forgot its gate still cannot write (policy.md §6.4). */
function engineGate({ engine }: Gate): (question: WriteQuestion) => void {
  return ({ actor, ...question }) => {
    if (engine === undefined) return;
    if (actor === null)
      throw new GraphError('forbidden', `policy denied: no actor was supplied for '${question.action}'`);
    const decision = engine.decide({ actor, ...question });
    if (!decision.allowed) throw new GraphError('forbidden', `policy denied: ${decision.message}`);
  };
}

function checkQueries(
  serving: ServingGraph,
  graph: Graph,
  warn: (message: string) => void,
): { readonly stored: ReadonlyMap<string, StoredQuery> } | Problem {
  const stored = new Map<string, StoredQuery>();
  const compiled = new Map<string, ReturnType<typeof compileQueries>>();
  for (const { name, source } of serving.queries) {
    const file = compiled.get(source) ?? compileQueries(source, graph.catalog, { uri: name });
    compiled.set(source, file);
    const { queries, diagnostics } = file;
    const query = queries.find((candidate) => candidate.name === name);
    if (query === undefined) return { problem: `stored query '${name}' is not declared in its source` };
    if (query.plan === undefined) return { problem: `stored query '${name}': ${firstProblem(query, diagnostics)}` };
    if (query.params.some(({ type }) => typeof type.scalar === 'object')) {
      warn(`stored query '${name}' has a vector parameter, which agents cannot supply`);
    }
    stored.set(name, { query, descriptor: describeQuery(query) });
  }
  return { stored };
}

function firstProblem(query: CheckedQuery, diagnostics: readonly Diagnostic[]): string {
  const problem = errorOf(query, diagnostics) ?? diagnostics.find(isError);
  return problem === undefined ? 'does not check against the live schema' : headline(problem);
}

function refuseIncomplete(
  serving: ServingState,
  graphs: readonly ServedGraph[],
  failures: readonly GraphFailure[],
  options: BootOptions,
): void {
  const causes = [
    ...serving.warnings.map(renderBootDiagnostic),
    ...failures.map(({ id, reason }) => `graph.${id}: ${reason}`),
  ];
  if (options.requireAllGraphs && causes.length > 0) {
    throw new StartupError(['strict boot requires every graph, and some cannot be served:', ...causes].join('\n'));
  }
  if (graphs.length === 0) {
    throw new StartupError([`no graph of the cluster at ${serving.location} can be served:`, ...causes].join('\n'));
  }
}

function displayAddress(address: string | AddressInfo | null): string {
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a TCP address');
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}
