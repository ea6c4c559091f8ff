/** The head precondition header (server.md §10.7). It has routes of its own, so that it is never silently ignored. */
import type { FastifyRequest } from 'fastify';
import { badRequest } from '../http-error.js';

const NAME = 'omnigraph-if-graph-commit';

/** On the unconditional routes the header is an error that names the conditional one. */
export function refusePrecondition(request: FastifyRequest, conditional: string): void {
  if (request.headers[NAME] !== undefined)
    throw badRequest(`Omnigraph-If-Graph-Commit is not accepted here: use ${conditional}`);
}

/** The raw commit id. Node joins a repeated header with commas, which is refused like any list. */
export function expectedCommit(request: FastifyRequest): string {
  const header = request.headers[NAME];
  const value = (Array.isArray(header) ? header.join(',') : (header ?? '')).trim();
  if (value === '') throw badRequest('the header Omnigraph-If-Graph-Commit: <commit id> is required');
  if (value === '*' || value.startsWith('W/') || value.startsWith('"') || value.endsWith('"') || value.includes(',')) {
    throw badRequest('Omnigraph-If-Graph-Commit takes one raw commit id, not an entity tag or a list');
  }
  return value;
}
