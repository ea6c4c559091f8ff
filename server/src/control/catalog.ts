/**
 * The catalog: content-addressed copies of query and policy files. Contract: cluster.md §2 and H1: a blob counts only
 * after its content hashed to its name, so a tampered one is noticed and rewritten.
 */
import {
  clusterError,
  clusterWarning,
  contentDigest,
  type Diagnostic,
  type LedgerResource,
  parseAddress,
  policyBlobKey,
  queryBlobKey,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { mapConcurrently } from './concurrently.js';

/** Where the blob of a query or policy lies; `undefined` for a resource that has none. */
export function blobKeyOf(address: string, digest: string): string | undefined {
  const parsed = parseAddress(address);
  switch (parsed.kind) {
    case 'query':
      return queryBlobKey(parsed.graph, parsed.query, digest);
    case 'policy':
      return policyBlobKey(parsed.policy, digest);
    case 'graph':
    case 'schema':
    case 'embedding_provider':
    case 'unknown':
      return undefined;
    default:
      return parsed satisfies never;
  }
}

export type BlobReading =
  | { readonly kind: 'intact'; readonly bytes: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'mismatch'; readonly actual: string }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Reads a blob and re-hashes it. */
export async function readBlob(store: ObjectStore, key: string, digest: string): Promise<BlobReading> {
  try {
    const bytes = await store.read(key);
    if (bytes === undefined) return { kind: 'missing' };
    const actual = contentDigest(bytes);
    return actual === digest ? { kind: 'intact', bytes } : { kind: 'mismatch', actual };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'unreadable', message: error.message };
  }
}

/** Makes sure that the blob is there with this content. Throws `StorageError`. */
export async function putBlob(store: ObjectStore, key: string, bytes: Uint8Array, digest: string): Promise<void> {
  // Nearly every blob to be put is new, and then this one request is all.
  if (await store.putIfAbsent(key, bytes)) return;
  const existing = await readBlob(store, key, digest);
  if (existing.kind !== 'intact') await store.write(key, bytes);
}

export interface InspectedBlob {
  readonly address: string;
  readonly blob: BlobReading;
  /** What is wrong with it: `catalog_payload_missing`, `catalog_payload_mismatch` or `catalog_payload_read_error`. */
  readonly diagnostic?: Diagnostic;
}

/** Re-hashes the blob of every query and policy, in the given order. `remedy`: what to do about a lost one. */
export async function inspectBlobs(
  store: ObjectStore,
  resources: ReadonlyMap<string, LedgerResource>,
  remedy: string,
): Promise<readonly InspectedBlob[]> {
  const named = [...resources].flatMap(([address, { digest }]) => {
    const key = blobKeyOf(address, digest);
    return key === undefined ? [] : [{ address, digest, key }];
  });
  return mapConcurrently(named, async ({ address, digest, key }) => {
    const blob = await readBlob(store, key, digest);
    const diagnostic = describeBlob(address, blob, store.display(key), remedy);
    return { address, blob, ...(diagnostic && { diagnostic }) };
  });
}

function describeBlob(address: string, blob: BlobReading, place: string, remedy: string): Diagnostic | undefined {
  switch (blob.kind) {
    case 'intact':
      return undefined;
    case 'missing':
      return clusterWarning('catalog_payload_missing', address, `${place} is missing`, { remedy });
    case 'mismatch': {
      const message = `${place} has digest sha256:${blob.actual}`;
      return clusterWarning('catalog_payload_mismatch', address, message, { remedy });
    }
    case 'unreadable':
      return clusterError('catalog_payload_read_error', address, blob.message);
    default:
      return blob satisfies never;
  }
}
