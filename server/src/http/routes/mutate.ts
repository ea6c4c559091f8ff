import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createQueryCompiler, type QueryCompiler, stringifyExactJson } from 'omnigraph-language';
import type { Static } from 'typebox';
import { servedGraph } from '../authentication.js';
import { branchOf } from '../branch.js';
import type { ServerContext } from '../context.js';
import { authorize } from '../gate.js';
import { badRequest } from '../http-error.js';
import { compileSelected, runnableMutation } from '../query-source.js';
import { type ChangeOutput, type ChangeRequest, component, errorResponses } from '../schemas.js';
import { expectedCommit, refusePrecondition } from './precondition.js';

type MutateRequest = FastifyRequest<{ Body: Static<typeof ChangeRequest> }>;

const responses = {
  200: component('ChangeOutput'),
  ...errorResponses(400, 401, 403, 404, 409, 413, 415, 429, 500, 503),
};

export function mutateRoutes(app: FastifyInstance, context: ServerContext): void {
  const compiler = createQueryCompiler();
  app.post<{ Body: Static<typeof ChangeRequest> }>(
    '/mutate',
    {
      schema: {
        operationId: 'cluster_mutate',
        tags: ['mutations'],
        summary: 'Run a mutation given as source, as one commit',
        body: component('ChangeRequest'),
        response: responses,
      },
      preValidation: acceptOlderNames,
    },
    (request) => {
      refusePrecondition(request, 'POST mutate/if-graph-commit');
      return mutate(context, compiler, request, undefined);
    },
  );

  app.post<{ Body: Static<typeof ChangeRequest> }>(
    '/mutate/if-graph-commit',
    {
      schema: {
        operationId: 'cluster_mutate_if_graph_commit',
        tags: ['mutations'],
        summary: 'Run a mutation only if the branch head is the commit in `Omnigraph-If-Graph-Commit`',
        body: component('ChangeRequest'),
        response: { ...responses, ...errorResponses(412) },
      },
      preValidation: acceptOlderNames,
    },
    (request) => mutate(context, compiler, request, expectedCommit(request)),
  );
}

const OLDER_NAMES = [
  ['query', 'query_source'],
  ['name', 'query_name'],
] as const;

/** `query_source` and `query_name` are accepted for `query` and `name`, undocumented; both at once is an error. */
async function acceptOlderNames(request: FastifyRequest): Promise<void> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const members = new Map<string, unknown>(Object.entries(body));
  for (const [name, older] of OLDER_NAMES) {
    const value = members.get(older) ?? undefined;
    if (value === undefined) continue;
    if ((members.get(name) ?? undefined) !== undefined)
      throw badRequest(`\`${older}\` is the older name of \`${name}\`: send one of them`);
    members.set(name, value);
  }
  request.body = Object.fromEntries(members);
}

async function mutate(
  context: ServerContext,
  compiler: QueryCompiler,
  request: MutateRequest,
  ifCommit: string | undefined,
): Promise<Static<typeof ChangeOutput>> {
  const { graph, gate } = servedGraph(request);
  const { query: source, name, params } = request.body;
  const branch = branchOf(request.body.branch);
  authorize(gate, request.actor, { action: 'change', branch }, request.log);
  const leave = context.admission.enter(request.actor, source.length + paramsLength(params));
  try {
    const query = compileSelected(compiler, source, graph.catalog, name);
    const runnable = runnableMutation(query, params);
    const result = await graph.mutate({
      ...runnable,
      branch,
      actor: request.actor,
      ...(ifCommit === undefined ? {} : { ifCommit }),
    });
    return { ...result, query_name: query.name };
  } finally {
    leave();
  }
}

/** Bytes counted against the actor's budget for a params value (server.md §9). */
export const paramsLength = (params: unknown): number => (params === undefined ? 0 : stringifyExactJson(params).length);
