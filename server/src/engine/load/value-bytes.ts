import type { PropType, Value } from 'omnigraph-language';

/** About what a value of a type takes in a columnar buffer: its bytes, and an offset where its length varies. */
export function valueBytes(type: PropType, value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'string') return textBytes(value);
  if (typeof value !== 'object') return WIDTHS.get(type.scalar) ?? 8;
  if ('bytes' in value) return value.bytes.length;
  if ('uri' in value) return value.uri.length;
  if (typeof type.scalar === 'object') return type.scalar.Vector * 4;
  return value.reduce<number>((sum, item) => sum + valueBytes(type, item), 4);
}

export const textBytes = (text: string): number => Buffer.byteLength(text) + 4;

const WIDTHS: ReadonlyMap<PropType['scalar'], number> = new Map<PropType['scalar'], number>([
  ['Bool', 1],
  ['I32', 4],
  ['U32', 4],
  ['F32', 4],
  ['Date', 4],
]);
