/**
 * Everything a control-plane command takes from the world around it, so that tests can hand in their own clock, ids,
 * storage and graphs. Nothing below this folder's door reads the clock or the environment by itself.
 */
import { monotonicFactory } from 'ulid';
import { type Environment, type ObjectStore, openStore } from '../storage/index.js';
import { engineGraphs } from './engine-graphs.js';
import { type FailpointHook, failpointsFrom } from './failpoints.js';
import type { GraphOperations } from './graph-operations.js';

export interface ControlRuntime {
  readonly env: Environment;
  now(): Date;
  /** A ULID, greater than every earlier one of this process. */
  newId(): string;
  /** Opens the store at an absolute path or an `s3://` URI. Throws `StorageError`. */
  openStore(root: string): ObjectStore;
  readonly graphs: GraphOperations;
  readonly reach: FailpointHook;
}

/** What every command takes. `runtime` replaces parts of the world, for tests. */
export interface ControlOptions {
  readonly configDir: string;
  /** Default: the environment of the process. */
  readonly env?: Environment;
  readonly runtime?: Partial<ControlRuntime>;
}

export function runtimeOf({ env = process.env, runtime = {} }: ControlOptions): ControlRuntime {
  return {
    env,
    now: () => new Date(),
    newId: monotonicFactory(),
    openStore: (root) => openStore(root, env),
    graphs: engineGraphs(env),
    reach: failpointsFrom(env),
    ...runtime,
  };
}
