import type { FastifyInstance } from 'fastify';
import { servedGraph } from '../authentication.js';
import { authorize } from '../gate.js';
import { conflict } from '../http-error.js';
import { component, errorResponses } from '../schemas.js';

export function schemaRoutes(app: FastifyInstance): void {
  app.get(
    '/schema',
    {
      schema: {
        operationId: 'cluster_getSchema',
        tags: ['schema'],
        summary: 'The accepted schema source',
        response: { 200: component('SchemaOutput'), ...errorResponses(401, 403, 404, 500) },
      },
    },
    (request) => {
      const { graph, gate } = servedGraph(request);
      authorize(gate, request.actor, { action: 'read' }, request.log);
      return { schema_source: graph.schemaSource };
    },
  );

  // In cluster serving, the only mode, a schema changes by `cluster apply`; the refusal comes after the gate so that
  // a caller without the right learns nothing (server.md §10.13).
  app.post(
    '/schema/apply',
    {
      schema: {
        operationId: 'cluster_applySchema',
        tags: ['schema'],
        summary: 'Always refused: schemas change by `cluster apply`',
        body: component('SchemaApplyRequest'),
        response: { 200: component('SchemaApplyOutput'), ...errorResponses(400, 401, 403, 404, 409, 415, 500) },
      },
    },
    (request) => {
      const { gate } = servedGraph(request);
      authorize(gate, request.actor, { action: 'schema_apply', targetBranch: 'main' }, request.log);
      throw conflict(
        'this server serves a cluster: change the cluster config, run `cluster apply` and restart the server',
      );
    },
  );
}
