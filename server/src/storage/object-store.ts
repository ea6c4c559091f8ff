/**
 * The storage adapter of cluster.md §7: one interface, three backends (local disk, S3, memory). Keys are relative,
 * `/`-separated, without leading slash. Every operation either keeps its promise or rejects with `StorageError`;
 * "not there" is a value, not an error.
 */
export type ETag = string & { readonly __etag: unique symbol };

export interface VersionedObject {
  readonly bytes: Uint8Array;
  readonly etag: ETag;
}

/** An object as a listing shows it. */
export interface ListedObject {
  /** Relative to the store that was asked. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last written, by the clock of the storage. */
  readonly modified: Date;
}

export interface ObjectStore {
  /** Where the store is, as shown to people: an absolute path or an `s3://` URI, never with credentials. */
  readonly location: string;
  /** `location` joined with a key, for messages. */
  display(key: string): string;
  /** A store whose keys live below `prefix` of this one. */
  below(prefix: string): ObjectStore;

  read(key: string): Promise<Uint8Array | undefined>;
  readVersioned(key: string): Promise<VersionedObject | undefined>;
  exists(key: string): Promise<boolean>;
  /** True when anything lies at or below the prefix; on disk an empty directory counts (cluster.md §7). */
  existsBelow(prefix: string): Promise<boolean>;
  /** Names directly below a prefix, objects only, in ascending code-unit order. A missing prefix is an empty list. */
  list(prefix: string): Promise<readonly string[]>;
  /** Objects at any depth below a prefix, in ascending code-unit order of their keys; symbolic links are left out. */
  listBelow(prefix: string): Promise<readonly ListedObject[]>;

  /** Readers see the old bytes or the new ones, never a torn object. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** Exactly one of any number of concurrent callers gets `true`; the content is complete the instant it is visible. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
  /** The new tag, or `undefined` when the object no longer carries `etag` (a lost race, or deleted). */
  putIfMatch(key: string, bytes: Uint8Array, etag: ETag): Promise<ETag | undefined>;
  delete(key: string): Promise<void>;
  deleteBelow(prefix: string): Promise<void>;
}

export class StorageError extends Error {
  override readonly name = 'StorageError';
  constructor(
    readonly operation: string,
    readonly target: string,
    cause: unknown,
  ) {
    super(`${operation} ${target}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
