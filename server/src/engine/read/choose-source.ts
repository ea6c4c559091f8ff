/** Where a query reads its rows from. */

import type { ReadableSnapshot } from './execute-read.js';
import type { ResidentCache } from './resident/resident-cache.js';
import { ResidentSource } from './resident/resident-source.js';
import type { RowSource } from './row-source.js';
import type { BlockPlan } from './steps.js';

export function chooseSource<T>(
  _plan: BlockPlan,
  snapshot: ReadableSnapshot,
  cache: ResidentCache,
  run: (source: RowSource) => Promise<T>,
): Promise<T> {
  return run(new ResidentSource(snapshot.catalog, (type) => snapshot.readerFor(type), cache));
}
