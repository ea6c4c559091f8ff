/**
 * Rows a mutation has inserted or updated so far, last write per id: later statements of the same query see these
 * instead of the committed rows they shadow (query-language.md §8.3), within the limits of §8.5.
 */
import type { EdgeType, NodeType, Value } from 'omnigraph-language';
import { type EntityBatch, typeKey } from '../constraints/index.js';
import { limitExceeded } from '../graph-error.js';
import { MAX_ENTITIES, MAX_TYPE_BYTES, textBytes, valueBytes } from '../load/index.js';
import type { TypeKey } from '../transaction.js';

/** One whole entity. `values` has every declared property. */
export interface PendingRow {
  readonly id: string;
  readonly endpoints: { readonly src: string; readonly dst: string } | undefined;
  readonly values: ReadonlyMap<string, Value>;
}

export class PendingRows {
  readonly #types = new Map<TypeKey, PendingType>();

  /** Rows written so far, for reading. */
  of(type: NodeType | EdgeType): ReadonlyMap<string, PendingRow> {
    return this.#types.get(typeKey(type))?.rows ?? new Map();
  }

  /** Throws `resource_limit` when the type would hold too many or too large rows. */
  put(type: NodeType | EdgeType, row: PendingRow): void {
    const key = typeKey(type);
    const pending = this.#types.get(key) ?? { type, rows: new Map<string, PendingRow>(), bytes: 0 };
    this.#types.set(key, pending);
    const former = pending.rows.get(row.id);
    pending.bytes += rowBytes(type, row) - (former === undefined ? 0 : rowBytes(type, former));
    pending.rows.set(row.id, row);
    this.refuseOverflow(type, 0);
    if (pending.bytes > MAX_TYPE_BYTES) {
      throw limitExceeded(`keyed entity bytes for ${key}`, MAX_TYPE_BYTES, pending.bytes);
    }
  }

  /** Throws `resource_limit` when `more` new rows of a type would be too many: before they are read. */
  refuseOverflow(type: NodeType | EdgeType, more: number): void {
    const rows = this.of(type).size + more;
    if (rows > MAX_ENTITIES) throw limitExceeded(`keyed entities for ${typeKey(type)}`, MAX_ENTITIES, rows);
  }

  /** One batch per type that has rows. */
  batches(): ReadonlyMap<TypeKey, EntityBatch> {
    return new Map([...this.#types].map(([key, { type, rows }]) => [key, batchOf(type, [...rows.values()])]));
  }
}

interface PendingType {
  readonly type: NodeType | EdgeType;
  readonly rows: Map<string, PendingRow>;
  bytes: number;
}

function rowBytes(type: NodeType | EdgeType, row: PendingRow): number {
  let bytes = textBytes(row.id);
  if (row.endpoints !== undefined) bytes += textBytes(row.endpoints.src) + textBytes(row.endpoints.dst);
  for (const property of type.properties.values()) {
    bytes += valueBytes(property.type, row.values.get(property.name) ?? null);
  }
  return bytes;
}

function batchOf(type: NodeType | EdgeType, rows: readonly PendingRow[]): EntityBatch {
  const ends = rows.flatMap((row) => (row.endpoints === undefined ? [] : [row.endpoints]));
  return {
    type,
    length: rows.length,
    ids: rows.map((row) => row.id),
    ...(type.kind === 'edge' ? { endpoints: { src: ends.map((e) => e.src), dst: ends.map((e) => e.dst) } } : {}),
    columns: new Map(
      [...type.properties.keys()].map((name) => [name, rows.map((row) => row.values.get(name) ?? null)]),
    ),
  };
}
