import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../context.js';
import { authorize } from '../gate.js';
import { component, errorResponses } from '../schemas.js';

/** The served graphs; closed without a cluster-scoped bundle in every state (server.md §10.2). */
export function graphListRoute(app: FastifyInstance, context: ServerContext): void {
  app.get(
    '/graphs',
    {
      schema: {
        operationId: 'listGraphs',
        tags: ['management'],
        summary: 'List the served graphs',
        response: { 200: component('GraphListResponse'), ...errorResponses(401, 403, 500) },
      },
    },
    (request) => {
      authorize(context.serverGate, request.actor, { action: 'graph_list' }, request.log);
      const graphs = [...context.graphs.values()].map(({ id, uri }) => ({ graph_id: id, uri }));
      return { graphs: graphs.sort((a, b) => (a.graph_id < b.graph_id ? -1 : 1)) };
    },
  );
}
