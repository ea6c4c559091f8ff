/**
 * What in a storage root nothing needs any more: found, not deleted. Beyond upstream. Only keys below `__cluster/` that
 * this control plane writes itself are ever considered; graph roots and foreign files never are.
 */
import {
  APPROVALS_PREFIX,
  CATALOG_PREFIX,
  CLUSTER_PREFIX,
  type GarbageKind,
  graphAddress,
  isBlobKey,
  isConsumed,
  isCorruptStateKey,
  type Ledger,
  parseAddress,
  parseApproval,
  parseSidecar,
  RECOVERIES_PREFIX,
  schemaAddress,
} from 'omnigraph-language';
import type { ListedObject, ObjectStore } from '../storage/index.js';
import { blobKeyOf } from './catalog.js';
import { mapConcurrently } from './concurrently.js';
import type { GraphOperations } from './graph-operations.js';
import { observeGraphRoot } from './graph-roots.js';
import { decodeUtf8 } from './ledger.js';
import { classifySidecar } from './sweep.js';

export interface Garbage {
  readonly key: string;
  readonly kind: GarbageKind;
  readonly reason: string;
  readonly size: number;
  /** When it was written or, an approval, consumed. */
  readonly since: Date;
}

interface Collection {
  readonly store: ObjectStore;
  readonly ledger: Ledger;
  readonly graphs: Pick<GraphOperations, 'read'>;
}

/** Everything that nothing needs, whatever its age, in key order. Throws `StorageError`. */
export async function findGarbage(collection: Collection): Promise<readonly Garbage[]> {
  const found = [
    ...(await catalogGarbage(collection)),
    ...(await approvalGarbage(collection)),
    ...(await sidecarGarbage(collection)),
    ...(await corruptCopies(collection)),
  ];
  return found.sort((left, right) => (left.key < right.key ? -1 : 1));
}

async function catalogGarbage({ store, ledger }: Collection): Promise<readonly Garbage[]> {
  const named = new Set(
    [...ledger.applied_revision.resources].flatMap(([address, { digest }]) => blobKeyOf(address, digest) ?? []),
  );
  return (await store.listBelow(CATALOG_PREFIX))
    .filter(({ key }) => isBlobKey(key) && !named.has(key))
    .map((object) => garbage(object, 'catalog_blob', 'the applied revision does not name it'));
}

async function approvalGarbage({ store, ledger }: Collection): Promise<readonly Garbage[]> {
  const listed = await directlyBelow(store, APPROVALS_PREFIX);
  const found = await mapConcurrently(listed, async (object): Promise<readonly Garbage[]> => {
    const { value: approval } = parseApproval(await readText(store, object.key), object.key);
    if (approval === undefined || !isConsumed(approval, ledger)) return [];
    const reason = `it was consumed by ${approval.consumed_by_operation ?? 'a run that the ledger records'}`;
    const consumedAt = new Date(approval.consumed_at ?? Number.NaN);
    const since = Number.isNaN(consumedAt.getTime()) ? object.modified : consumedAt;
    return [{ ...garbage(object, 'approval', reason), since }];
  });
  return found.flat();
}

/** Sidecars whose operation left nothing to record, and malformed ones once every graph is what the ledger says. */
async function sidecarGarbage(collection: Collection): Promise<readonly Garbage[]> {
  const { store, ledger, graphs } = collection;
  const { resources } = ledger.applied_revision;
  let settled: Promise<boolean> | undefined;
  const found = await mapConcurrently(
    await directlyBelow(store, RECOVERIES_PREFIX),
    async (object): Promise<readonly Garbage[]> => {
      const stem = object.key.slice(RECOVERIES_PREFIX.length + 1, -SUFFIX.length);
      const reading = parseSidecar(await readText(store, object.key), stem, object.key);
      if (reading.kind === 'sidecar') {
        const graph = reading.sidecar.graph_id;
        const recorded = {
          schemaDigest: resources.get(schemaAddress(graph))?.digest,
          hasGraph: resources.has(graphAddress(graph)),
        };
        const verdict = classifySidecar(reading.sidecar, await observeGraphRoot(store, graph, graphs), recorded);
        if (verdict.outcome !== 'nothing_to_do') return [];
        return [garbage(object, 'recovery_sidecar', `the ledger records what became of ${graphAddress(graph)}`)];
      }
      // A document of a later version is someone's who knows more than this one does.
      if (reading.diagnostic.code !== 'invalid_recovery_sidecar') return [];
      settled ??= isSettled(collection);
      if (!(await settled)) return [];
      return [garbage(object, 'recovery_sidecar', 'it is malformed, and every graph is what the ledger records')];
    },
  );
  return found.flat();
}

/** Whether every applied graph opens and has the schema that is recorded for it. */
async function isSettled({ store, ledger, graphs }: Collection): Promise<boolean> {
  const { resources } = ledger.applied_revision;
  const applied = [...resources.keys()].flatMap((address) => {
    const parsed = parseAddress(address);
    return parsed.kind === 'graph' ? [parsed.graph] : [];
  });
  const settled = await mapConcurrently(applied, async (graph) => {
    const root = await observeGraphRoot(store, graph, graphs);
    return root.kind === 'open' && root.schemaDigest === resources.get(schemaAddress(graph))?.digest;
  });
  return settled.every(Boolean);
}

async function corruptCopies({ store }: Collection): Promise<readonly Garbage[]> {
  const names = (await store.list(CLUSTER_PREFIX)).map((name) => `${CLUSTER_PREFIX}/${name}`);
  if (!names.some(isCorruptStateKey)) return [];
  return (await store.listBelow(CLUSTER_PREFIX))
    .filter(({ key }) => isCorruptStateKey(key))
    .map((object) => garbage(object, 'corrupt_state_copy', 'the ledger was rebuilt and is in order'));
}

const SUFFIX = '.json';

const directlyBelow = async (store: ObjectStore, prefix: string): Promise<readonly ListedObject[]> =>
  (await store.listBelow(prefix)).filter(
    ({ key }) => key.endsWith(SUFFIX) && !key.slice(prefix.length + 1).includes('/'),
  );

const readText = async (store: ObjectStore, key: string): Promise<string> =>
  decodeUtf8((await store.read(key)) ?? new Uint8Array()) ?? '';

const garbage = ({ key, size, modified }: ListedObject, kind: GarbageKind, reason: string): Garbage => ({
  key,
  kind,
  reason,
  size,
  since: modified,
});
