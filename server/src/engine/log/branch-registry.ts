/**
 * Which branches live, and since when: numbered immutable revisions, each naming the complete set. The newest revision
 * counts; a change is the creation of the next one.
 */
import type { ObjectStore } from '../../storage/index.js';
import { GraphError } from '../graph-error.js';
import { JsonObject, jsonBytes } from './json-object.js';
import { BRANCHES_PREFIX, type Incarnation, MAIN, MAIN_INCARNATION, registryKey } from './layout.js';

export interface ForkPoint {
  readonly incarnation: Incarnation;
  readonly commitId: string;
  readonly manifestVersion: number;
}

export interface Branch {
  readonly name: string;
  readonly incarnation: Incarnation;
  /** Where it left its source; null for main. */
  readonly fork: ForkPoint | null;
}

const REGISTRY_VERSION = 1;
const MAIN_BRANCH: Branch = { name: MAIN, incarnation: MAIN_INCARNATION, fork: null };

/** The number of the first record in a branch's own log: a fork continues its source's count (engine.md §2). */
export const firstSequence = (branch: Branch): number => (branch.fork === null ? 1 : branch.fork.manifestVersion + 1);

/** Writes the first revision: main alone. Every initialiser writes the same bytes. */
export async function writeFirstRegistry(store: ObjectStore): Promise<void> {
  await store.putIfAbsent(registryKey(1), serializeRegistry([MAIN_BRANCH]));
}

/** Live branches, by name. Throws a `GraphError` naming the object when it is missing or corrupt. */
export async function readBranches(store: ObjectStore): Promise<ReadonlyMap<string, Branch>> {
  const newest = (await store.list(BRANCHES_PREFIX)).filter((name) => /^\d+\.json$/.test(name)).at(-1);
  const key = newest === undefined ? registryKey(1) : `${BRANCHES_PREFIX}/${newest}`;
  const bytes = newest === undefined ? undefined : await store.read(key);
  if (bytes === undefined) throw new GraphError('internal', `missing object ${store.display(key)}: no branch registry`);
  const json = JsonObject.parse(store.display(key), bytes);
  json.expectVersion('registry_version', REGISTRY_VERSION);
  return new Map(json.objects('branches').map((branch) => [branch.text('name'), parseBranch(branch)]));
}

const serializeRegistry = (branches: readonly Branch[]): Uint8Array =>
  jsonBytes({
    registry_version: REGISTRY_VERSION,
    branches: branches.map(({ name, incarnation, fork }) => ({
      name,
      incarnation,
      fork:
        fork === null
          ? null
          : { incarnation: fork.incarnation, commit_id: fork.commitId, manifest_version: fork.manifestVersion },
    })),
  });

function parseBranch(json: JsonObject): Branch {
  const fork = json.objectOrNull('fork');
  return {
    name: json.text('name'),
    incarnation: json.text('incarnation') as Incarnation,
    fork:
      fork === null
        ? null
        : {
            incarnation: fork.text('incarnation') as Incarnation,
            commitId: fork.text('commit_id'),
            manifestVersion: fork.count('manifest_version'),
          },
  };
}
