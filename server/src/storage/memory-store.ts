/** The store of tests and previews: a map, with the same promises as the others (cluster.md §7). */
import { contentTag } from './content-tag.js';
import { byCodeUnit, checkedKey, checkedPrefix, joinKeys, nameDirectlyBelow } from './keys.js';
import type { ETag, ListedObject, ObjectStore, VersionedObject } from './object-store.js';

export const openMemoryStore = (location = 'memory:'): ObjectStore => new MemoryStore(location, '', new Map());

interface Stored {
  readonly bytes: Uint8Array;
  readonly modified: Date;
}

class MemoryStore implements ObjectStore {
  readonly location: string;
  readonly #prefix: string;
  readonly #objects: Map<string, Stored>;

  constructor(location: string, prefix: string, objects: Map<string, Stored>) {
    this.location = location;
    this.#prefix = prefix;
    this.#objects = objects;
  }

  display(key: string): string {
    return joinKeys(this.location, key);
  }

  below(prefix: string): ObjectStore {
    const inner = checkedPrefix(prefix);
    return new MemoryStore(this.display(inner), joinKeys(this.#prefix, inner), this.#objects);
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    return this.#objects.get(this.#full(key))?.bytes.slice();
  }

  async readVersioned(key: string): Promise<VersionedObject | undefined> {
    const bytes = await this.read(key);
    return bytes && { bytes, etag: contentTag(bytes) };
  }

  async exists(key: string): Promise<boolean> {
    return this.#objects.has(this.#full(key));
  }

  async existsBelow(prefix: string): Promise<boolean> {
    return this.#keysBelow(prefix).length > 0;
  }

  async list(prefix: string): Promise<readonly string[]> {
    const place = joinKeys(this.#prefix, checkedPrefix(prefix));
    return [...this.#objects.keys()].flatMap((key) => nameDirectlyBelow(place, key) ?? []).sort(byCodeUnit);
  }

  async listBelow(prefix: string): Promise<readonly ListedObject[]> {
    const lead = this.#prefix === '' ? 0 : this.#prefix.length + 1;
    return this.#keysBelow(prefix)
      .flatMap((key) => {
        const stored = this.#objects.get(key);
        return stored ? [{ key: key.slice(lead), size: stored.bytes.length, modified: stored.modified }] : [];
      })
      .sort((left, right) => byCodeUnit(left.key, right.key));
  }

  async write(key: string, bytes: Uint8Array): Promise<void> {
    this.#put(this.#full(key), bytes);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const full = this.#full(key);
    if (this.#objects.has(full)) return false;
    this.#put(full, bytes);
    return true;
  }

  async putIfMatch(key: string, bytes: Uint8Array, etag: ETag): Promise<ETag | undefined> {
    const full = this.#full(key);
    const current = this.#objects.get(full);
    if (current === undefined || contentTag(current.bytes) !== etag) return undefined;
    this.#put(full, bytes);
    return contentTag(bytes);
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(this.#full(key));
  }

  async deleteBelow(prefix: string): Promise<void> {
    for (const key of this.#keysBelow(prefix)) this.#objects.delete(key);
  }

  #put(full: string, bytes: Uint8Array): void {
    this.#objects.set(full, { bytes: bytes.slice(), modified: new Date() });
  }

  #full(key: string): string {
    return joinKeys(this.#prefix, checkedKey(key));
  }

  #keysBelow(prefix: string): readonly string[] {
    const place = joinKeys(this.#prefix, checkedPrefix(prefix));
    const lead = place === '' ? '' : `${place}/`;
    return [...this.#objects.keys()].filter((key) => key === place || key.startsWith(lead));
  }
}
