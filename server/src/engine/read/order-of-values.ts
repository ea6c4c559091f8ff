/**
 * The order of property values: strings by UTF-8 bytes, numbers by exact value across widths (`bigint` against
 * `number` is exact in JavaScript), `false` before `true`. query-language.md §§5.4, 5.6.
 */
export type ScalarValue = string | number | bigint | boolean;

/** Negative, zero or positive, as `Array.sort` wants it. Total: NaN is greater than every other number. */
export function compareValues(left: ScalarValue, right: ScalarValue): number {
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

/** UTF-8 byte order of two strings, without encoding them. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return codePointRank(a) - codePointRank(b);
  }
  return left.length - right.length;
}

/** UTF-16 puts surrogates (code points above U+FFFF) below U+E000–U+FFFF; UTF-8 puts them above. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
