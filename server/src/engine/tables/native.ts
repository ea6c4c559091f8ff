/**
 * The one import site of LanceDB and Apache Arrow. Both are loaded on first use (validate, plan and status never pay
 * for the native module), and Arrow as CommonJS like LanceDB itself: with the ES module copy, writes succeed and store
 * zero rows, because its classes have another identity.
 */
import { createRequire } from 'node:module';

export interface Native {
  readonly lancedb: typeof import('@lancedb/lancedb');
  readonly arrow: typeof import('apache-arrow');
}

/** Below this many threads a full-text index over some 300,000 rows never finishes. */
const MINIMUM_THREADS = 4;

let loaded: Native | undefined;

/** Loads LanceDB, once per process. */
export function native(): Native {
  loaded ??= load();
  return loaded;
}

function load(): Native {
  // Read once by the native module, when it loads.
  const threads = Number(process.env.LANCE_CPU_THREADS);
  if (!(threads >= MINIMUM_THREADS)) process.env.LANCE_CPU_THREADS = String(MINIMUM_THREADS);
  const require = createRequire(import.meta.url);
  return { lancedb: require('@lancedb/lancedb'), arrow: require('apache-arrow') };
}
