/** The store a cluster keeps its things in: where the header says, or the config directory itself. cluster.md §3.2. */
import path from 'node:path';
import { type ClusterHeader, clusterError, type Diagnostic, graphRootKey } from 'omnigraph-language';
import { type ObjectStore, openDiskStore, StorageError } from '../storage/index.js';
import type { ControlRuntime } from './runtime.js';

export type ClusterStore =
  | { readonly kind: 'open'; readonly store: ObjectStore }
  /** `store` is what paths are displayed with; it must not be used for anything else. */
  | { readonly kind: 'refused'; readonly store: ObjectStore; readonly diagnostic: Diagnostic };

/** Opens the store, without touching it. A relative root resolves against the config directory (H5). */
export function openClusterStore(
  header: ClusterHeader | undefined,
  configDir: string,
  runtime: Pick<ControlRuntime, 'openStore'>,
): ClusterStore {
  try {
    return { kind: 'open', store: runtime.openStore(storageRootOf(header, configDir)) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const diagnostic = clusterError('storage_root_invalid', 'storage', error.message, {
      remedy: 'check the AWS_* variables of the environment',
    });
    return { kind: 'refused', store: openDiskStore(configDir), diagnostic };
  }
}

function storageRootOf(header: ClusterHeader | undefined, configDir: string): string {
  const storage = header?.storage ?? { kind: 'config_dir' };
  switch (storage.kind) {
    case 'config_dir':
      return path.resolve(configDir);
    case 'local':
      return path.resolve(configDir, storage.path);
    case 's3':
      return storage.uri;
    default:
      return storage satisfies never;
  }
}

/** Path or URI of a graph's root, for the engine, sidecars and people. Derived from its id alone (H4). */
export const graphLocationOf = (store: ObjectStore, graph: string): string => store.display(graphRootKey(graph));
