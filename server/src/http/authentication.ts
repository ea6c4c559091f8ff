/** Who is asking (server.md §5), and which graph (server.md §6): the two steps before anything else on a route. */
import type { FastifyRequest } from 'fastify';
import type { ServedGraph, ServerContext } from './context.js';
import { badRequest, notFound, unauthorized } from './http-error.js';

const SCHEME = 'Bearer ';
const GRAPH_ID = /^[a-zA-Z0-9-]{1,64}$/;
const RESERVED_IDS: ReadonlySet<string> = new Set(['policies', 'healthz', 'openapi', 'graphs']);

/** The rule for ids in paths, applied at boot too (server.md §3.4). */
export const isServableGraphId = (id: string): boolean => GRAPH_ID.test(id) && !RESERVED_IDS.has(id);

/** Sets `request.actor`; throws 401 unless the server is open. */
export function authenticate(context: ServerContext, request: FastifyRequest): void {
  if (context.state === 'open') return;
  const header = request.headers.authorization;
  if (header === undefined || !header.startsWith(SCHEME)) throw unauthorized('missing bearer token');
  const actor = context.tokens.actorOf(header.slice(SCHEME.length));
  if (actor === undefined) throw unauthorized('invalid bearer token');
  request.actor = actor;
}

/** Sets `request.served`; 400 for a malformed id, 404 for one that is not served. */
export function findGraph(context: ServerContext, request: FastifyRequest<{ Params: { graph_id: string } }>): void {
  const id = request.params.graph_id;
  if (!isServableGraphId(id)) throw badRequest(`graph id '${id}' is not valid: 1 to 64 letters, digits and '-'`);
  const served = context.graphs.get(id);
  if (served === undefined) throw notFound(`graph '${id}' not found`);
  request.served = served;
  request.log.info({ graph_id: id }, 'graph routed');
}

/** The graph of a nested route; its absence there is a bug. */
export function servedGraph(request: { readonly served: ServedGraph | null }): ServedGraph {
  if (request.served === null) throw new Error('a nested route was registered outside the graph scope');
  return request.served;
}
