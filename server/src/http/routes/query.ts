import type { FastifyInstance } from 'fastify';
import { createQueryCompiler } from 'omnigraph-language';
import type { Static } from 'typebox';
import { servedGraph } from '../authentication.js';
import { judgedBranch, readTarget } from '../branch.js';
import { authorize } from '../gate.js';
import { compileSelected, runnableRead } from '../query-source.js';
import { readOutputText } from '../read-output.js';
import { component, errorResponses, type QueryRequest } from '../schemas.js';

export function queryRoute(app: FastifyInstance): void {
  const compiler = createQueryCompiler();
  app.post<{ Body: Static<typeof QueryRequest> }>(
    '/query',
    {
      schema: {
        operationId: 'cluster_query',
        tags: ['queries'],
        summary: 'Run a read query given as source',
        body: component('QueryRequest'),
        response: { 200: component('ReadOutput'), ...errorResponses(400, 401, 403, 404, 413, 415, 500) },
      },
    },
    async (request, reply) => {
      const served = servedGraph(request);
      const { query: source, name, params, branch, snapshot } = request.body;
      const target = readTarget(branch, snapshot);
      authorize(
        served.gate,
        request.actor,
        { action: 'read', branch: await judgedBranch(served, target) },
        request.log,
      );
      const query = compileSelected(compiler, source, served.graph.catalog, name);
      const result = await served.graph.read({ ...runnableRead(query, params), target });
      return reply.type('application/json').send(readOutputText(query.name, target, result));
    },
  );
}
