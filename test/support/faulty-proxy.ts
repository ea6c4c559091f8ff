/** A proxy before a real S3 server that passes everything on, except for the faults it is told to make. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export type Fault =
  /** The server does its work, and the connection breaks before the client hears of it. */
  | { readonly kind: 'lose_answer' }
  /** The server does its work, and the client is told that it failed. */
  | { readonly kind: 'deny'; readonly status: 500 | 503 }
  /** The server never hears of the request. */
  | { readonly kind: 'refuse'; readonly status: 500 | 503 }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The objects of a listing come in reverse order. */
  | { readonly kind: 'reverse_list' };

export type Matches = (message: IncomingMessage) => boolean;

export interface FaultyProxy {
  readonly endpoint: string;
  /** From now on the next `count` requests that match meet this fault, instead of every fault told before. */
  inject(fault: Fault, matches: Matches, count?: number): void;
  /** Stops all faults. */
  heal(): void;
  /** How many requests have met a fault since the last `inject`. */
  readonly hits: () => number;
  close(): Promise<void>;
}

/** Requests by their method and a part of their path. */
export const toKey =
  (method: string, part: string | RegExp): Matches =>
  ({ method: used, url = '' }) =>
    used === method && (typeof part === 'string' ? url.includes(part) : part.test(url));

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  let armed: { readonly fault: Fault; readonly matches: Matches; remaining: number } | undefined;
  let hits = 0;
  const server = createServer((incoming, outgoing) => {
    const hit = armed !== undefined && armed.remaining > 0 && armed.matches(incoming) ? armed : undefined;
    if (hit !== undefined) {
      hit.remaining -= 1;
      hits += 1;
    }
    if (hit?.fault.kind === 'refuse') {
      incoming.resume();
      incoming.on('end', () => failure(outgoing, hit.fault.kind === 'refuse' ? hit.fault.status : 500));
      return;
    }
    const pass = () => forward({ hostname, port, incoming, outgoing, fault: hit?.fault });
    if (hit?.fault.kind === 'delay') setTimeout(pass, hit.fault.milliseconds);
    else pass();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    inject: (fault, matches, count = Number.POSITIVE_INFINITY) => {
      armed = { fault, matches, remaining: count };
      hits = 0;
    },
    heal: () => {
      armed = undefined;
    },
    hits: () => hits,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  readonly hostname: string;
  readonly port: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly fault: Fault | undefined;
}

function forward({ hostname, port, incoming, outgoing, fault }: Exchange): void {
  // The signature covers the Host header, so that header must pass unchanged.
  const options = { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers };
  const onward = request(options, (answer) => {
    const { statusCode: status = 502, headers } = answer;
    switch (fault?.kind) {
      case 'lose_answer':
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      case 'deny':
        answer.resume().on('end', () => failure(outgoing, fault.status));
        return;
      case 'reverse_list':
        void textOf(answer).then((text) => {
          const { 'content-length': _, 'transfer-encoding': __, ...others } = headers;
          outgoing.writeHead(status, others).end(reversed(text));
        });
        return;
      case undefined:
      case 'delay':
      case 'refuse':
        outgoing.writeHead(status, headers);
        answer.pipe(outgoing);
        return;
      default:
        fault satisfies never;
    }
  });
  onward.on('error', () => incoming.socket.destroy());
  incoming.pipe(onward);
}

function failure(outgoing: ServerResponse, status: 500 | 503): void {
  const code = status === 503 ? 'SlowDown' : 'InternalError';
  outgoing.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The same listing with its `Contents` elements in reverse order. */
function reversed(listing: string): string {
  const elements = listing.match(/<Contents>.*?<\/Contents>/gs) ?? [];
  return listing.replace(/<Contents>.*?<\/Contents>/gs, () => elements.pop() ?? '');
}
