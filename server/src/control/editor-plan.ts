/**
 * Plans for the editor: what `cluster plan` would say of a revision that may not even be saved, without the lock and
 * without the native engine. Nothing is written. Ledger and listings are read each time; the plan and the graph roots
 * only when configuration, ledger, lock or listings differ from the last time (design §5).
 */
import { APPROVALS_PREFIX, type DesiredRevision, RECOVERIES_PREFIX, type ResourceStatus } from 'omnigraph-language';
import type { GraphPreview, PlanPreview, PlanSource } from 'omnigraph-language/editor';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { openClusterStore } from './cluster-store.js';
import { mapConcurrently } from './concurrently.js';
import { observeGraphRoot } from './graph-roots.js';
import { type LedgerSnapshot, readLedger } from './ledger.js';
import { type LockReading, type LockView, observeLock } from './lock.js';
import { previewCluster } from './plan.js';
import { type ControlOptions, type ControlRuntime, runtimeOf } from './runtime.js';
import { observeState } from './state-observations.js';

/** A source of plans over this process's files and environment; `runtime` replaces parts of the world, for tests. */
export function nodePlanSource(options: Omit<ControlOptions, 'configDir'> = {}): PlanSource {
  const remembered = new Map<string, { readonly tag: string; readonly preview: PlanPreview }>();
  return {
    async preview(desired, { configDir, fresh = false }) {
      const runtime = runtimeOf({ ...options, configDir });
      const opened = openClusterStore(desired.header, configDir, runtime);
      if (desired.header === undefined || opened.kind === 'refused') {
        const report = await previewCluster(desired, { ...options, configDir });
        return { ...NOTHING_KNOWN, report, ledger: opened.kind === 'refused' ? 'unreachable' : 'unknown' };
      }
      const store = rememberingReads(opened.store);
      const recorded = await readRecorded(store);
      const tag = tagOf(store, desired, recorded);
      const known = remembered.get(configDir);
      if (!fresh && known?.tag === tag) return known.preview;
      const preview = await previewOn(store, desired, recorded, { ...options, configDir, runtime });
      remembered.set(configDir, { tag, preview });
      return preview;
    },
  };
}

const NOTHING_KNOWN = {
  resource_statuses: new Map<string, ResourceStatus>(),
  graphs: new Map<string, GraphPreview>(),
} as const;

interface Recorded {
  readonly snapshot: LedgerSnapshot;
  readonly lock: LockReading;
  readonly sidecars: readonly string[];
  readonly approvals: readonly string[];
}

async function readRecorded(store: ObjectStore): Promise<Recorded> {
  const [snapshot, lock, sidecars, approvals] = await Promise.all([
    readLedger(store),
    observeLock(store, 'warning'),
    namesIn(store, RECOVERIES_PREFIX),
    namesIn(store, APPROVALS_PREFIX),
  ]);
  return { snapshot, lock, sidecars, approvals };
}

/** The plan reports a listing that fails; here only what was listed counts. */
async function namesIn(store: ObjectStore, prefix: string): Promise<readonly string[]> {
  try {
    return await store.list(prefix);
  } catch (error) {
    if (error instanceof StorageError) return [];
    throw error;
  }
}

const tagOf = (store: ObjectStore, { configDigest }: DesiredRevision, recorded: Recorded): string => {
  const { snapshot, lock, sidecars, approvals } = recorded;
  const ledger = 'cas' in snapshot ? snapshot.cas : snapshot.kind;
  const holder = lock.kind === 'held' ? lock.document.lock_id : lock.kind;
  // Without a digest the revision has errors, and nobody can tell two such revisions apart.
  return JSON.stringify([store.location, configDigest ?? {}, ledger, holder, sidecars, approvals]);
};

async function previewOn(
  store: ObjectStore,
  desired: DesiredRevision,
  { snapshot, lock }: Recorded,
  options: ControlOptions & { readonly runtime: ControlRuntime },
): Promise<PlanPreview> {
  const runtime = { ...options.runtime, openStore: () => store };
  const report = await previewCluster(desired, { ...options, runtime });
  const ledger = snapshot.kind === 'ledger' ? snapshot.ledger : undefined;
  const recorded = [...(ledger?.applied_revision.resources.keys() ?? [])];
  const ids = recorded.flatMap((address) => (address.startsWith('graph.') ? [address.slice('graph.'.length)] : []));
  const graphs = await mapConcurrently(ids, async (id) => [id, await previewGraph(store, id, runtime)] as const);
  return {
    // The plan takes no lock and, of a revision with errors, reads no ledger: both are known here.
    report: { ...report, state_observations: observeState(store, snapshot, lockView(lock), runtime.now()) },
    ledger: LEDGER_STATES[snapshot.kind],
    resource_statuses: ledger?.resource_statuses ?? NOTHING_KNOWN.resource_statuses,
    graphs: new Map(graphs),
  };
}

const LEDGER_STATES = {
  ledger: 'found',
  missing: 'missing',
  invalid: 'unusable',
  unreadable: 'unreachable',
} as const satisfies Readonly<Record<LedgerSnapshot['kind'], PlanPreview['ledger']>>;

async function previewGraph(store: ObjectStore, id: string, runtime: ControlRuntime): Promise<GraphPreview> {
  const root = await observeGraphRoot(store, id, runtime.graphs);
  switch (root.kind) {
    case 'absent':
      return { kind: 'absent' };
    case 'open':
      return { kind: 'open', accepted: root.accepted, branches: root.branches, rows: root.entityCounts };
    case 'unopenable':
    case 'unverifiable':
      return { kind: 'unreadable', message: root.message };
    default:
      return root satisfies never;
  }
}

function lockView(lock: LockReading): LockView {
  if (lock.kind === 'held') return { foreign: { document: lock.document } };
  return lock.kind === 'invalid' ? { foreign: {} } : {};
}

/** Reads each object once: the plan is then made from the very ledger that its tag names. */
function rememberingReads(store: ObjectStore): ObjectStore {
  const reads = new Map<string, Promise<Uint8Array | undefined>>();
  const listings = new Map<string, Promise<readonly string[]>>();
  const once = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const running = known.get(key) ?? make();
    known.set(key, running);
    return running;
  };
  return {
    location: store.location,
    display: (key) => store.display(key),
    below: (prefix) => store.below(prefix),
    read: (key) => once(reads, key, () => store.read(key)),
    list: (prefix) => once(listings, prefix, () => store.list(prefix)),
    listBelow: (prefix) => store.listBelow(prefix),
    readVersioned: (key) => store.readVersioned(key),
    exists: (key) => store.exists(key),
    existsBelow: (prefix) => store.existsBelow(prefix),
    write: (key, bytes) => store.write(key, bytes),
    putIfAbsent: (key, bytes) => store.putIfAbsent(key, bytes),
    putIfMatch: (key, bytes, etag) => store.putIfMatch(key, bytes, etag),
    delete: (key) => store.delete(key),
    deleteBelow: (prefix) => store.deleteBelow(prefix),
  };
}
