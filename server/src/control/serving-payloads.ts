/** Stored queries and policies as they are served: from verified catalog blobs alone (cluster.md §17, 4 and 7). */
import {
  CLUSTER_BINDING,
  type ClusterCode,
  clusterError,
  type Diagnostic,
  type Ledger,
  type LedgerResource,
  owningGraph,
  parseAddress,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { blobKeyOf, readBlob } from './catalog.js';
import { mapConcurrently } from './concurrently.js';
import { decodeUtf8 } from './ledger.js';

export interface ServingPolicy {
  readonly name: string;
  /** Verified against its recorded digest. */
  readonly text: string;
  readonly digest: string;
}

export interface ServingQuery {
  readonly name: string;
  /** The whole source file, verified against its recorded digest. */
  readonly source: string;
  readonly digest: string;
}

export interface ServedPayloads {
  readonly queriesOf: ReadonlyMap<string, readonly ServingQuery[]>;
  /** `cluster` or `graph.<id>` → its one policy. */
  readonly policyOf: ReadonlyMap<string, ServingPolicy>;
  readonly errors: readonly Diagnostic[];
}

const REPUBLISH = 'run `omnigraph cluster refresh` and `omnigraph cluster apply`, then restart the server';

/** Reads the blobs of all entries that concern served graphs; errors come in address order. */
export async function readServedPayloads(
  store: ObjectStore,
  ledger: Ledger,
  quarantined: ReadonlySet<string>,
): Promise<ServedPayloads> {
  const wanted = wantedEntries(ledger, quarantined);
  const blobs = await mapConcurrently(wanted, (entry) => readText(store, entry));
  const queriesOf = new Map<string, ServingQuery[]>();
  const policyOf = new Map<string, ServingPolicy>();
  const errors: Diagnostic[] = [];
  for (const [at, { address, entry, scopes }] of wanted.entries()) {
    const blob = blobs[at];
    errors.push(...scopes.errors);
    if (blob?.kind !== 'text') {
      if (blob !== undefined) errors.push(blob.error);
      continue;
    }
    const parsed = parseAddress(address);
    if (parsed.kind === 'query') {
      const queries = queriesOf.get(parsed.graph) ?? [];
      queries.push({ name: parsed.query, source: blob.text, digest: entry.digest });
      queriesOf.set(parsed.graph, queries);
    } else if (parsed.kind === 'policy') {
      const policy = { name: parsed.policy, text: blob.text, digest: entry.digest };
      errors.push(...bindPolicy(policy, address, scopes.bound, policyOf));
    }
  }
  return { queriesOf, policyOf, errors };
}

interface WantedEntry {
  readonly address: string;
  readonly entry: LedgerResource;
  readonly scopes: PolicyScopes;
}

interface PolicyScopes {
  readonly bound: readonly string[];
  readonly errors: readonly Diagnostic[];
}

const NO_SCOPES: PolicyScopes = { bound: [], errors: [] };

/** Queries of served graphs, and policies that govern anything served. */
function wantedEntries(ledger: Ledger, quarantined: ReadonlySet<string>): readonly WantedEntry[] {
  const isServed = (graph: string | undefined): boolean => graph === undefined || !quarantined.has(graph);
  return [...ledger.applied_revision.resources].flatMap(([address, entry]): readonly WantedEntry[] => {
    const parsed = parseAddress(address);
    if (parsed.kind === 'query') return isServed(parsed.graph) ? [{ address, entry, scopes: NO_SCOPES }] : [];
    if (parsed.kind !== 'policy') return [];
    const scopes = scopesOf(address, entry);
    const bound = scopes.bound.filter((scope) => isServed(owningGraph(scope)));
    return bound.length === 0 && scopes.errors.length === 0 ? [] : [{ address, entry, scopes: { ...scopes, bound } }];
  });
}

function scopesOf(address: string, { applies_to: bindings }: LedgerResource): PolicyScopes {
  if (bindings === undefined) {
    const remedy = 'run `omnigraph cluster apply`, which records them, then restart the server';
    return {
      bound: [],
      errors: [clusterError('policy_bindings_missing', address, 'no bindings are recorded for it', { remedy })],
    };
  }
  const isScope = (binding: string): boolean => binding === CLUSTER_BINDING || parseAddress(binding).kind === 'graph';
  const remedy = 'restore the ledger from a trusted copy, or run `omnigraph cluster apply`';
  return {
    bound: bindings.filter(isScope),
    errors: bindings
      .filter((binding) => !isScope(binding))
      .map((binding) =>
        clusterError('unknown_policy_binding', address, `it is bound to unknown scope "${binding}"`, { remedy }),
      ),
  };
}

/** Two bundles on one scope are never merged silently. */
function bindPolicy(
  policy: ServingPolicy,
  address: string,
  scopes: readonly string[],
  policyOf: Map<string, ServingPolicy>,
): readonly Diagnostic[] {
  return scopes.flatMap((scope) => {
    const earlier = policyOf.get(scope);
    if (earlier === undefined) {
      policyOf.set(scope, policy);
      return [];
    }
    const message = `policies "${earlier.name}" and "${policy.name}" both govern ${scope}`;
    const remedy = 'merge them into one and run `omnigraph cluster apply`';
    return [clusterError('duplicate_policy_binding', address, message, { remedy })];
  });
}

type BlobText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly error: Diagnostic };

async function readText(store: ObjectStore, { address, entry }: WantedEntry): Promise<BlobText> {
  const problem = (code: ClusterCode, message: string): BlobText => ({
    kind: 'problem',
    error: clusterError(code, address, message, { remedy: REPUBLISH }),
  });
  const key = blobKeyOf(address, entry.digest);
  if (key === undefined) throw new Error(`${address} has no blob`);
  const place = store.display(key);
  const blob = await readBlob(store, key, entry.digest);
  switch (blob.kind) {
    case 'intact': {
      const text = decodeUtf8(blob.bytes);
      return text === undefined
        ? problem('catalog_payload_digest_mismatch', `${place} is not UTF-8 text`)
        : { kind: 'text', text };
    }
    case 'missing':
      return problem('catalog_payload_missing', `${place} is missing`);
    case 'unreadable':
      return problem('catalog_payload_missing', `${place} cannot be read: ${blob.message}`);
    case 'mismatch':
      return problem('catalog_payload_digest_mismatch', `${place} has content of digest ${blob.actual}`);
    default:
      return blob satisfies never;
  }
}
