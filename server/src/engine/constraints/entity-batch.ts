/**
 * Entities of one type, column by column: what a load or a mutation wants written, before it reaches a table. Every
 * value is already of its declared type (`Value` in omnigraph-language) or null where the type allows it.
 */
import type { EdgeType, NodeType, Value } from 'omnigraph-language';
import type { RowBatch } from '../tables/index.js';
import type { TypeKey } from '../transaction.js';

export interface EntityBatch {
  readonly type: NodeType | EdgeType;
  readonly length: number;
  readonly ids: readonly string[];
  /** Endpoint ids, one per row; present exactly when `type` is an edge type. */
  readonly endpoints?: { readonly src: readonly string[]; readonly dst: readonly string[] };
  /** One array per declared property, each of `length`. */
  readonly columns: ReadonlyMap<string, readonly Value[]>;
  /** 1-based input lines, where the batch comes from a file. */
  readonly lines?: readonly number[];
}

/** `node:Port`, `edge:Route`. */
export const typeKey = (type: NodeType | EdgeType): TypeKey => `${type.kind}:${type.name}`;

/** A property's column, or `id`, `src`, `dst`. */
export function batchColumn(batch: EntityBatch, name: string): readonly Value[] {
  const column =
    batch.columns.get(name) ??
    (name === 'id' ? batch.ids : name === 'src' ? batch.endpoints?.src : batch.endpoints?.dst);
  if (column === undefined) throw new Error(`${typeKey(batch.type)} has no column ${name}`);
  return column;
}

/** The batch as a table takes it. */
export const tableRows = (batch: EntityBatch): RowBatch => ({
  rowCount: batch.length,
  columns: new Map<string, readonly Value[]>([
    ['id', batch.ids],
    ...(batch.endpoints === undefined ? [] : Object.entries(batch.endpoints)),
    ...batch.columns,
  ]),
});

/** The rows at `positions`, in that order. */
export function selectRows(batch: EntityBatch, positions: readonly number[]): EntityBatch {
  const pick = <T>(values: readonly T[]): T[] => positions.map((row) => values[row] as T);
  return {
    type: batch.type,
    length: positions.length,
    ids: pick(batch.ids),
    ...(batch.endpoints === undefined
      ? {}
      : { endpoints: { src: pick(batch.endpoints.src), dst: pick(batch.endpoints.dst) } }),
    columns: new Map([...batch.columns].map(([name, values]) => [name, pick(values)])),
    ...(batch.lines === undefined ? {} : { lines: pick(batch.lines) }),
  };
}

/**
 * One row per id. A later row replaces an earlier one of the same id, in the later one's place: last write wins
 * (engine.md §8, §10). A batch without repeated ids is returned as it is.
 */
export function lastPerId(batch: EntityBatch): EntityBatch {
  const last = new Map<string, number>();
  batch.ids.forEach((id, row) => {
    last.set(id, row);
  });
  if (last.size === batch.length) return batch;
  return selectRows(
    batch,
    batch.ids.flatMap((id, row) => (last.get(id) === row ? [row] : [])),
  );
}
