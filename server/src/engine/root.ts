/**
 * What can be told of a graph from the small objects of its root alone, without the native engine: validate, plan,
 * status and the editor read graphs only through here (invariant 4 of the design).
 */
import type { BoundSchema } from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { GraphError } from './graph-error.js';
import { CommitLog, checkFormatMarker, MAIN, MAIN_INCARNATION, readBranches, readSchema } from './log/index.js';
import type { Commit } from './types.js';

export interface GraphRootState {
  /** The accepted source text, byte for byte as applied. */
  readonly schemaSource: string;
  /** The accepted schema with its stable ids. */
  readonly schema: BoundSchema;
  /** Live branch names, `main` among them, sorted bytewise. */
  readonly branches: readonly string[];
  /** The newest commit on main and its manifest version. */
  readonly headCommit: Commit;
  readonly manifestVersion: number;
  /** Exact counts at that commit, by type key (`node:Port`, `edge:Route`). */
  readonly entityCounts: ReadonlyMap<string, number>;
}

export type GraphRoot =
  | { readonly kind: 'absent' }
  | { readonly kind: 'open'; readonly state: GraphRootState }
  /** Something is there and cannot be used: another format, a corrupt or missing object, a storage failure. */
  | { readonly kind: 'unreadable'; readonly problem: string; readonly cause: 'damaged' | 'unreachable' };

/** Reads the graph whose root `store` is. Never rejects for anything a damaged or unreachable root can cause. */
export async function readGraphRoot(store: ObjectStore): Promise<GraphRoot> {
  try {
    return await readRoot(store);
  } catch (error) {
    if (error instanceof GraphError || error instanceof StorageError) {
      return {
        kind: 'unreadable',
        problem: error.message,
        cause: error instanceof StorageError ? 'unreachable' : 'damaged',
      };
    }
    throw error;
  }
}

async function readRoot(store: ObjectStore): Promise<GraphRoot> {
  const marked = await checkFormatMarker(store);
  const head = await new CommitLog(store, MAIN_INCARNATION, 1).head();
  if (head === undefined) {
    // A marker alone is what an initialiser that died before its one visible step leaves.
    return { kind: 'absent' };
  }
  if (!marked) throw new GraphError('internal', `${store.location} holds commits but no format marker`);
  const [branches, accepted] = await Promise.all([readBranches(store), readSchema(store, head.schema)]);
  if (!branches.has(MAIN)) throw new GraphError('internal', `${store.location}: the branch registry lacks ${MAIN}`);
  return {
    kind: 'open',
    state: {
      schemaSource: accepted.source,
      schema: accepted.bound,
      branches: [...branches.keys()].sort(bytewise),
      headCommit: head.commit,
      manifestVersion: head.commit.graph_manifest_version,
      entityCounts: new Map([...head.tables].map(([key, table]) => [key, table.entityCount])),
    },
  };
}

const bytewise = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));
