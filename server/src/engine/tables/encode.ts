/**
 * Checked values → Arrow columns, buffer by buffer. LanceDB's own conversion of plain objects coerces without an error
 * (an `int32` from 2^40 stores 0), so everything that reaches a table is built here; a value that does not fit is a
 * bug of the caller and throws.
 */
import type { Data, DataType, RecordBatch, Schema, Table } from 'apache-arrow';
import type { Value } from 'omnigraph-language';
import { native } from './native.js';
import type { ColumnValues, RowBatch } from './rows.js';

/** One record batch in the column order of `schema`. Throws on a column the schema does not have. */
export function encodeBatch(schema: Schema, rows: RowBatch): Table {
  const { arrow } = native();
  const known = new Set(schema.fields.map((field) => field.name));
  for (const [name, values] of rows.columns) {
    if (!known.has(name)) throw new Error(`table has no column '${name}'`);
    if (values.length !== rows.rowCount)
      throw new Error(`column '${name}' has ${values.length} of ${rows.rowCount} rows`);
  }
  const children = schema.fields.map((field) => {
    const data = encodeColumn(field.name, field.type, rows.columns.get(field.name) ?? nulls(rows.rowCount));
    if (!field.nullable && data.nullCount > 0) throw new Error(`column '${field.name}' must not be null`);
    return data;
  });
  const struct = new arrow.Struct(schema.fields);
  const data = arrow.makeData({ type: struct, length: rows.rowCount, nullCount: 0, children });
  return withoutNullBools(new arrow.RecordBatch(schema, data));
}

/**
 * The batch as a table, Bool columns of nulls only left out (the stored table fills in nulls for them): Arrow's writer
 * gives such a column no value buffer, which readers refuse.
 */
export function withoutNullBools(batch: RecordBatch): Table {
  const { arrow } = native();
  const kept = batch.schema.fields.flatMap((field, at) => {
    const data = batch.data.children[at];
    if (data === undefined) throw new Error(`column '${field.name}' has no data`);
    return arrow.DataType.isBool(field.type) && data.nullCount === data.length ? [] : [{ field, data }];
  });
  const schema = new arrow.Schema(kept.map(({ field }) => field));
  const type = new arrow.Struct(schema.fields);
  const children = kept.map((column) => column.data);
  const data = arrow.makeData({ type, length: batch.numRows, nullCount: 0, children });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, data)]);
}

const nulls = (length: number): ColumnValues => new Array<null>(length).fill(null);

function encodeColumn(name: string, type: DataType, values: ColumnValues): Data {
  const { arrow } = native();
  const length = values.length;
  const validity = validityOf(values);
  if (arrow.DataType.isUtf8(type)) {
    return arrow.makeData({ type, length, ...validity, ...encodeTexts(name, values) });
  }
  if (arrow.DataType.isBool(type)) {
    const data = new Uint8Array(bitmapBytes(length));
    for (let row = 0; row < length; row += 1) {
      const value = values[row];
      if (value === true) data[row >> 3] = (data[row >> 3] ?? 0) | (1 << (row & 7));
      else if (value !== false && value !== null) throw misfit(name, value);
    }
    return arrow.makeData({ type, length, ...validity, data });
  }
  if (arrow.DataType.isInt(type)) {
    if (type.bitWidth === 64) {
      const [low, high] = type.isSigned ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
      const data = type.isSigned ? new BigInt64Array(length) : new BigUint64Array(length);
      fillBigInts(name, values, data, low, high);
      return arrow.makeData({ type, length, ...validity, data });
    }
    const [low, high] = type.isSigned ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
    const data = type.isSigned ? new Int32Array(length) : new Uint32Array(length);
    fillNumbers(name, values, data, (value) => Number.isInteger(value) && value >= low && value <= high);
    return arrow.makeData({ type, length, ...validity, data });
  }
  if (arrow.DataType.isFloat(type)) {
    const data = type.precision === arrow.Precision.SINGLE ? new Float32Array(length) : new Float64Array(length);
    fillNumbers(name, values, data, Number.isFinite);
    return arrow.makeData({ type, length, ...validity, data });
  }
  if (arrow.DataType.isDate(type)) {
    if (type.unit === arrow.DateUnit.DAY) {
      const data = new Int32Array(length);
      fillNumbers(name, values, data, (value) => value === (value | 0));
      return arrow.makeData({ type, length, ...validity, data });
    }
    const data = new BigInt64Array(length);
    for (let row = 0; row < length; row += 1) {
      const value = values[row];
      if (typeof value === 'number' && Number.isSafeInteger(value)) data[row] = BigInt(value);
      else if (value !== null) throw misfit(name, value);
    }
    return arrow.makeData({ type, length, ...validity, data });
  }
  if (arrow.DataType.isFixedSizeList(type)) {
    const data = new Float32Array(length * type.listSize);
    for (let row = 0; row < length; row += 1) {
      const value = values[row];
      if (value === null) continue;
      if (!isList(value) || value.length !== type.listSize) throw misfit(name, value);
      fillNumbers(name, value, data.subarray(row * type.listSize), Number.isFinite);
    }
    const child = arrow.makeData({ type: new arrow.Float32(), length: data.length, nullCount: 0, data });
    return arrow.makeData({ type, length, ...validity, child });
  }
  if (arrow.DataType.isList(type)) {
    const valueOffsets = new Int32Array(length + 1);
    const items: Value[] = [];
    for (let row = 0; row < length; row += 1) {
      const value = values[row];
      if (value !== null) {
        if (!isList(value)) throw misfit(name, value);
        for (let item = 0; item < value.length; item += 1) items.push(value[item] ?? null);
      }
      valueOffsets[row + 1] = items.length;
    }
    const child = encodeColumn(name, type.valueType, items);
    return arrow.makeData({ type, length, ...validity, valueOffsets, child });
  }
  if (arrow.DataType.isLargeBinary(type)) {
    return arrow.makeData({ type, length, ...validity, ...encodeBlobs(name, values) });
  }
  throw new Error(`column '${name}' has the unknown type ${String(type)}`);
}

