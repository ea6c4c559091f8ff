/** Arrow columns → `Column`, whole buffers at a time; a typed array is copied once, when chunks are joined. */
import type { Data, DataType, Vector } from 'apache-arrow';
import type { Column, Validity } from '../columns.js';
import { native } from './native.js';

/** All chunks of a vector as one column. Blob columns have no `Column` form: use `decodeBlobs`. */
export function decodeColumn(vector: Vector): Column {
  return decodeChunks(vector.type, vector.data);
}

/** A column without rows; a result without rows carries no schema to take one from. */
export const emptyColumn = (type: DataType): Column => decodeChunks(type, []);

/** The bytes of each row of a blob column; null rows are null. */
export function decodeBlobs(vector: Vector): readonly (Uint8Array | null)[] {
  return vector.data.flatMap((data) => {
    const offsets: BigInt64Array = data.valueOffsets;
    return Array.from({ length: data.length }, (_, row) =>
      isValid(data, row) ? Uint8Array.from(data.values.subarray(Number(offsets[row]), Number(offsets[row + 1]))) : null,
    );
  });
}

function decodeChunks(type: DataType, chunks: readonly Data[]): Column {
  const { arrow } = native();
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (arrow.DataType.isUtf8(type)) {
    return {
      kind: 'text',
      values: chunks.length === 1 && chunks[0] ? decodeTexts(chunks[0]) : chunks.flatMap(decodeTexts),
    };
  }
  const valid = validityOf(chunks, length);
  if (arrow.DataType.isBool(type)) {
    const values = new Uint8Array(length);
    eachRow(chunks, (chunk, row, at) => {
      values[at] = bit(chunk.values, chunk.offset + row);
    });
    return { kind: 'bool', values, valid };
  }
  if (arrow.DataType.isInt(type)) {
    if (type.bitWidth === 64) {
      return {
        kind: 'bigint',
        values: join(chunks, type.isSigned ? new BigInt64Array(length) : new BigUint64Array(length)),
        valid,
      };
    }
    return {
      kind: 'number',
      values: join(chunks, type.isSigned ? new Int32Array(length) : new Uint32Array(length)),
      valid,
    };
  }
  if (arrow.DataType.isFloat(type)) {
    const single = type.precision === arrow.Precision.SINGLE;
    return {
      kind: 'number',
      values: join(chunks, single ? new Float32Array(length) : new Float64Array(length)),
      valid,
    };
  }
  if (arrow.DataType.isDate(type)) {
    if (type.unit === arrow.DateUnit.DAY)
      return { kind: 'number', values: join(chunks, new Int32Array(length)), valid };
    const exact = join(chunks, new BigInt64Array(length));
    return { kind: 'number', values: Float64Array.from(exact, Number), valid };
  }
  if (arrow.DataType.isFixedSizeList(type)) {
    return { kind: 'vector', values: joinVectors(chunks, length, type.listSize), dimension: type.listSize, valid };
  }
  if (arrow.DataType.isList(type)) {
    return decodeLists(type.valueType, chunks, length, valid);
  }
  throw new Error(`a column of type ${String(type)} cannot be read whole`);
}

/**
 * Decoding the whole value buffer once and slicing is several times faster than a decoder call per row, and exact for
 * ASCII; other texts are decoded row by row.
 */
function decodeTexts(data: Data): (string | null)[] {
  const offsets: Int32Array = data.valueOffsets;
  const first = offsets[0] ?? 0;
  const end = offsets[data.length] ?? 0;
  const bytes = Buffer.from(data.values.buffer, data.values.byteOffset + first, end - first);
  const ascii = isAscii(bytes) ? bytes.toString('latin1') : undefined;
  const nullable = data.nullCount > 0;
  const values = new Array<string | null>(data.length);
  for (let row = 0; row < data.length; row += 1) {
    const from = (offsets[row] ?? 0) - first;
    const to = (offsets[row + 1] ?? 0) - first;
    if (nullable && !isValid(data, row)) values[row] = null;
    else values[row] = ascii === undefined ? bytes.toString('utf8', from, to) : ascii.slice(from, to);
  }
  return values;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) > 0x7f) return false;
  }
  return true;
}

type Typed = Int32Array | Uint32Array | Float32Array | Float64Array | BigInt64Array | BigUint64Array;

function join<T extends Typed>(chunks: readonly Data[], into: T): T {
  let at = 0;
  for (const chunk of chunks) {
    // A chunk's buffer may be padded beyond its rows.
    (into as Float64Array).set(chunk.values.subarray(0, chunk.length), at);
    at += chunk.length;
  }
  return into;
}

function joinVectors(chunks: readonly Data[], length: number, dimension: number): Float32Array {
  const values = new Float32Array(length * dimension);
  let at = 0;
  for (const chunk of chunks) {
    const child = chunk.children[0];
    if (child === undefined) throw new Error('a vector column without values');
    values.set(child.values.subarray(0, chunk.length * dimension), at);
    at += chunk.length * dimension;
  }
  return values;
}

function decodeLists(itemType: DataType, chunks: readonly Data[], length: number, valid: Validity): Column {
  const { arrow } = native();
  const offsets = new Int32Array(length + 1);
  const children: Data[] = [];
  let row = 0;
  let items = 0;
  for (const chunk of chunks) {
    const own: Int32Array = chunk.valueOffsets;
    const first = own[0] ?? 0;
    const child = chunk.children[0];
    if (child === undefined) throw new Error('a list column without items');
    for (let at = 0; at < chunk.length; at += 1) {
      row += 1;
      offsets[row] = items + (own[at + 1] ?? 0) - first;
    }
    const count = (own[chunk.length] ?? 0) - first;
    if (count > 0) children.push(child.slice(first, count));
    items += count;
  }
  const filled = children.length === 0 ? [arrow.makeData({ type: itemType, length: 0, nullCount: 0 })] : children;
  return { kind: 'list', offsets, items: decodeChunks(itemType, filled), valid };
}

function validityOf(chunks: readonly Data[], length: number): Validity {
  if (chunks.every((chunk) => chunk.nullCount === 0)) return null;
  const valid = new Uint8Array(length);
  eachRow(chunks, (chunk, row, at) => {
    valid[at] = isValid(chunk, row) ? 1 : 0;
  });
  return valid;
}

function eachRow(chunks: readonly Data[], visit: (chunk: Data, row: number, at: number) => void): void {
  let at = 0;
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.length; row += 1) {
      visit(chunk, row, at);
      at += 1;
    }
  }
}

const isValid = (data: Data, row: number): boolean =>
  data.nullCount === 0 || bit(data.nullBitmap, data.offset + row) === 1;

const bit = (bytes: Uint8Array, at: number): number => ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
