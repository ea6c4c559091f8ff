export type { SourcePolicy } from './choose-source.js';
export { executeRead, type ReadableSnapshot, type ReadContext } from './execute-read.js';
export { processCache, ResidentCache } from './resident/resident-cache.js';
