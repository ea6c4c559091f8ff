/**
 * Step 1 of the serving read: which graphs an interrupted operation keeps from being served. A sidecar that cannot be
 * read, or that names no graph, could be about any of them, so it refuses boot. Contract: cluster.md §17.
 */
import {
  byCodeUnit,
  clusterError,
  clusterWarning,
  type Diagnostic,
  graphAddress,
  parseSidecar,
  RECOVERIES_PREFIX,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';
import { decodeUtf8 } from './ledger.js';

export interface Quarantine {
  /** In id order. */
  readonly graphs: ReadonlySet<string>;
  readonly warnings: readonly Diagnostic[];
  readonly errors: readonly Diagnostic[];
}

const SUFFIX = '.json';
const RECOVER = 'run `omnigraph cluster apply`, then restart the server';

/** Reads every sidecar, in name order. */
export async function readQuarantine(store: ObjectStore): Promise<Quarantine> {
  const pending = new Map<string, Diagnostic>();
  const errors: Diagnostic[] = [];
  for (const name of await listSidecarNames(store, errors)) {
    const key = `${RECOVERIES_PREFIX}/${name}`;
    const reading = await readSidecar(store, key, name.slice(0, -SUFFIX.length), errors);
    switch (reading?.kind) {
      case undefined:
        break;
      case 'sidecar': {
        const { graph_id: graph, kind } = reading.sidecar;
        pending.set(graph, pendingWarning(graph, kind));
        break;
      }
      case 'unattributed':
        errors.push(
          clusterError(
            'cluster_recovery_unattributed',
            store.display(key),
            'it names no graph, so any could be affected',
            {
              remedy: RECOVER,
            },
          ),
        );
        break;
      case 'invalid':
        errors.push({ ...reading.diagnostic, severity: 'error', remedy: RECOVER });
        break;
      default:
        reading satisfies never;
    }
  }
  const sorted = [...pending].sort(([left], [right]) => byCodeUnit(left, right));
  return { graphs: new Set(sorted.map(([graph]) => graph)), warnings: sorted.map(([, warning]) => warning), errors };
}

const pendingWarning = (graph: string, operation: string): Diagnostic =>
  clusterWarning(
    'cluster_recovery_pending',
    graphAddress(graph),
    `its ${operation} was interrupted, so it is not served`,
    {
      remedy: RECOVER,
    },
  );

async function listSidecarNames(store: ObjectStore, errors: Diagnostic[]): Promise<readonly string[]> {
  try {
    return (await store.list(RECOVERIES_PREFIX)).filter((name) => name.endsWith(SUFFIX));
  } catch (error) {
    errors.push(unreadable(error, store.display(RECOVERIES_PREFIX)));
    return [];
  }
}

async function readSidecar(store: ObjectStore, key: string, stem: string, errors: Diagnostic[]) {
  try {
    const bytes = await store.read(key);
    // Gone since it was listed: a sweep has just finished with it.
    return bytes && parseSidecar(decodeUtf8(bytes) ?? '', stem, store.display(key));
  } catch (error) {
    errors.push(unreadable(error, store.display(key)));
    return undefined;
  }
}

function unreadable(error: unknown, place: string): Diagnostic {
  if (!(error instanceof StorageError)) throw error;
  return clusterError('recovery_sidecar_read_error', place, error.message, { remedy: `make it readable, ${RECOVER}` });
}
