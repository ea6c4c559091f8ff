import type { Column } from '../../columns.js';

/** A JavaScript string: header, slot in its array, and about a byte per character. */
const TEXT_BYTES = 28;

/** Approximate memory of a column, in bytes. */
export function columnBytes(column: Column): number {
  switch (column.kind) {
    case 'text': {
      let bytes = 0;
      for (const text of column.values) bytes += text === null ? 8 : TEXT_BYTES + text.length;
      return bytes;
    }
    case 'list':
      return column.offsets.byteLength + columnBytes(column.items) + (column.valid?.byteLength ?? 0);
    case 'number':
    case 'bigint':
    case 'bool':
    case 'vector':
      return column.values.byteLength + (column.valid?.byteLength ?? 0);
  }
}
