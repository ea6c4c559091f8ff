/** A store that counts what is asked of the one behind it: on S3 each operation is at least one paid request. */
import type { ObjectStore } from 'omnigraph-server/storage';

export interface StorageCount {
  requests: number;
  /** Read and written, bodies alone. */
  bytes: number;
}

/** Everything asked of the store and of those below it is added to `count`. */
export function countingStore(store: ObjectStore, count: StorageCount): ObjectStore {
  const counted = async <T>(task: Promise<T>, sent = 0): Promise<T> => {
    count.requests += 1;
    count.bytes += sent;
    return task;
  };
  return {
    location: store.location,
    display: (key) => store.display(key),
    below: (prefix) => countingStore(store.below(prefix), count),
    async read(key) {
      const bytes = await counted(store.read(key));
      count.bytes += bytes?.length ?? 0;
      return bytes;
    },
    async readVersioned(key) {
      const object = await counted(store.readVersioned(key));
      count.bytes += object?.bytes.length ?? 0;
      return object;
    },
    exists: (key) => counted(store.exists(key)),
    existsBelow: (prefix) => counted(store.existsBelow(prefix)),
    list: (prefix) => counted(store.list(prefix)),
    listBelow: (prefix) => counted(store.listBelow(prefix)),
    write: (key, bytes) => counted(store.write(key, bytes), bytes.length),
    putIfAbsent: (key, bytes) => counted(store.putIfAbsent(key, bytes), bytes.length),
    putIfMatch: (key, bytes, etag) => counted(store.putIfMatch(key, bytes, etag), bytes.length),
    delete: (key) => counted(store.delete(key)),
    deleteBelow: (prefix) => counted(store.deleteBelow(prefix)),
  };
}