const bitmapBytes = (length: number): number => (length + 7) >> 3;

function validityOf(values: ColumnValues): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  const nullBitmap = new Uint8Array(bitmapBytes(values.length));
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value === null || value === undefined) nullCount += 1;
    else nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap };
}

/** UTF-8 cannot spell one; it would be stored as another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Encoded in one go: a call per row costs more than the bytes. */
function encodeTexts(name: string, values: ColumnValues): { valueOffsets: Int32Array; data: Uint8Array } {
  const texts = new Array<string>(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (typeof value !== 'string' && value !== null) throw misfit(name, value);
    texts[row] = value ?? '';
  }
  const joined = texts.join('');
  const data = Buffer.from(joined, 'utf8');
  const ascii = data.length === joined.length;
  const valueOffsets = new Int32Array(values.length + 1);
  let offset = 0;
  texts.forEach((text, row) => {
    offset += ascii ? text.length : Buffer.byteLength(text, 'utf8');
    valueOffsets[row + 1] = offset;
  });
  if (!ascii && texts.some((text) => LONE_SURROGATE.test(text))) {
    throw new Error(`column '${name}' holds a text that is not well-formed Unicode`);
  }
  return { valueOffsets, data };
}

function encodeBlobs(name: string, values: ColumnValues): { valueOffsets: BigInt64Array; data: Uint8Array } {
  const valueOffsets = new BigInt64Array(values.length + 1);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value !== null) {
      if (typeof value !== 'object' || !('bytes' in value)) throw misfit(name, value);
      parts.push(value.bytes);
      offset += value.bytes.length;
    }
    valueOffsets[row + 1] = BigInt(offset);
  }
  return { valueOffsets, data: Buffer.concat(parts) };
}

function fillNumbers(
  name: string,
  values: ColumnValues,
  into: Int32Array | Uint32Array | Float32Array | Float64Array,
  fits: (value: number) => boolean,
): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (typeof value === 'number' && fits(value)) into[row] = value;
    else if (value !== null) throw misfit(name, value);
  }
}

function fillBigInts(
  name: string,
  values: ColumnValues,
  into: BigInt64Array | BigUint64Array,
  low: bigint,
  high: bigint,
): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (typeof value === 'bigint' && value >= low && value <= high) into[row] = value;
    else if (value !== null) throw misfit(name, value);
  }
}

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

const misfit = (name: string, value: unknown): Error =>
  new Error(`column '${name}' cannot hold ${typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)}`);
