/** The HTTP application over an opened cluster: routes, their order of checks, and the error envelope. */
import type { Socket } from 'node:net';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { authenticate, findGraph } from './authentication.js';
import type { ServerContext } from './context.js';
import { badRequest, HttpError, notFound, toHttpError, unsupportedMediaType } from './http-error.js';
import { describeFaults, parseJsonBody } from './json-body.js';
import { registerOpenApi } from './openapi.js';
import { commitRoutes } from './routes/commits.js';
import { graphListRoute } from './routes/graphs.js';
import { healthRoutes } from './routes/health.js';
import { loadNdjsonRoute, loadRoute } from './routes/load.js';
import { mutateRoutes } from './routes/mutate.js';
import { queryCatalogRoute, storedQueryRoutes } from './routes/queries.js';
import { queryRoute } from './routes/query.js';
import { schemaRoutes } from './routes/schema.js';
import { snapshotRoute } from './routes/snapshot.js';

const BODY_LIMIT = 1_048_576;

/** Builds the application; it does not listen. */
export async function buildApp(context: ServerContext, logger: FastifyBaseLogger): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 1024 },
    // A body that never arrives must not hold a shutdown, or a connection, for ever.
    requestTimeout: 300_000,
    return503OnClosing: false,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false } },
    schemaErrorFormatter: describeFaults,
    clientErrorHandler: answerMalformedHttp,
    frameworkErrors: (error, _request, reply) => {
      const answer = toHttpError(error);
      (reply as FastifyReply).code(answer.status).send(answer.body);
    },
  });
  const routes = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url }) => {
    const methods = routes.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    routes.set(url, methods);
  });
  app.decorateRequest('actor', null);
  app.decorateRequest('served', null);
  app.setErrorHandler((error, request, reply) => {
    const answer = toHttpError(error);
    if (answer.status >= 500) request.log.error({ err: error }, 'request failed');
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
  app.setNotFoundHandler((request) => {
    throw unmatched(routes, request);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      { method: request.method, url: request.url, status: reply.statusCode, ms: reply.elapsedTime },
      'request',
    );
  });
  useExactJson(app);
  await registerOpenApi(app, { version: context.version, secured: context.state !== 'open' });

  healthRoutes(app, context.version);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request) => authenticate(context, request));
    graphListRoute(guarded, context);
    await guarded.register((nested) => graphRoutes(nested, context), { prefix: '/graphs/:graph_id' });
  });
  await app.ready();
  return app;
}

async function graphRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  const params = { type: 'object', properties: { graph_id: { type: 'string' } }, required: ['graph_id'] };
  app.addHook('onRoute', (route) => {
    route.schema = { params, ...route.schema };
  });
  app.addHook('onRequest', async (request) =>
    findGraph(context, request as FastifyRequest<{ Params: { graph_id: string } }>),
  );
  app.addHook('preValidation', async (request) => requireMediaType(request));
  snapshotRoute(app);
  queryRoute(app);
  mutateRoutes(app, context);
  queryCatalogRoute(app);
  schemaRoutes(app);
  commitRoutes(app);
  loadRoute(app, context);
  await app.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    storedQueryRoutes(raw, context);
  });
  await app.register(async (streaming) => {
    streaming.removeAllContentTypeParsers();
    streaming.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    loadNdjsonRoute(streaming, context);
  });
}

/** JSON bodies keep 64-bit integers exact; anything that is not JSON is a 400 in the envelope. */
function useExactJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(Buffer.from(body)));
    } catch (cause) {
      done(badRequest(`the request body is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`));
    }
  });
}

/** Fastify skips a body of no length; without a media type that is still no JSON request. */
function requireMediaType(request: FastifyRequest): void {
  if (request.routeOptions.schema?.body !== undefined && request.headers['content-type'] === undefined)
    throw unsupportedMediaType('the request body must be sent as Content-Type: application/json');
}

const MALFORMED: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** What Node could not parse has no request and no reply: the envelope goes straight to the socket. */
function answerMalformedHttp(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const body = JSON.stringify({ error: `not an HTTP request: ${error.message}`, code: 'bad_request' });
    const head = [
      `HTTP/1.1 ${MALFORMED[error.code ?? ''] ?? '400 Bad Request'}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}

/** 405 with `Allow` where the path exists under other methods, else 404. */
function unmatched(routes: ReadonlyMap<string, ReadonlySet<string>>, request: FastifyRequest): HttpError {
  const segments = request.url.split('?')[0]?.split('/') ?? [];
  for (const [pattern, methods] of routes) {
    const parts = pattern.split('/');
    const matches =
      parts.length === segments.length && parts.every((part, at) => part.startsWith(':') || part === segments[at]);
    if (!matches) continue;
    const allow = [...methods].sort().join(', ');
    return new HttpError(
      405,
      'method_not_allowed',
      `${request.method} is not allowed here; allowed: ${allow}`,
      {},
      { Allow: allow },
    );
  }
  return notFound(`no such route: ${request.method} ${request.url.split('?')[0]}`);
}
