/** The stored-query catalog and its invocation (server.md §§10.9–10.11). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ExactJson } from 'omnigraph-language';
import { type Static, Type } from 'typebox';
import { servedGraph } from '../authentication.js';
import { branchOf, judgedBranch, readTarget } from '../branch.js';
import type { ServedGraph, ServerContext, StoredQuery } from '../context.js';
import { authorize, refusal } from '../gate.js';
import { badRequest, notFound } from '../http-error.js';
import { parseJsonBody } from '../json-body.js';
import { runnableMutation, runnableRead } from '../query-source.js';
import { readOutputText } from '../read-output.js';
import { component, errorResponses } from '../schemas.js';
import { paramsLength } from './mutate.js';
import { expectedCommit, refusePrecondition } from './precondition.js';

const QueryParams = Type.Object({ graph_id: Type.String(), name: Type.String() });

export function queryCatalogRoute(app: FastifyInstance): void {
  app.get(
    '/queries',
    {
      schema: {
        operationId: 'cluster_list_queries',
        tags: ['queries'],
        summary: 'The stored queries of a graph, with typed parameters',
        response: { 200: component('QueriesCatalogOutput'), ...errorResponses(401, 403, 404, 500) },
      },
    },
    (request) => {
      const { queries, gate } = servedGraph(request);
      authorize(gate, request.actor, { action: 'read', branch: 'main' }, request.log);
      const entries = [...queries.values()].map(({ descriptor }) => descriptor);
      return { queries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
  );
}

/** Registered in a scope whose bodies arrive as raw bytes: a body is optional here, whatever its media type. */
export function storedQueryRoutes(app: FastifyInstance, context: ServerContext): void {
  const responses = {
    200: component('InvokeStoredQueryResponse'),
    ...errorResponses(400, 401, 403, 404, 409, 413, 429, 500, 503),
  };
  app.post<{ Params: Static<typeof QueryParams>; Body: Buffer | undefined }>(
    '/queries/:name',
    {
      schema: {
        operationId: 'cluster_invoke_query',
        tags: ['queries'],
        summary: 'Run a stored query by name',
        params: QueryParams,
        response: responses,
      },
      config: { openapiBody: { component: 'InvokeStoredQueryRequest', required: false } },
      serializerCompiler: () => (body) => JSON.stringify(body),
    },
    async (request, reply) => {
      refusePrecondition(request, 'POST queries/{name}/if-graph-commit');
      return reply.type('application/json').send(await invoke(context, request, undefined));
    },
  );

  app.post<{ Params: Static<typeof QueryParams>; Body: Buffer | undefined }>(
    '/queries/:name/if-graph-commit',
    {
      schema: {
        operationId: 'cluster_invoke_query_if_graph_commit',
        tags: ['queries'],
        summary: 'Run a stored mutation only if the branch head is the commit in `Omnigraph-If-Graph-Commit`',
        params: QueryParams,
        response: { ...responses, 200: component('ChangeOutput'), ...errorResponses(412) },
      },
      config: { openapiBody: { component: 'InvokeStoredQueryRequest', required: false } },
    },
    async (request, reply) =>
      reply.type('application/json').send(await invoke(context, request, expectedCommit(request))),
  );
}

interface Invocation {
  readonly params: ExactJson | undefined;
  readonly branch: string | undefined;
  readonly snapshot: string | undefined;
  readonly expectMutation: boolean | undefined;
}

async function invoke(
  context: ServerContext,
  request: FastifyRequest<{ Params: Static<typeof QueryParams>; Body: Buffer | undefined }>,
  ifCommit: string | undefined,
): Promise<string> {
  const served = servedGraph(request);
  const invocation = readInvocation(request.body);
  const stored = reachableQuery(served, request);
  refuseMismatch(stored, invocation, ifCommit !== undefined);
  request.log.info(
    { graph_id: served.id, actor_id: request.actor, query: stored.query.name, kind: stored.query.kind },
    'stored query invoked',
  );
  if (stored.query.kind === 'mutation') return mutate(context, served, request, stored, invocation, ifCommit);
  const target = readTarget(invocation.branch, invocation.snapshot);
  authorize(served.gate, request.actor, { action: 'read', branch: await judgedBranch(served, target) }, request.log);
  const result = await served.graph.read({ ...runnableRead(stored.query, invocation.params), target });
  return readOutputText(stored.query.name, target, result);
}

