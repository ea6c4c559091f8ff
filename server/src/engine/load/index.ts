export { MAX_ENTITIES, MAX_TYPE_BYTES } from './batch-builder.js';
export { type Converter, converterFor, NEEDS_EXACT, Refusal } from './json-value.js';
export { executeLoad, type LoadContext } from './load.js';
export { type ParsedLoad, type ReadOptions, readLoad } from './reader.js';
export { hasLoneSurrogate, preview } from './record.js';
export { textBytes, valueBytes } from './value-bytes.js';
