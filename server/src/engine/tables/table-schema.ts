/**
 * The columns of a type's table: `id` (for an edge also `src` and `dst`), then properties by name. Physical types:
 * schema-language.md §4. Properties are nullable columns whatever the schema says: "required" is judged before a
 * write, and a non-null column could not be added to a table later.
 */
import type { DataType, Field, Schema } from 'apache-arrow';
import type { EdgeType, NodeType, PropType } from 'omnigraph-language';
import { native } from './native.js';

export const NODE_COLUMNS: readonly string[] = ['id'];
export const EDGE_COLUMNS: readonly string[] = ['id', 'src', 'dst'];

/** The Arrow schema of a new, empty table of this type. */
export function tableSchema(type: NodeType | EdgeType): Schema {
  const { arrow } = native();
  const system = (type.kind === 'node' ? NODE_COLUMNS : EDGE_COLUMNS).map(
    (name) => new arrow.Field(name, new arrow.Utf8(), false),
  );
  const properties = [...type.properties.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new arrow.Schema([...system, ...properties.map((property) => propertyField(property.name, property.type))]);
}

/** The nullable column of one property. */
export function propertyField(name: string, type: PropType): Field {
  const { arrow } = native();
  return new arrow.Field(name, propertyType(type), true);
}

function propertyType(type: PropType): DataType {
  const { arrow } = native();
  const scalar = scalarType(type);
  return type.list ? new arrow.List(new arrow.Field('item', scalar, true)) : scalar;
}

function scalarType(type: PropType): DataType {
  const { arrow } = native();
  if (typeof type.scalar === 'object') {
    return new arrow.FixedSizeList(type.scalar.Vector, new arrow.Field('item', new arrow.Float32(), true));
  }
  switch (type.scalar) {
    case 'String':
      return new arrow.Utf8();
    case 'Bool':
      return new arrow.Bool();
    case 'I32':
      return new arrow.Int32();
    case 'I64':
      return new arrow.Int64();
    case 'U32':
      return new arrow.Uint32();
    case 'U64':
      return new arrow.Uint64();
    case 'F32':
      return new arrow.Float32();
    case 'F64':
      return new arrow.Float64();
    case 'Date':
      return new arrow.DateDay();
    case 'DateTime':
      return new arrow.DateMillisecond();
    case 'Blob':
      return new arrow.LargeBinary();
  }
}
