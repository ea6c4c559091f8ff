/**
 * Creating a graph (engine.md §1): empty tables, schema objects, format marker, then the genesis commit, whose creation
 * is the one step that makes it a graph. Of two initialisers exactly one wins; the loser removes its own tables.
 */
import { initializeSchema } from 'omnigraph-language';
import { monotonicFactory, ulid } from 'ulid';
import type { ObjectStore } from '../storage/index.js';
import { GraphError } from './graph-error.js';
import type { GraphLocation } from './location.js';
import {
  CommitLog,
  type CommitRecord,
  checkFormatMarker,
  MAIN_INCARNATION,
  SCHEMA_PREFIX,
  type TypeTable,
  writeFirstRegistry,
  writeFormatMarker,
  writeSchemaObjects,
} from './log/index.js';
import { boundIds } from './pinned-snapshot.js';
import { compileOrRefuse } from './schema/compile-desired.js';
import { newTablePath, typeKeyOf } from './table-names.js';
import { TableStore } from './tables/index.js';
import type { Commit } from './types.js';

export interface InitOptions {
  readonly schemaSource: string;
  readonly actor: string | null;
  /** Go on over what an initialiser that died left behind. Never overwrites a graph. */
  readonly force?: boolean;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Fresh ULIDs. */
  readonly ids?: () => string;
}

/**
 * Makes a graph of the location and returns its genesis commit. Throws `GraphError`: `bad_request` for a schema with
 * errors, `conflict` (`already_initialized`), `internal` (`initialization_indeterminate`).
 */
export async function initGraph(location: GraphLocation, options: InitOptions): Promise<Commit> {
  const { store } = location;
  const { clock = Date.now, ids = monotonicFactory() } = options;
  const catalog = compileOrRefuse(options.schemaSource);
  await refuseOccupiedRoot(store, options.force ?? false);
  const domain = ulid(clock());
  const bound = initializeSchema(catalog, domain);
  const commitId = ids();
  const tables = new TableStore({ ...location, identity: domain });
  const made: string[] = [];
  try {
    // Tables first: what fails most likely fails before anything that would make the root look occupied.
    const entries: [string, TypeTable][] = [];
    for (const type of [...bound.catalog.edges.values(), ...bound.catalog.nodes.values()]) {
      const path = newTablePath(type, commitId);
      made.push(path);
      entries.push([typeKeyOf(type), { ...boundIds(type), ...(await tables.create(path, type)) }]);
    }
    const source = await writeSchemaObjects(store, bound, options.schemaSource);
    await writeFirstRegistry(store);
    await writeFormatMarker(store);
    const record: CommitRecord = {
      commit: genesis(commitId, options.actor, clock()),
      schema: { ir: bound.irHash, source, since: 1 },
      tables: new Map(entries),
    };
    await publishGenesis(store, record);
    return record.commit;
  } catch (error) {
    if (!(error instanceof IndeterminateGenesis)) {
      // Best effort: what cannot be removed is named by nothing and disturbs nobody.
      await Promise.allSettled(made.map((path) => tables.drop(path)));
    }
    throw error;
  } finally {
    tables.close();
  }
}

/** Whether the genesis commit landed is unknown, so everything written is kept. */
class IndeterminateGenesis extends GraphError {}

async function refuseOccupiedRoot(store: ObjectStore, force: boolean): Promise<void> {
  const marked = await checkFormatMarker(store);
  if ((await new CommitLog(store, MAIN_INCARNATION, 1).head()) !== undefined) throw alreadyInitialized(store);
  const stray = marked || (await store.list(SCHEMA_PREFIX)).length > 0;
  if (stray && !force) {
    throw new GraphError(
      'conflict',
      `already_initialized: ${store.location} holds parts of an unfinished initialisation; use --force to start over`,
    );
  }
}

async function publishGenesis(store: ObjectStore, record: CommitRecord): Promise<void> {
  const log = new CommitLog(store, MAIN_INCARNATION, 1);
  let created: boolean;
  try {
    created = await log.append(record);
  } catch (error) {
    const landed = await log.record(1).catch(() => undefined);
    if (landed?.commit.graph_commit_id === record.commit.graph_commit_id) return;
    if (landed !== undefined) throw alreadyInitialized(store);
    const reason = error instanceof Error ? error.message : String(error);
    throw new IndeterminateGenesis(
      'internal',
      `initialization_indeterminate: it is unknown whether ${store.location} was initialised; look again (${reason})`,
    );
  }
  if (!created) throw alreadyInitialized(store);
}

const alreadyInitialized = (store: ObjectStore): GraphError =>
  new GraphError('conflict', `already_initialized: ${store.location} is a graph already`);

const genesis = (id: string, actor: string | null, now: number): Commit => ({
  graph_commit_id: id,
  graph_branch: null,
  graph_manifest_version: 1,
  parent_commit_id: null,
  merged_parent_commit_id: null,
  actor_id: actor,
  created_at: now * 1000,
});
