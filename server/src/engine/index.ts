/** The graph engine's door. Importing it loads no native code; the first table opened does. */
export type { Column, TableReader, Validity } from './columns.js';
export { Graph, type OpenOptions, openGraph, type WriteQuestion } from './graph.js';
export { GraphError, type GraphErrorDetails, type GraphErrorKind } from './graph-error.js';
export { type InitOptions, initGraph } from './init-graph.js';
export { type GraphLocation, graphLocation } from './location.js';
export { INTERNAL_SCHEMA_VERSION } from './log/index.js';
export { type GraphRoot, type GraphRootState, readGraphRoot } from './root.js';
export { batchOfRows, type ColumnValues, type RowBatch } from './tables/index.js';
export * from './transaction.js';
export * from './types.js';
