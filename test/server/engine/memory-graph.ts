/** A graph held in arrays: a second implementation of `TableReader`, so that the executor is tested without files. */
import { type Catalog, type PropType, type Value, vectorDimension } from 'omnigraph-language';
import type { Column, TableReader } from '../../../server/src/engine/columns.js';
import type { ReadableSnapshot } from '../../../server/src/engine/read/index.js';

export type Row = Readonly<Record<string, Value>>;

/** Rows per type key; edges carry `src` and `dst`. Every row carries `id`. */
export type GraphRows = Readonly<Record<string, readonly Row[]>>;

const TEXT: PropType = { scalar: 'String', nullable: false, list: false, enum_values: null };
let graphs = 0;

export interface ReadLog {
  /** `node:Plant columns id,code`, `edge:Shades rows src`. */
  readonly reads: string[];
}

export function memorySnapshot(catalog: Catalog, rows: GraphRows, log?: ReadLog): ReadableSnapshot {
  const graph = ++graphs;
  const readers = new Map<string, TableReader>();
  const readerFor = (type: string): TableReader => {
    const known =
      readers.get(type) ?? memoryTable(`${graph}/${type}`, type, propertyTypes(catalog, type), rows[type] ?? [], log);
    readers.set(type, known);
    return known;
  };
  return {
    catalog,
    entityCount: (type) => rows[type]?.length ?? 0,
    readerFor: async (type) => readerFor(type),
  };
}

function propertyTypes(catalog: Catalog, typeKey: string): ReadonlyMap<string, PropType> {
  const [kind, name = ''] = typeKey.split(':');
  const type = kind === 'node' ? catalog.nodes.get(name) : catalog.edges.get(name);
  if (type === undefined) throw new Error(`no type ${typeKey}`);
  return new Map([
    ['id', TEXT],
    ['src', TEXT],
    ['dst', TEXT],
    ...[...type.properties].map(([property, { type: propType }]) => [property, propType] as const),
  ]);
}

function memoryTable(
  key: string,
  type: string,
  types: ReadonlyMap<string, PropType>,
  rows: readonly Row[],
  log: ReadLog | undefined,
): TableReader {
  const columns = (names: readonly string[], some: readonly Row[]) =>
    new Map(
      names.map((name) => {
        const propType = types.get(name);
        if (propType === undefined) throw new Error(`table ${key} has no column ${name}`);
        return [
          name,
          columnOf(
            some.map((row) => row[name] ?? null),
            propType,
          ),
        ] as const;
      }),
    );
  return {
    key,
    rowCount: rows.length,
    readColumns: async (names) => {
      log?.reads.push(`${type} columns ${names.join(',')}`);
      return columns(names, rows);
    },
    readRows: async (column, keys, names) => {
      log?.reads.push(`${type} rows ${column}`);
      return columns(
        names,
        rows.filter((row) => keys.includes(String(row[column]))),
      );
    },
  };
}

function columnOf(values: readonly Value[], type: PropType): Column {
  const valid = values.includes(null) ? Uint8Array.from(values, (value) => Number(value !== null)) : null;
  const dimension = vectorDimension(type);
  if (dimension !== undefined) {
    const flat = values.flatMap((value) => (value as readonly number[] | null) ?? Array<number>(dimension).fill(0));
    return { kind: 'vector', values: Float32Array.from(flat), dimension, valid };
  }
  if (type.list) {
    const lists = values.map((value) => (value as readonly Value[] | null) ?? []);
    const offsets = [0];
    for (const list of lists) offsets.push((offsets.at(-1) ?? 0) + list.length);
    return {
      kind: 'list',
      offsets: Int32Array.from(offsets),
      items: columnOf(lists.flat(), { ...type, list: false }),
      valid,
    };
  }
  switch (type.scalar) {
    case 'String':
      return { kind: 'text', values: values as readonly (string | null)[] };
    case 'Bool':
      return { kind: 'bool', values: Uint8Array.from(values, Number), valid };
    case 'I64':
      return {
        kind: 'bigint',
        values: BigInt64Array.from(values, (value) => BigInt((value as bigint | null) ?? 0)),
        valid,
      };
    case 'U64':
      return {
        kind: 'bigint',
        values: BigUint64Array.from(values, (value) => BigInt((value as bigint | null) ?? 0)),
        valid,
      };
    case 'F32':
      return { kind: 'number', values: Float32Array.from(values, Number), valid };
    case 'I32':
    case 'Date':
      return { kind: 'number', values: Int32Array.from(values, Number), valid };
    case 'U32':
      return { kind: 'number', values: Uint32Array.from(values, Number), valid };
    default:
      return { kind: 'number', values: Float64Array.from(values, Number), valid };
  }
}
