/**
 * What can be seen of a graph's root without the native engine. Contract: cluster.md §7 (existence) and §14. Only the
 * root that the graph's id gives below the current storage root is ever looked at (H4).
 */
import { type Catalog, contentDigest, type EntityCounts, graphRootKey } from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { graphLocationOf } from './cluster-store.js';
import { messageOf } from './error-text.js';
import type { GraphOperations } from './graph-operations.js';

export type GraphRoot =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'open';
      readonly schemaDigest: string;
      readonly accepted: Catalog;
      readonly manifestVersion: number;
      readonly branches: readonly string[];
      readonly entityCounts: EntityCounts;
    }
  /** Something is there, but it is no graph that can be opened. */
  | { readonly kind: 'unopenable'; readonly message: string }
  /** Whether anything is there could not be found out; nothing may be concluded (H8). */
  | { readonly kind: 'unverifiable'; readonly message: string };

export async function observeGraphRoot(
  store: ObjectStore,
  graph: string,
  operations: Pick<GraphOperations, 'read'>,
): Promise<GraphRoot> {
  const observed = await observe(store, graph, operations);
  return observed.kind === 'recovery_required' ? { kind: 'unopenable', message: observed.message } : observed;
}

/** Like `observeGraphRoot`, but lets the engine finish a recovery that it has pending, once, and looks again (H12). */
export async function recoverGraphRoot(
  store: ObjectStore,
  graph: string,
  operations: Pick<GraphOperations, 'read' | 'recover'>,
): Promise<GraphRoot> {
  const observed = await observe(store, graph, operations);
  if (observed.kind !== 'recovery_required') return observed;
  try {
    await operations.recover(graphLocationOf(store, graph));
  } catch (error) {
    return { kind: 'unopenable', message: messageOf(error) };
  }
  return observeGraphRoot(store, graph, operations);
}

const UNREADABLE = {
  damaged: 'unopenable',
  unreachable: 'unverifiable',
  recovery_required: 'recovery_required',
} as const;

async function observe(
  store: ObjectStore,
  graph: string,
  operations: Pick<GraphOperations, 'read'>,
): Promise<GraphRoot | { readonly kind: 'recovery_required'; readonly message: string }> {
  try {
    const reading = await operations.read(store.below(graphRootKey(graph)));
    switch (reading.kind) {
      case 'absent':
        // Looked up only now: a root that opens, as nearly all do, needs no proof that it exists.
        return (await store.existsBelow(graphRootKey(graph)))
          ? { kind: 'unopenable', message: 'the root holds no complete graph' }
          : { kind: 'absent' };
      case 'unreadable':
        return { kind: UNREADABLE[reading.cause], message: reading.message };
      case 'open': {
        const { schemaText, accepted, manifestVersion, branches, entityCounts } = reading;
        const schemaDigest = contentDigest(schemaText);
        return { kind: 'open', schemaDigest, accepted, manifestVersion, branches, entityCounts };
      }
      default:
        return reading satisfies never;
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'unverifiable', message: error.message };
  }
}
