/** What the top of the process says about an exception that is not a `Failure`. Loaded only then. */
import { GraphError } from 'omnigraph-server/engine';
import { StorageError } from 'omnigraph-server/storage';
import { reasonOf } from './failure.js';

/** The engine's and the storage's own words for what a user can cause; everything else is a bug, with its stack. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof GraphError || thrown instanceof StorageError) return thrown.message;
  const stack = thrown instanceof Error && thrown.stack !== undefined ? `\n${thrown.stack}` : '';
  return `internal error, please report it: ${reasonOf(thrown)}${stack}`;
}
