/**
 * Recovery sidecars: one file of intent per operation that can create, move or delete a graph, written before it.
 * Contract: cluster.md §8.3. They are read in name order, which is the order of their ULIDs.
 */
import {
  clusterWarning,
  type Diagnostic,
  parseSidecar,
  RECOVERIES_PREFIX,
  recoveryKey,
  type Sidecar,
  serializeSidecar,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { decodeUtf8 } from './ledger.js';

export interface SidecarListing {
  /** Only the valid ones, in name order. The others are warned of and stay where they are. */
  readonly sidecars: readonly Sidecar[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function readSidecars(store: ObjectStore): Promise<SidecarListing> {
  const { names, diagnostics } = await listSidecars(store);
  const sidecars: Sidecar[] = [];
  const problems: Diagnostic[] = [...diagnostics];
  for (const name of names) {
    const key = `${RECOVERIES_PREFIX}/${name}`;
    try {
      const bytes = await store.read(key);
      if (bytes === undefined) continue;
      const reading = parseSidecar(decodeUtf8(bytes) ?? '', name.slice(0, -JSON_SUFFIX.length), store.display(key));
      if (reading.kind === 'sidecar') sidecars.push(reading.sidecar);
      else problems.push(reading.diagnostic);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      problems.push(clusterWarning('invalid_recovery_sidecar', store.display(key), error.message));
    }
  }
  return { sidecars, diagnostics: problems };
}

/** One `cluster_recovery_pending` warning per sidecar file, without looking into it: what plan and status say (§11). */
export async function warnOfSidecars(store: ObjectStore): Promise<readonly Diagnostic[]> {
  const { names, diagnostics } = await listSidecars(store);
  const warnings = names.map((name) =>
    clusterWarning(
      'cluster_recovery_pending',
      store.display(`${RECOVERIES_PREFIX}/${name}`),
      'an earlier apply did not finish',
      { remedy: 'run `omnigraph cluster apply` or `omnigraph cluster refresh` to recover' },
    ),
  );
  return [...diagnostics, ...warnings];
}

/** Creates or rewrites a sidecar. Throws `StorageError`. */
export const writeSidecar = (store: ObjectStore, sidecar: Sidecar): Promise<void> =>
  store.write(recoveryKey(sidecar.operation_id), new TextEncoder().encode(serializeSidecar(sidecar)));

/** Deletes sidecars that have served their purpose. One that cannot be deleted is warned of; the next sweep retires it. */
export async function deleteSidecars(
  store: ObjectStore,
  operationIds: readonly string[],
): Promise<readonly Diagnostic[]> {
  const warnings: Diagnostic[] = [];
  for (const id of operationIds) {
    try {
      await store.delete(recoveryKey(id));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      warnings.push(
        clusterWarning('recovery_sidecar_cleanup_failed', store.display(recoveryKey(id)), error.message, {
          remedy: 'the next apply or refresh removes it',
        }),
      );
    }
  }
  return warnings;
}

const JSON_SUFFIX = '.json';

async function listSidecars(
  store: ObjectStore,
): Promise<{ readonly names: readonly string[]; readonly diagnostics: readonly Diagnostic[] }> {
  try {
    const names = await store.list(RECOVERIES_PREFIX);
    return { names: names.filter((name) => name.endsWith(JSON_SUFFIX)), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const place = store.display(RECOVERIES_PREFIX);
    return { names: [], diagnostics: [clusterWarning('recovery_sidecar_read_error', place, error.message)] };
  }
}
