export * from './change-set.js';
export { type CommittedRows, cellValue, committedIds, rowsHolding } from './committed-rows.js';
export * from './entity-batch.js';
export { constraintViolations, requireValid } from './evaluate.js';
