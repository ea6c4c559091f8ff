/** A storage root as people write it (a path, `file://`, `s3://`) and the store it names. cluster.md §3.2. */
import { fileURLToPath } from 'node:url';
import { openDiskStore } from './disk-store.js';
import { withKillPoint } from './kill-points.js';
import { type ObjectStore, StorageError } from './object-store.js';
import type { Environment } from './s3-environment.js';
import { openS3Store } from './s3-store.js';

export type StorageRoot =
  | { readonly kind: 'disk'; readonly directory: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/** Reads a root. A plain path stays as written (the caller resolves it). Throws `StorageError` naming what is wrong. */
export function parseStorageRoot(root: string): StorageRoot {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(root)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      if (root.trim() === '') throw refuse(root, 'it is empty');
      return { kind: 'disk', directory: root };
    case 'file':
      return { kind: 'disk', directory: directoryOf(root) };
    case 's3':
      return bucketOf(root);
    default:
      throw refuse(root, `${scheme}:// is not supported; use a path, file:// or s3://`);
  }
}

/** Opens the store at a root, without touching it yet. Throws `StorageError` for a root that names none. */
export function openStore(root: string, env: Environment): ObjectStore {
  return withKillPoint(openRoot(parseStorageRoot(root), env), env);
}

function openRoot(root: StorageRoot, env: Environment): ObjectStore {
  switch (root.kind) {
    case 'disk':
      return openDiskStore(root.directory);
    case 's3':
      return openS3Store({ bucket: root.bucket, prefix: root.prefix, env });
  }
}

function directoryOf(root: string): string {
  try {
    return fileURLToPath(root);
  } catch (error) {
    throw refuse(root, error instanceof Error ? error.message : String(error));
  }
}

function bucketOf(root: string): StorageRoot {
  const rest = root.slice('s3://'.length);
  const slash = rest.indexOf('/');
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  const prefix = slash === -1 ? '' : rest.slice(slash + 1).replace(/\/+$/, '');
  // Never echo the root here: what stands before an `@` may be a secret.
  if (bucket.includes('@')) throw refuse('s3://…', 'credentials belong in the environment');
  if (bucket === '') throw refuse(root, 'the bucket is missing');
  if (/[?#]/.test(rest)) throw refuse(root, 'a query or fragment has no meaning here');
  if (prefix.split('/').some((part) => part === '.' || part === '..' || (part === '' && prefix !== ''))) {
    throw refuse(root, 'the prefix holds an empty, "." or ".." part');
  }
  return { kind: 's3', bucket, prefix };
}

const refuse = (root: string, reason: string): StorageError => new StorageError('open', root, new Error(reason));
