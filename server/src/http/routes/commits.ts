import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { servedGraph } from '../authentication.js';
import { branchOf } from '../branch.js';
import { authorize } from '../gate.js';
import { component, errorResponses } from '../schemas.js';

const BranchQuery = Type.Object({ branch: Type.Optional(Type.String()) });
const CommitParams = Type.Object({ graph_id: Type.String(), commit_id: Type.String() });

export function commitRoutes(app: FastifyInstance): void {
  app.get<{ Querystring: Static<typeof BranchQuery> }>(
    '/commits',
    {
      schema: {
        operationId: 'cluster_listCommits',
        tags: ['commits'],
        summary: 'The commits of a branch, newest first',
        querystring: BranchQuery,
        response: { 200: component('CommitListOutput'), ...errorResponses(400, 401, 403, 404, 500) },
      },
    },
    async (request) => {
      const { graph, gate } = servedGraph(request);
      const branch = branchOf(request.query.branch);
      authorize(gate, request.actor, { action: 'read', branch }, request.log);
      return { commits: await graph.commits(branch) };
    },
  );

  app.get<{ Params: Static<typeof CommitParams> }>(
    '/commits/:commit_id',
    {
      schema: {
        operationId: 'cluster_getCommit',
        tags: ['commits'],
        summary: 'One commit, on whatever branch it is',
        params: CommitParams,
        response: { 200: component('CommitOutput'), ...errorResponses(400, 401, 403, 404, 500) },
      },
    },
    (request) => {
      const { graph, gate } = servedGraph(request);
      authorize(gate, request.actor, { action: 'read' }, request.log);
      return graph.commit(request.params.commit_id);
    },
  );
}
