/**
 * What requests share: whole columns, id maps and adjacency of exact table versions, kept while a byte budget lasts.
 * Keys name immutable things (a table at a version), so an entry never goes stale; it only becomes unused and leaves.
 */
import { totalmem } from 'node:os';

export interface Measured<T> {
  readonly value: T;
  readonly bytes: number;
}

interface Entry {
  readonly value: Promise<unknown>;
  bytes: number;
}

const MOST_COUNTED = 10_000;

export class ResidentCache {
  /** In order of last use: the first is the next to go. */
  readonly #entries = new Map<string, Entry>();
  readonly #uses = new Map<string, number>();
  #bytes = 0;

  constructor(readonly budget: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The value under `key`, loaded once however many ask; a failed load is forgotten and reported to all who waited. */
  get<T>(key: string, load: () => Promise<Measured<T>>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      // The key names the kind of the value, so its type is the one it was stored with.
      return known.value as Promise<T>;
    }
    const loading = load();
    const entry: Entry = { value: loading.then(({ value }) => value), bytes: 0 };
    this.#entries.set(key, entry);
    loading.then(
      ({ bytes }) => this.#account(key, entry, bytes),
      () => this.#forget(key, entry),
    );
    return entry.value as Promise<T>;
  }

  /** How often this has been called for `key`, this time included. */
  countUse(key: string): number {
    const uses = (this.#uses.get(key) ?? 0) + 1;
    // Keys name table versions, which a busy graph makes without end: old counts may go.
    if (this.#uses.size >= MOST_COUNTED) this.#uses.clear();
    this.#uses.set(key, uses);
    return uses;
  }

  #account(key: string, entry: Entry, bytes: number): void {
    if (this.#entries.get(key) !== entry) return;
    if (bytes > this.budget) {
      this.#entries.delete(key);
      return;
    }
    entry.bytes = bytes;
    this.#bytes += bytes;
    for (const [oldest, candidate] of this.#entries) {
      if (this.#bytes <= this.budget) return;
      // One still loading frees nothing.
      if (candidate.bytes > 0) this.#forget(oldest, candidate);
    }
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

const GIBIBYTE = 2 ** 30;

/** The one of this process: a quarter of the machine's memory, at most 1 GiB. */
export const processCache = new ResidentCache(Math.min(GIBIBYTE, totalmem() / 4));
