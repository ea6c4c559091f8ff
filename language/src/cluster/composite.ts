/**
 * Composite digests of the graphs in a ledger: computing, checking and renewing them. Contract: cluster.md §6, §8.1,
 * and H2: whatever changes a part of a graph must renew its composite, or the next check takes the ledger for forged.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import { graphAddress, parseAddress, schemaAddress, sortedMap } from './address.js';
import { clusterError } from './cluster-diagnostic.js';
import { graphComposite } from './digest.js';
import type { LedgerResource } from './ledger.js';

/** The part of a graph's entry that its composite binds besides the parts' digests. */
type GraphMetadata = Pick<LedgerResource, 'embedding_provider' | 'external_blob_policy'>;

/** Errors for every graph whose recorded composite is not what its parts and metadata give (§8.1). */
export function checkComposites(resources: ReadonlyMap<string, LedgerResource>): readonly Diagnostic[] {
  const queries = queriesByGraph(resources);
  return graphsOf(resources).flatMap(([graph, entry]) => {
    if (compositeOf(resources, queries, graph, entry) === entry.digest) return [];
    return [
      clusterError(
        'external_blob_policy_digest_mismatch',
        graphAddress(graph),
        'the recorded metadata and part digests do not give the recorded composite digest',
        { remedy: 'restore the ledger from a trusted copy; do not edit it by hand' },
      ),
    ];
  });
}

/**
 * The same resources with the composite of every graph renewed. `metadataOf` says what a graph's entry records from now
 * on; by default what it records already.
 */
export function renewComposites(
  resources: ReadonlyMap<string, LedgerResource>,
  metadataOf: (graph: string, recorded: LedgerResource) => GraphMetadata = (_, recorded) => recorded,
): ReadonlyMap<string, LedgerResource> {
  const queries = queriesByGraph(resources);
  const renewed = graphsOf(resources).map(([graph, entry]): readonly [string, LedgerResource] => {
    const { embedding_provider: provider, external_blob_policy: policy } = metadataOf(graph, entry);
    const metadata = {
      ...(provider !== undefined && { embedding_provider: provider }),
      ...(policy && { external_blob_policy: policy }),
    };
    return [graphAddress(graph), { digest: compositeOf(resources, queries, graph, metadata), ...metadata }];
  });
  return sortedMap(new Map([...resources, ...renewed]));
}

type QueriesByGraph = ReadonlyMap<string, ReadonlyMap<string, string>>;

function compositeOf(
  resources: ReadonlyMap<string, LedgerResource>,
  queries: QueriesByGraph,
  graph: string,
  metadata: GraphMetadata,
): string {
  const { embedding_provider: provider, external_blob_policy: blobPolicy } = metadata;
  return graphComposite({
    id: graph,
    schema: resources.get(schemaAddress(graph))?.digest,
    queries: queries.get(graph) ?? new Map(),
    ...(provider !== undefined && { provider: { address: provider, digest: resources.get(provider)?.digest } }),
    blobPolicy,
  });
}

const graphsOf = (
  resources: ReadonlyMap<string, LedgerResource>,
): readonly (readonly [graph: string, entry: LedgerResource])[] =>
  [...resources].flatMap(([address, entry]) => {
    const parsed = parseAddress(address);
    return parsed.kind === 'graph' ? [[parsed.graph, entry] as const] : [];
  });

function queriesByGraph(resources: ReadonlyMap<string, LedgerResource>): QueriesByGraph {
  const byGraph = new Map<string, Map<string, string>>();
  for (const [address, { digest }] of resources) {
    const parsed = parseAddress(address);
    if (parsed.kind !== 'query') continue;
    const queries = byGraph.get(parsed.graph) ?? new Map<string, string>();
    queries.set(parsed.query, digest);
    byGraph.set(parsed.graph, queries);
  }
  return byGraph;
}
