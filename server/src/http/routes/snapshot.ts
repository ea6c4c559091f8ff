import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { servedGraph } from '../authentication.js';
import { branchOf } from '../branch.js';
import { authorize } from '../gate.js';
import { component, errorResponses } from '../schemas.js';

const BranchQuery = Type.Object({ branch: Type.Optional(Type.String()) });

export function snapshotRoute(app: FastifyInstance): void {
  app.get<{ Querystring: Static<typeof BranchQuery> }>(
    '/snapshot',
    {
      schema: {
        operationId: 'cluster_getSnapshot',
        tags: ['snapshots'],
        summary: 'The table versions and entity counts of a branch head',
        querystring: BranchQuery,
        response: { 200: component('SnapshotOutput'), ...errorResponses(400, 401, 403, 404, 500) },
      },
    },
    (request) => {
      const { graph, gate } = servedGraph(request);
      const branch = branchOf(request.query.branch);
      authorize(gate, request.actor, { action: 'read', branch }, request.log);
      return graph.snapshot(branch);
    },
  );
}
