/** Where a server boots from: a storage root, or a config directory that names one. Contract: cluster.md §17. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type ClusterCode,
  CONFIG_FILE,
  clusterError,
  type Diagnostic,
  readStorageDeclaration,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { openClusterStore } from './cluster-store.js';
import { messageOf } from './error-text.js';
import { decodeUtf8 } from './ledger.js';
import type { ControlRuntime } from './runtime.js';

export type ServingSource =
  | { readonly kind: 'open'; readonly store: ObjectStore; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: 'refused'; readonly error: Diagnostic };

/**
 * Opens the store a `--cluster` argument names, without touching it. An argument with `://` is a storage root; anything
 * else a directory, whose `cluster.yaml` contributes only `storage:`.
 */
export async function openServingSource(
  cluster: string,
  runtime: Pick<ControlRuntime, 'openStore'>,
): Promise<ServingSource> {
  if (cluster.includes('://')) return openRoot(cluster, runtime);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.resolve(cluster, CONFIG_FILE));
  } catch (error) {
    if (isMissing(error)) return openRoot(path.resolve(cluster), runtime);
    return refused(
      'cluster_config_read_error',
      CONFIG_FILE,
      messageOf(error),
      'make it readable, or boot from the storage root',
    );
  }
  const declaration = readStorageDeclaration(decodeUtf8(bytes) ?? '\0', CONFIG_FILE);
  switch (declaration.kind) {
    case 'declared': {
      const opened = openClusterStore({ storage: declaration.storage, lock: false }, cluster, runtime);
      return opened.kind === 'open'
        ? { kind: 'open', store: opened.store, warnings: [] }
        : { kind: 'refused', error: opened.diagnostic };
    }
    case 'unparseable': {
      const opened = openRoot(path.resolve(cluster), runtime);
      return opened.kind === 'open' ? { ...opened, warnings: [declaration.diagnostic] } : opened;
    }
    case 'rejected':
      return { kind: 'refused', error: declaration.diagnostic };
    default:
      return declaration satisfies never;
  }
}

function openRoot(root: string, runtime: Pick<ControlRuntime, 'openStore'>): ServingSource {
  try {
    return { kind: 'open', store: runtime.openStore(root), warnings: [] };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return refused(
      'storage_root_invalid',
      'storage',
      error.message,
      'give a directory, file:///folder or s3://bucket/prefix',
    );
  }
}

const refused = (code: ClusterCode, at: string, message: string, remedy: string): ServingSource => ({
  kind: 'refused',
  error: clusterError(code, at, message, { remedy }),
});

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
