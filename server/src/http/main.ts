/** The `omnigraph-server` process (server.md §§2–4, 13): arguments, start-up, announcement, shutdown. */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import pino, { type Logger } from 'pino';
import { bootServer, type RunningServer } from './boot.js';
import { isTruthy } from './runtime-state.js';
import { type Environment, StartupError } from './tokens.js';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

interface Flags {
  readonly cluster?: string;
  readonly bind: string;
  readonly unauthenticated?: true;
  readonly requireAllGraphs?: true;
}

/** Runs the server until a signal stops it; sets the exit code of the process. */
export async function main(args: readonly string[], env: Environment): Promise<void> {
  const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };
  const flags = parseFlags(args, version);
  if (flags === undefined) return;
  const logger = pino({ level: env.OMNIGRAPH_LOG ?? 'info', base: null }, pino.destination({ fd: 2, sync: true }));
  try {
    const server = await start(flags, env, version, logger);
    process.stdout.write(`OMNIGRAPH_LISTEN_ADDR=${server.address}\n`);
    stopOnSignal(server, logger);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`Error: ${error.message}\n`);
    process.exitCode = EXIT_REFUSED;
  }
}

function start(flags: Flags, env: Environment, version: string, logger: Logger): Promise<RunningServer> {
  if (flags.cluster === undefined) {
    throw new StartupError(
      'omnigraph-server boots from a cluster: give --cluster <dir|uri>. Serving a single graph by its address is gone; ' +
        'declare the graph in cluster.yaml and run `omnigraph cluster apply`',
    );
  }
  return bootServer({
    cluster: flags.cluster,
    bind: parseBind(flags.bind),
    unauthenticated: flags.unauthenticated === true || isTruthy(env.OMNIGRAPH_UNAUTHENTICATED),
    requireAllGraphs: flags.requireAllGraphs === true || isTruthy(env.OMNIGRAPH_REQUIRE_ALL_GRAPHS),
    env,
    version,
    logger,
  });
}

function parseFlags(args: readonly string[], version: string): Flags | undefined {
  const command = new Command('omnigraph-server')
    .description('Serves the applied revision of one cluster over HTTP.')
    .version(version, '--version')
    .option('--cluster <dir|uri>', 'boot source: a config directory, or a storage root such as s3://bucket/prefix')
    .option('--bind <host:port>', 'listen address; port 0 picks a free one', '127.0.0.1:8080')
    .option('--unauthenticated', 'allow serving without tokens and without policies (or OMNIGRAPH_UNAUTHENTICATED=1)')
    .option(
      '--require-all-graphs',
      'refuse to start when any graph cannot be served (or OMNIGRAPH_REQUIRE_ALL_GRAPHS=1)',
    )
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `
Bearer tokens come from OMNIGRAPH_SERVER_BEARER_TOKEN, …_TOKENS_JSON ({"actor":"token"}) or …_TOKENS_FILE.
The address it listens on is printed to stdout as OMNIGRAPH_LISTEN_ADDR=<ip>:<port>; logs go to stderr.

Example:
  OMNIGRAPH_SERVER_BEARER_TOKENS_JSON='{"act-ada":"secret"}' omnigraph-server --cluster ./deploy --bind 127.0.0.1:0`,
    )
    .exitOverride();
  try {
    return command.parse(args, { from: 'user' }).opts<Flags>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    return undefined;
  }
}

export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, an IPv6 host in brackets. */
export function parseBind(text: string): BindAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535)
    throw new StartupError(`--bind ${text}: expected <host>:<port>, such as 127.0.0.1:8080`);
  return { host, port };
}

/** The first signal drains: what is under way finishes, an admitted write is never cut. A second one ends at once. */
function stopOnSignal(server: RunningServer, logger: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(EXIT_REFUSED);
    stopping = true;
    logger.info({ signal }, 'shutting down');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(EXIT_REFUSED);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
