/** Graphs that a cluster owns (cli.md §5.6): a root of the exact shape `<root>/graphs/<id>.omni` beside a ledger. */
import { resolve } from 'node:path';
import { STATE_KEY } from 'omnigraph-language';
import { openStore } from 'omnigraph-server/storage';
import { Failure } from '../failure.js';

const CLUSTER_GRAPH = /^(.+)\/graphs\/[^/]+\.omni$/s;

/** Throws `Failure` when a cluster manages the graph at `uri`; any other shape of URI causes no I/O. */
export async function refuseClusterManaged(
  uri: string,
  remedy: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const location = uri.includes('://') ? uri : resolve(uri);
  const root = CLUSTER_GRAPH.exec(location.replace(/\/+$/, ''))?.[1];
  if (root === undefined || !(await openStore(root, env).exists(STATE_KEY))) return;
  throw new Failure(`${uri} belongs to the cluster at ${root}: ${remedy}`);
}
