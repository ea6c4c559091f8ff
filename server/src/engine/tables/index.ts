export { batchOfRows, type ColumnValues, type RowBatch } from './rows.js';
export { takeRows } from './select.js';
export type { TableRef } from './table-ref.js';
export { type PropertyReshape, TableStore, type TableStoreOptions, VersionReclaimed } from './table-store.js';
export { TableContention, TableIntegrityError, type TableOperation } from './table-writer.js';
