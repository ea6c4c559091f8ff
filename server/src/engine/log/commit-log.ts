/**
 * The commit log of one branch lifetime: numbered records, each created only if absent. `append` is the one point where
 * a commit becomes visible (invariant 5 of the design); the compare-and-swap works alike on disk and on S3.
 */
import type { ObjectStore } from '../../storage/index.js';
import { GraphError } from '../graph-error.js';
import { type CommitRecord, parseRecord, serializeRecord } from './commit-record.js';
import { JsonObject, jsonBytes } from './json-object.js';
import { hintKey, type Incarnation, recordKey } from './layout.js';

/** A head this far behind is found by one round of probes. */
const PROBES_AT_ONCE = 16;
const MOST_CACHED_RECORDS = 1024;

export class CommitLog {
  readonly #store: ObjectStore;
  readonly #incarnation: Incarnation;
  readonly #first: number;
  /** Records never change, so a cached one is never stale. In order of insertion. */
  readonly #cache = new Map<number, CommitRecord>();
  #newest: CommitRecord | undefined;

  /** `first` is the number of the log's first record. */
  constructor(store: ObjectStore, incarnation: Incarnation, first: number) {
    this.#store = store;
    this.#incarnation = incarnation;
    this.#first = first;
  }

  /** The newest record; `undefined` when the log has none yet. */
  async head(): Promise<CommitRecord | undefined> {
    const known = this.#newest?.commit.graph_manifest_version;
    if (known !== undefined) {
      const next = await this.record(known + 1);
      if (next === undefined) return this.#newest;
    }
    const start = known ?? (await this.#hint()) ?? this.#first;
    if (known === undefined && !(await this.#exists(start))) return this.#withoutHint(start);
    return this.#remember(await this.#last(start));
  }

  /** A record by its number (the manifest version it published). */
  async record(sequence: number): Promise<CommitRecord | undefined> {
    const cached = this.#cache.get(sequence);
    if (cached !== undefined) return cached;
    const key = recordKey(this.#incarnation, sequence);
    const bytes = await this.#store.read(key);
    if (bytes === undefined) return undefined;
    const record = parseRecord(this.#store.display(key), bytes);
    if (record.commit.graph_manifest_version !== sequence) {
      throw new GraphError(
        'internal',
        `corrupt object ${this.#store.display(key)}: it says it is version ${record.commit.graph_manifest_version}`,
      );
    }
    this.#keep(sequence, record);
    return record;
  }

  /** Publishes `record` as the next one. False: another writer was first, and nothing happened. */
  async append(record: CommitRecord): Promise<boolean> {
    const sequence = record.commit.graph_manifest_version;
    const created = await this.#store.putIfAbsent(recordKey(this.#incarnation, sequence), serializeRecord(record));
    if (!created) return false;
    this.#keep(sequence, record);
    this.#remember(record);
    return true;
  }

  /** Whether enough commits were made since the last hint for `writeHint` to shorten the next opening. */
  hintIsDue(): boolean {
    return (this.#newest?.commit.graph_manifest_version ?? 0) % PROBES_AT_ONCE === 0;
  }

  /** Leaves a note where the head is. Only a shortcut: an old or missing hint is probed past. */
  async writeHint(): Promise<void> {
    const sequence = this.#newest?.commit.graph_manifest_version;
    if (sequence !== undefined) await this.#store.write(hintKey(this.#incarnation), jsonBytes({ head: sequence }));
  }

  /** Records from the head down, in groups read at once; stop asking to stop reading. */
  async *newestFirst(): AsyncGenerator<readonly CommitRecord[]> {
    const head = await this.head();
    const newest = head?.commit.graph_manifest_version ?? 0;
    for (let from = newest; from >= this.#first; from -= PROBES_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(PROBES_AT_ONCE, from - this.#first + 1) }, (_, at) => from - at);
      yield await Promise.all(numbers.map((sequence) => this.#existing(sequence)));
    }
  }

  /**
   * The record of a commit; `undefined` when this log has none with that id. Ids are made in time order, so a binary
   * search finds it in a few reads; only ids from machines whose clocks disagree, and unknown ones, need the whole log.
   */
  async find(commitId: string): Promise<CommitRecord | undefined> {
    const head = await this.head();
    if (head === undefined) return undefined;
    let [low, high] = [this.#first, head.commit.graph_manifest_version];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { commit } = await this.#existing(middle);
      if (commit.graph_commit_id < commitId) low = middle + 1;
      else high = middle;
    }
    const nearest = await this.#existing(low);
    if (nearest.commit.graph_commit_id === commitId) return nearest;
    for await (const records of this.newestFirst()) {
      const found = records.find((record) => record.commit.graph_commit_id === commitId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Records have no holes, so the last of an unbroken run of existing numbers is the head. */
  async #last(start: number): Promise<CommitRecord> {
    let last = start;
    for (;;) {
      const numbers = Array.from({ length: PROBES_AT_ONCE }, (_, at) => last + 1 + at);
      const present = await Promise.all(numbers.map((sequence) => this.#exists(sequence)));
      const missing = present.indexOf(false);
      last += missing === -1 ? PROBES_AT_ONCE : missing;
      if (missing !== -1) return this.#existing(last);
    }
  }

  /** A hint may point to a record that is gone only when the log was tampered with; a log without records is empty. */
  async #withoutHint(start: number): Promise<CommitRecord | undefined> {
    if (start === this.#first || !(await this.#exists(this.#first))) return undefined;
    return this.#remember(await this.#last(this.#first));
  }

  async #existing(sequence: number): Promise<CommitRecord> {
    const record = await this.record(sequence);
    if (record !== undefined) return record;
    const key = recordKey(this.#incarnation, sequence);
    throw new GraphError('internal', `missing object ${this.#store.display(key)}: later commits exist`);
  }

  async #exists(sequence: number): Promise<boolean> {
    return this.#cache.has(sequence) || this.#store.exists(recordKey(this.#incarnation, sequence));
  }

  async #hint(): Promise<number | undefined> {
    const key = hintKey(this.#incarnation);
    const bytes = await this.#store.read(key);
    return bytes === undefined ? undefined : JsonObject.parse(this.#store.display(key), bytes).count('head');
  }

  #keep(sequence: number, record: CommitRecord): void {
    this.#cache.set(sequence, record);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= MOST_CACHED_RECORDS) break;
      this.#cache.delete(oldest);
    }
  }

  #remember(record: CommitRecord): CommitRecord {
    const newest = this.#newest?.commit.graph_manifest_version ?? -1;
    if (record.commit.graph_manifest_version > newest) this.#newest = record;
    return this.#newest ?? record;
  }
}
