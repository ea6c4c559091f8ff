import { bootServer, type RunningServer } from 'omnigraph-server/http';
import pino from 'pino';

export interface Served {
  readonly server: RunningServer;
  /** The log, one JSON object a line. */
  readonly log: () => readonly Record<string, unknown>[];
  /** Sends a request; a body that is not a string is sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
}

export interface RequestOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface ServeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly unauthenticated?: boolean;
  readonly requireAllGraphs?: boolean;
}

/** A real server on a free port of the loopback interface. */
export async function serve(cluster: string, options: ServeOptions = {}): Promise<Served> {
  const lines: string[] = [];
  const server = await bootServer({
    cluster,
    bind: { host: '127.0.0.1', port: 0 },
    unauthenticated: options.unauthenticated ?? false,
    requireAllGraphs: options.requireAllGraphs ?? false,
    env: options.env ?? {},
    version: '0.0.0-test',
    logger: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
  });
  return {
    server,
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    request: (method, path, request = {}) => send(`http://${server.address}${path}`, method, request),
  };
}

async function send(url: string, method: string, { token, body, type, headers }: RequestOptions): Promise<Answer> {
  const mediaType = type ?? (body === undefined || typeof body === 'string' ? undefined : 'application/json');
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(mediaType === undefined ? {} : { 'content-type': mediaType }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
