/** The OpenAPI document, generated from the routes themselves (server.md §12). */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { COMPONENTS } from './schemas.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A body that is not validated by its schema: raw NDJSON, or optional JSON. */
    readonly openapiBody?: { readonly component?: string; readonly mediaType?: string; readonly required: boolean };
  }
}

export interface OpenApiOptions {
  readonly version: string;
  /** False when nothing is authenticated: the scheme and all requirements are left out. */
  readonly secured: boolean;
}

export async function registerOpenApi(app: FastifyInstance, options: OpenApiOptions): Promise<void> {
  for (const component of COMPONENTS) app.addSchema(component);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Omnigraph API',
        description:
          'A typed, versioned graph database that agents and people share: the applied revision of one cluster.',
        version: options.version,
        license: { name: 'MIT' },
      },
      tags: ['health', 'management', 'snapshots', 'queries', 'mutations', 'schema', 'commits'].map((name) => ({
        name,
      })),
      ...(options.secured
        ? {
            components: { securitySchemes: { bearer_token: { type: 'http' as const, scheme: 'bearer' } } },
            security: [{ bearer_token: [] }],
          }
        : {}),
    },
    refResolver: { buildLocalReference: (schema) => String(schema.$id) },
    transform: ({ schema, url, route }) => {
      const { security, ...open } = schema ?? {};
      const documented = options.secured && security !== undefined ? { ...open, security } : open;
      const body = route.config?.openapiBody;
      return { schema: body === undefined ? documented : { ...documented, ...bodySchema(body) }, url };
    },
    transformObject: (document) =>
      'openapiObject' in document ? withOptionalBodies(document.openapiObject) : document.swaggerObject,
  });
}

type BodyNote = NonNullable<import('fastify').FastifyContextConfig['openapiBody']>;

function bodySchema(note: BodyNote): object {
  if (note.component === undefined)
    return { body: { type: 'string' }, consumes: [note.mediaType ?? 'application/json'] };
  return { body: { $ref: `${note.component}#` } };
}

/** A stored query's body may be absent (server.md §12). */
function withOptionalBodies<T extends { readonly paths?: object }>(document: T): T {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    if (!path.includes('/queries/{name}')) continue;
    const body = (item as { post?: { requestBody?: { required?: boolean } } }).post?.requestBody;
    if (body !== undefined) body.required = false;
  }
  return document;
}
