import type { Catalog } from 'omnigraph-language';
import type { TableReader } from '../columns.js';
import type { TypeKey } from '../transaction.js';

/** The part of a pinned snapshot a read needs: one commit's tables, immutable. */
export interface ReadableSnapshot {
  readonly catalog: Catalog;
  entityCount(typeKey: TypeKey): number;
  readerFor(typeKey: TypeKey): Promise<TableReader>;
}
