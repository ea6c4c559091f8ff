/**
 * The catalog: content-addressed copies of query and policy files. Contract: cluster.md §2 and H1: a blob counts only
 * after its content hashed to its name, so a tampered one is noticed and rewritten.
 */
import { contentDigest, parseAddress, policyBlobKey, queryBlobKey } from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';

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
  const existing = await readBlob(store, key, digest);
  if (existing.kind !== 'intact') await store.write(key, bytes);
}
