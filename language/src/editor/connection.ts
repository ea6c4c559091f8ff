/**
 * The edge of the server: whatever a handler does, no exception leaves it. A mistake of the user's is answered with
 * its message; a bug is logged with the method and its stack and answered as an internal error.
 */
import { type Connection, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { type Log, RequestRefused } from './feature.js';

/** Log lines go to the client's output channel, never to a standard stream; once the client said goodbye, nowhere. */
export function connectionLog(connection: Connection, isOpen: () => boolean): Log {
  const send = (level: 'info' | 'warn' | 'error', message: string): void => {
    if (isOpen()) connection.console[level](message);
  };
  return {
    info: (message) => send('info', message),
    warn: (message) => send('warn', message),
    error: (message, cause) => send('error', cause === undefined ? message : `${message}\n${describe(cause)}`),
  };
}

/** The answer of a request, an error included. */
export async function answered<T>(method: string, log: Log, answer: () => T | Promise<T>): Promise<T | ResponseError> {
  try {
    return await answer();
  } catch (cause) {
    if (cause instanceof ResponseError) return cause;
    if (cause instanceof RequestRefused) return new ResponseError(LSPErrorCodes.RequestFailed, cause.message);
    log.error(`${method} failed`, cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ResponseError(ErrorCodes.InternalError, `${method} failed: ${reason}`);
  }
}

/** A notification has nobody to answer: what goes wrong is logged. */
export async function observed(method: string, log: Log, take: () => void | Promise<void>): Promise<void> {
  try {
    await take();
  } catch (cause) {
    log.error(`${method} failed`, cause);
  }
}

export const cancelled = (): ResponseError =>
  new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');

/** The document changed while an answer was made: its positions would mean nothing. */
export const outdated = (): ResponseError =>
  new ResponseError(LSPErrorCodes.ContentModified, 'the document changed meanwhile');

const describe = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
