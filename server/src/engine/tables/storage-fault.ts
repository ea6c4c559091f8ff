/**
 * Faults of the disk or the bucket under a table. LanceDB words them as a chain of causes with places in its own
 * source; a user can act only on the innermost one, so that is what an error says.
 */
import { GraphError } from '../graph-error.js';

/** Runs an operation of LanceDB on one table; a storage fault becomes an `internal` `GraphError` naming the table. */
export async function namingStorageFaults<T>(
  doing: 'create' | 'read' | 'write',
  table: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const cause = error instanceof Error && !(error instanceof GraphError) ? storageCause(error.message) : undefined;
    if (cause === undefined) throw error;
    throw new GraphError('internal', `cannot ${doing} table ${table}: ${cause}`, {}, { cause: error });
  }
}

function storageCause(message: string): string | undefined {
  const file = /Object at location \S*?([^\s/]+) not found/.exec(message)?.[1];
  if (file !== undefined) return `its file ${file} is missing; restore the graph from a copy`;
  if (/^Table '[^']*' was not found/.test(message)) return 'it is missing; restore the graph from a copy';
  const system = /([^:,()]*) \(os error \d+\)/.exec(message)?.[1];
  if (system !== undefined) return system.trim();
  return /LanceError\(IO\): ([^\n]*?)(?:, \/|$)/m.exec(message)?.[1]?.trim();
}
