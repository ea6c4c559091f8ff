/** Bulk load (server.md §§10.14–10.15): NDJSON inside JSON, and raw NDJSON streamed. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { LoadMode, LoadResult } from '../../engine/index.js';
import { servedGraph } from '../authentication.js';
import { branchOf } from '../branch.js';
import type { ServedGraph, ServerContext } from '../context.js';
import { authorize } from '../gate.js';
import { badRequest, notFound, payloadTooLarge, unsupportedMediaType } from '../http-error.js';
import {
  component,
  errorResponses,
  type GraphBatchLoadOutput,
  type IngestOutput,
  type IngestRequest,
} from '../schemas.js';

export const LOAD_BODY_LIMIT = 33_554_432;

const responses = errorResponses(400, 401, 403, 404, 409, 413, 415, 429, 500, 503);

export function loadRoute(app: FastifyInstance, context: ServerContext): void {
  app.post<{ Body: Static<typeof IngestRequest> }>(
    '/load',
    {
      bodyLimit: LOAD_BODY_LIMIT,
      schema: {
        operationId: 'cluster_load',
        tags: ['mutations'],
        summary: 'Load NDJSON carried in a JSON body, as one commit',
        body: component('IngestRequest'),
        response: { 200: component('IngestOutput'), ...responses },
      },
    },
    async (request): Promise<Static<typeof IngestOutput>> => {
      const served = servedGraph(request);
      const { data, mode } = request.body;
      const target = await loadTarget(served, request, request.body.branch, request.body.from);
      const leave = context.admission.enter(request.actor, data.length);
      try {
        const result = await served.graph.load({
          ...target,
          source: data,
          mode: mode ?? 'merge',
          actor: request.actor,
        });
        return { uri: served.uri, ...loadOutput(result, request.actor) };
      } finally {
        leave();
      }
    },
  );
}

const LoadQuery = Type.Object({
  branch: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
  mode: Type.Optional(Type.String()),
});

/** Registered in a scope whose bodies stay unread streams: every gate is asked before the first body byte. */
export function loadNdjsonRoute(app: FastifyInstance, context: ServerContext): void {
  app.post<{ Querystring: Static<typeof LoadQuery>; Body: AsyncIterable<Uint8Array> | undefined }>(
    '/load/ndjson',
    {
      schema: {
        operationId: 'cluster_loadNdjson',
        tags: ['mutations'],
        summary: 'Load a stream of NDJSON, as one commit',
        querystring: LoadQuery,
        response: { 200: component('GraphBatchLoadOutput'), ...responses },
      },
      config: { openapiBody: { mediaType: 'application/x-ndjson', required: true } },
    },
    async (request): Promise<Static<typeof GraphBatchLoadOutput>> => {
      const served = servedGraph(request);
      const mode = loadMode(request.query.mode);
      const target = await loadTarget(served, request, request.query.branch, request.query.from);
      const length = declaredLength(request);
      const leave = context.admission.enter(request.actor, length ?? 0);
      try {
        const source = capped(request.body ?? emptyBody());
        return loadOutput(await served.graph.load({ ...target, source, mode, actor: request.actor }), request.actor);
      } finally {
        leave();
      }
    },
  );
}

interface LoadTarget {
  readonly branch: string;
  readonly from?: string;
}

/** Branch existence first, then the gates in their order (server.md §10.14). */
async function loadTarget(
  { graph, gate }: ServedGraph,
  request: FastifyRequest,
  writtenBranch: string | null | undefined,
  writtenFrom: string | null | undefined,
): Promise<LoadTarget> {
  const branch = branchOf(writtenBranch);
  const from = writtenFrom === undefined || writtenFrom === null ? undefined : branchOf(writtenFrom);
  const exists = (await graph.branches()).includes(branch);
  if (!exists && from === undefined)
    throw notFound(`branch '${branch}' not found; give \`from\` to create it from another branch`);
  if (!exists && from !== undefined) {
    authorize(gate, request.actor, { action: 'branch_create', branch: from, targetBranch: branch }, request.log);
  }
  authorize(gate, request.actor, { action: 'change', branch }, request.log);
  return { branch, ...(from === undefined ? {} : { from }) };
}

function loadMode(text: string | undefined): LoadMode {
  if (text === undefined) return 'merge';
  if (text === 'overwrite' || text === 'append' || text === 'merge') return text;
  throw badRequest(`mode must be overwrite, append or merge, not '${text}'`);
}

function declaredLength(request: FastifyRequest): number | undefined {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-ndjson')
    throw unsupportedMediaType('the body must be sent as Content-Type: application/x-ndjson');
  const header = request.headers['content-length'];
  const length = header === undefined ? undefined : Number(header);
  if (length !== undefined && length > LOAD_BODY_LIMIT) throw overLimit(length);
  return length;
}

async function* capped(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.byteLength;
    if (received > LOAD_BODY_LIMIT) throw overLimit(received);
    yield chunk;
  }
}

async function* emptyBody(): AsyncIterable<Uint8Array> {}

const overLimit = (actual: number) =>
  payloadTooLarge(`resource limit exceeded for graph_batch_request_bytes: actual ${actual}, limit ${LOAD_BODY_LIMIT}`, {
    resource_limit: { resource: 'graph_batch_request_bytes', limit: LOAD_BODY_LIMIT, actual },
  });

function loadOutput(result: LoadResult, actor: string | null): Static<typeof GraphBatchLoadOutput> {
  return {
    branch: result.branch,
    base_branch: result.base_branch,
    branch_created: result.branch_created,
    mode: result.mode,
    nodes: [...result.nodes],
    edges: [...result.edges],
    total_entities: result.total_entities,
    actor_id: actor,
    commit: result.commit,
  };
}
