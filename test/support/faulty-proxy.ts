/** A proxy before a real server that passes everything on, and loses the answer to chosen requests on the way back. */
import { createServer, type IncomingMessage, request } from 'node:http';

export interface FaultyProxy {
  readonly endpoint: string;
  /** From now on, the answers to the next `count` requests that match are lost after the server has done its work. */
  loseAnswers(count: number, matches: (message: IncomingMessage) => boolean): void;
  /** How many answers have been lost. */
  readonly lost: () => number;
  close(): Promise<void>;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let remaining = 0;
  let lost = 0;
  let matches: (message: IncomingMessage) => boolean = () => false;
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const isDoomed = remaining > 0 && matches(incoming);
    if (isDoomed) remaining -= 1;
    // The signature covers the Host header, so that header must pass unchanged.
    const onward = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        if (isDoomed) {
          answer.resume();
          answer.on('end', () => {
            lost += 1;
            incoming.socket.destroy();
          });
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    loseAnswers: (count, predicate) => {
      remaining = count;
      matches = predicate;
    },
    lost: () => lost,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