/** A caller who may not invoke cannot tell a hidden query from one that does not exist (policy.md §6.3). */
function reachableQuery(
  served: ServedGraph,
  request: FastifyRequest<{ Params: Static<typeof QueryParams> }>,
): StoredQuery {
  const denied = refusal(served.gate, request.actor, { action: 'invoke_query' }, request.log) !== undefined;
  const stored = served.queries.get(request.params.name);
  if (denied || stored === undefined) throw notFound('stored query not found');
  return stored;
}

function refuseMismatch({ query }: StoredQuery, { expectMutation, snapshot }: Invocation, conditional: boolean): void {
  const isMutation = query.kind === 'mutation';
  const what = isMutation
    ? `'${query.name}' is a mutation — use omnigraph mutate ${query.name}`
    : `'${query.name}' is a read — use omnigraph query ${query.name}`;
  if (expectMutation !== undefined && expectMutation !== isMutation) throw badRequest(what);
  if (conditional && !isMutation) throw badRequest(`a head precondition applies to mutations only: ${what}`);
  if (isMutation && snapshot !== undefined)
    throw badRequest(`'${query.name}' is a mutation: it cannot run on a snapshot`);
}

async function mutate(
  context: ServerContext,
  served: ServedGraph,
  request: FastifyRequest,
  { query }: StoredQuery,
  invocation: Invocation,
  ifCommit: string | undefined,
): Promise<string> {
  const branch = branchOf(invocation.branch);
  authorize(served.gate, request.actor, { action: 'change', branch }, request.log);
  const leave = context.admission.enter(request.actor, query.range.length + paramsLength(invocation.params));
  try {
    const runnable = runnableMutation(query, invocation.params);
    const result = await served.graph.mutate({
      ...runnable,
      branch,
      actor: request.actor,
      ...(ifCommit === undefined ? {} : { ifCommit }),
    });
    const { affected_nodes, affected_edges, actor_id, commit } = result;
    return JSON.stringify({
      branch: result.branch,
      query_name: query.name,
      affected_nodes,
      affected_edges,
      actor_id,
      commit,
    });
  } finally {
    leave();
  }
}

function readInvocation(body: Buffer | undefined): Invocation {
  const members = body === undefined || isBlank(body) ? null : parsedBody(body);
  const none = { params: undefined, branch: undefined, snapshot: undefined, expectMutation: undefined };
  if (members === null) return none;
  if (typeof members !== 'object' || Array.isArray(members)) throw invalidBody('expected a JSON object');
  const {
    params,
    branch,
    snapshot,
    expect_mutation: expectMutation,
  } = members as { readonly [member: string]: ExactJson };
  return {
    params,
    branch: optional(branch, 'branch', 'string'),
    snapshot: optional(snapshot, 'snapshot', 'string'),
    expectMutation: optional(expectMutation, 'expect_mutation', 'boolean'),
  };
}

interface Scalars {
  readonly string: string;
  readonly boolean: boolean;
}

function optional<K extends keyof Scalars>(
  value: ExactJson | undefined,
  name: string,
  type: K,
): Scalars[K] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw invalidBody(`\`${name}\` must be a ${type}`);
  return value as Scalars[K];
}

const isBlank = (body: Buffer): boolean => body.toString('latin1').trim() === '';

function parsedBody(body: Buffer): ExactJson {
  try {
    return parseJsonBody(body);
  } catch (cause) {
    throw invalidBody(cause instanceof Error ? cause.message : String(cause));
  }
}

const invalidBody = (why: string) => badRequest(`invalid stored-query invocation body: ${why}`);
