/** The error envelope (server.md §8): one body for everything that is not 2xx. */

import { PolicyEvaluationError } from '../authz/index.js';
import { GraphError, type GraphErrorDetails, type GraphErrorKind } from '../engine/graph-error.js';

export type ErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'bad_request'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'too_many_requests'
  | 'internal';

export interface ErrorBody extends GraphErrorDetails {
  readonly error: string;
  readonly code?: ErrorCode;
}

export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly code: ErrorCode | undefined,
    message: string,
    readonly details: GraphErrorDetails = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  get body(): ErrorBody {
    return { error: this.message, ...(this.code === undefined ? {} : { code: this.code }), ...this.details };
  }
}

export const badRequest = (message: string): HttpError => new HttpError(400, 'bad_request', message);
export const unauthorized = (message: string): HttpError => new HttpError(401, 'unauthorized', message);
export const forbidden = (message: string): HttpError => new HttpError(403, 'forbidden', message);
export const notFound = (message: string): HttpError => new HttpError(404, 'not_found', message);
export const conflict = (message: string): HttpError => new HttpError(409, 'conflict', message);
export const payloadTooLarge = (message: string, details: GraphErrorDetails = {}): HttpError =>
  new HttpError(413, 'bad_request', message, details);
export const unsupportedMediaType = (message: string): HttpError => new HttpError(415, 'bad_request', message);

/** Statuses of engine.md §21; a kind without a code omits it on the wire. */
const STATUS: Readonly<Record<GraphErrorKind, readonly [number, ErrorCode | undefined]>> = {
  bad_request: [400, 'bad_request'],
  forbidden: [403, 'forbidden'],
  not_found: [404, 'not_found'],
  conflict: [409, 'conflict'],
  gone: [410, undefined],
  precondition_failed: [412, undefined],
  resource_limit: [413, 'bad_request'],
  range_not_satisfiable: [416, 'bad_request'],
  external_source: [424, undefined],
  internal: [500, 'internal'],
  recovery_required: [503, undefined],
};

interface FrameworkError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
}

/** Any thrown thing as what the client sees. A fault of ours keeps its text out of the body. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof GraphError) {
    const [status, code] = STATUS[error.kind];
    return new HttpError(status, code, error.message, error.details);
  }
  if (error instanceof PolicyEvaluationError) return new HttpError(500, 'internal', error.message);
  return fromFramework(error);
}

function fromFramework(error: unknown): HttpError {
  const { statusCode, code, message } = (error instanceof Error ? error : new Error(String(error))) as FrameworkError;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return payloadTooLarge('the request body is larger than this route accepts');
  if (statusCode === 415)
    return unsupportedMediaType('the request body must be sent as Content-Type: application/json');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return badRequest(message);
  return new HttpError(500, 'internal', 'internal error: see the server log');
}
