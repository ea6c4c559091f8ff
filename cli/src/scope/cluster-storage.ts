/**
 * A cluster as a direct command sees it (cli.md §5.4): its store and, from the ledger alone, where an applied graph
 * lies. No payload is checked and no pending recovery blocks, so this works on a degraded cluster.
 */
import { type Ledger, parseAddress } from 'omnigraph-language';
import { graphLocationOf, loadHeaderFrom, openClusterStore, readLedger } from 'omnigraph-server/control';
import { type ObjectStore, openStore } from 'omnigraph-server/storage';
import { Failure } from '../failure.js';
import type { OperatorConfig } from '../operator/config.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A name under `clusters:` stands for its root; anything else is a config directory or a storage root as it is. */
export const clusterLocation = (cluster: string, config: OperatorConfig): string =>
  config.clusters.get(cluster)?.root ?? cluster;

/** The URI of an applied graph's storage; without `graph` the only one. Throws `Failure` with what to do. */
export async function appliedGraphUri(
  cluster: string,
  graph: string | undefined,
  config: OperatorConfig,
  env: Environment,
): Promise<string> {
  const location = clusterLocation(cluster, config);
  const store = await clusterStore(location, env);
  const applied = appliedGraphs(await requireLedger(store, location));
  if (graph !== undefined) {
    if (applied.includes(graph)) return graphLocationOf(store, graph);
    const known = applied.length === 0 ? 'no graph is applied' : `applied graphs: ${applied.join(', ')}`;
    throw new Failure(
      `graph '${graph}' is not applied in the cluster at ${location} (${known}); declare it in cluster.yaml and run \`omnigraph cluster apply\``,
    );
  }
  const [only] = applied;
  if (only === undefined) {
    throw new Failure(`no graph is applied in the cluster at ${location}; run \`omnigraph cluster apply\``);
  }
  if (applied.length === 1) return graphLocationOf(store, only);
  throw new Failure(
    `the cluster at ${location} has ${applied.length} graphs: ${applied.join(', ')}; pass \`--graph <id>\` to pick one`,
  );
}

async function clusterStore(location: string, env: Environment): Promise<ObjectStore> {
  if (location.includes('://')) return openStore(location, env);
  const { header } = await loadHeaderFrom(location);
  const opened = openClusterStore(header, location, { openStore: (root) => openStore(root, env) });
  if (opened.kind === 'open') return opened.store;
  throw new Failure(opened.diagnostic.message);
}

async function requireLedger(store: ObjectStore, location: string): Promise<Ledger> {
  const snapshot = await readLedger(store);
  switch (snapshot.kind) {
    case 'ledger':
      return snapshot.ledger;
    case 'missing':
      throw new Failure(`the cluster at ${location} has no ledger yet; run \`omnigraph cluster apply\``);
    case 'invalid':
    case 'unreadable':
      throw new Failure(`the ledger of the cluster at ${location} cannot be used: ${snapshot.diagnostic.message}`);
    default:
      return snapshot satisfies never;
  }
}

const appliedGraphs = (ledger: Ledger): readonly string[] =>
  [...ledger.applied_revision.resources.keys()]
    .flatMap((address) => {
      const parsed = parseAddress(address);
      return parsed.kind === 'graph' ? [parsed.graph] : [];
    })
    .sort();
