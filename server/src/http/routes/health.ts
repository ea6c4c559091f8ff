import type { FastifyInstance } from 'fastify';
import { INTERNAL_SCHEMA_VERSION } from '../../engine/index.js';
import { component } from '../schemas.js';

/** Liveness only: no storage access, no authentication (server.md §10.1). */
export function healthRoutes(app: FastifyInstance, version: string): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['health'],
        summary: 'Liveness',
        security: [],
        response: { 200: component('HealthOutput') },
      },
    },
    () => ({ status: 'ok', version, internal_schema_version: INTERNAL_SCHEMA_VERSION }),
  );
}
