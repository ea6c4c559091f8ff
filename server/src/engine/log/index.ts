export { type Branch, type ForkPoint, firstSequence, readBranches, writeFirstRegistry } from './branch-registry.js';
export { CommitLog } from './commit-log.js';
export type { CommitRecord, SchemaRef, TypeTable } from './commit-record.js';
export { checkFormatMarker, writeFormatMarker } from './format-marker.js';
export { JsonObject, jsonBytes } from './json-object.js';
export {
  FORMAT_KEY,
  INTERNAL_SCHEMA_VERSION,
  type Incarnation,
  MAIN,
  MAIN_INCARNATION,
  recordKey,
  SCHEMA_APPLY_KEY,
  SCHEMA_PREFIX,
} from './layout.js';
export { type AcceptedSchema, readSchema, replaceSchemaText, writeSchemaObjects } from './schema-objects.js';
