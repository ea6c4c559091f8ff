/** The embedding providers that served graphs are bound to: recorded, complete and unaltered (cluster.md §17, 3 and 4). */
import {
  clusterError,
  type Diagnostic,
  graphAddress,
  type Ledger,
  parseAddress,
  providerDigest,
} from 'omnigraph-language';

const REPUBLISH = 'run `omnigraph cluster refresh` and `omnigraph cluster apply`, then restart the server';
const BACKFILL = 'run `omnigraph cluster apply`, which records it, then restart the server';

export function checkServedProviders(ledger: Ledger, served: readonly string[]): readonly Diagnostic[] {
  const { resources } = ledger.applied_revision;
  const bound = new Set<string>();
  const problems: Diagnostic[] = [];
  for (const graph of served) {
    const address = resources.get(graphAddress(graph))?.embedding_provider;
    if (address === undefined) continue;
    if (parseAddress(address).kind !== 'embedding_provider') {
      const message = `it is bound to "${address}", which is no embedding provider`;
      problems.push(clusterError('wrong_kind_reference', graphAddress(graph), message, { remedy: BACKFILL }));
    } else if (!resources.has(address)) {
      const message = `it is bound to ${address}, which is not recorded`;
      problems.push(clusterError('embedding_provider_missing', graphAddress(graph), message, { remedy: BACKFILL }));
    } else bound.add(address);
  }
  for (const address of bound) {
    const entry = resources.get(address);
    if (entry?.embedding_profile === undefined) {
      const message = 'no profile is recorded for it';
      problems.push(clusterError('embedding_provider_profile_missing', address, message, { remedy: BACKFILL }));
    } else if (providerDigest(entry.embedding_profile) !== entry.digest) {
      const message = 'its recorded profile does not have its recorded digest';
      problems.push(clusterError('embedding_provider_digest_mismatch', address, message, { remedy: REPUBLISH }));
    }
  }
  return problems;
}
