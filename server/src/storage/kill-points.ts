/**
 * The places where a process can be killed between two writes, for crash tests: before and after each kind of write that
 * the control plane and the engine make. Nothing of it exists in normal use: a store is wrapped only when the
 * environment names a point in `OMNIGRAPH_TEST_KILL_AT`. Contract: cluster.md §15 ("a separate kill mode").
 */
import type { ETag, ObjectStore } from './object-store.js';
import type { Environment } from './s3-environment.js';

/** Kinds of writes, by what they touch. Keys are relative to the storage root or to a graph's root. */
const WRITES = [
  ['lock_write', 'put', /^__cluster\/lock\.json$/],
  ['lock_release', 'delete', /^__cluster\/lock\.json$/],
  ['sidecar_write', 'put', /^__cluster\/recoveries\//],
  ['sidecar_delete', 'delete', /^__cluster\/recoveries\//],
  ['payload_write', 'put', /^__cluster\/resources\//],
  ['ledger_write', 'put', /^__cluster\/state\.json$/],
  ['corrupt_ledger_copy', 'put', /^__cluster\/state\.corrupt-/],
  ['approval_write', 'put', /^__cluster\/approvals\//],
  ['graph_delete', 'delete', /^graphs\/[^/]+\.omni$/],
  ['schema_object_write', 'put', /^schema\//],
  ['schema_apply_mark', 'put', /^schema-apply\.json$/],
  ['schema_apply_unmark', 'delete', /^schema-apply\.json$/],
  ['branch_registry_write', 'put', /^branches\//],
  ['format_marker_write', 'put', /^format\.json$/],
  ['commit_record_write', 'put', /^log\/[^/]+\/\d+\.json$/],
] as const;

type WriteKind = (typeof WRITES)[number][0];
type Side = 'before' | 'after';

/** `before_` and `after_` each kind of write. */
export type KillPoint = `${Side}_${WriteKind}`;

export const KILL_POINTS: readonly KillPoint[] = WRITES.flatMap(([kind]): readonly KillPoint[] => [
  `before_${kind}`,
  `after_${kind}`,
]);

export const KILL_VARIABLE = 'OMNIGRAPH_TEST_KILL_AT';

/**
 * The store itself, or one that ends the process without any clean-up at the point the environment names:
 * `after_ledger_write`, or `after_payload_write#2` for the second time that point is passed. Throws for an unknown name.
 */
export function withKillPoint(store: ObjectStore, env: Environment): ObjectStore {
  const written = env[KILL_VARIABLE]?.trim();
  if (!written) return store;
  const [name, nth = '1'] = written.split('#');
  const point = KILL_POINTS.find((known) => known === name);
  if (point === undefined || !/^[1-9]\d*$/.test(nth)) {
    throw new Error(`${KILL_VARIABLE} names no kill point: "${written}"; known are ${KILL_POINTS.join(', ')}`);
  }
  return new MortalStore(store, { point, nth: Number(nth) });
}

interface Death {
  readonly point: KillPoint;
  readonly nth: number;
}

/** How often the point was passed: every store of the process counts together. */
let passed = 0;

class MortalStore implements ObjectStore {
  readonly location: string;
  readonly #store: ObjectStore;
  readonly #death: Death;

  constructor(store: ObjectStore, death: Death) {
    this.location = store.location;
    this.#store = store;
    this.#death = death;
  }

  display = (key: string): string => this.#store.display(key);
  below = (prefix: string): ObjectStore => new MortalStore(this.#store.below(prefix), this.#death);
  read = (key: string) => this.#store.read(key);
  readVersioned = (key: string) => this.#store.readVersioned(key);
  exists = (key: string) => this.#store.exists(key);
  existsBelow = (prefix: string) => this.#store.existsBelow(prefix);
  list = (prefix: string) => this.#store.list(prefix);
  listBelow = (prefix: string) => this.#store.listBelow(prefix);

  write = (key: string, bytes: Uint8Array) => this.#around('put', key, () => this.#store.write(key, bytes));
  putIfAbsent = (key: string, bytes: Uint8Array) => this.#around('put', key, () => this.#store.putIfAbsent(key, bytes));
  putIfMatch = (key: string, bytes: Uint8Array, etag: ETag) =>
    this.#around('put', key, () => this.#store.putIfMatch(key, bytes, etag));
  delete = (key: string) => this.#around('delete', key, () => this.#store.delete(key));
  deleteBelow = (prefix: string) => this.#around('delete', prefix, () => this.#store.deleteBelow(prefix));

  async #around<T>(operation: 'put' | 'delete', key: string, act: () => Promise<T>): Promise<T> {
    const kinds = WRITES.filter(([, of, pattern]) => of === operation && pattern.test(key)).map(([kind]) => kind);
    for (const kind of kinds) await this.#pass(`before_${kind}`);
    const result = await act();
    for (const kind of kinds) await this.#pass(`after_${kind}`);
    return result;
  }

  async #pass(point: KillPoint): Promise<void> {
    if (point !== this.#death.point) return;
    passed += 1;
    if (passed !== this.#death.nth) return;
    // SIGKILL runs no handler, as a power cut would not; nothing after it may run.
    process.kill(process.pid, 'SIGKILL');
    await new Promise<never>(() => {
      setInterval(() => {}, 60_000);
    });
  }
}
