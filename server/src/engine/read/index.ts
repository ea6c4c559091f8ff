export type { SourcePolicy } from './choose-source.js';
export { executeRead, type ReadContext } from './execute-read.js';
export type { ReadableSnapshot } from './readable-snapshot.js';
export { processCache, ResidentCache } from './resident/resident-cache.js';
