/**
 * The order of property values: strings by UTF-8 bytes, numbers by exact value across widths (`bigint` against
 * `number` is exact in JavaScript), `false` before `true`. query-language.md §§5.4, 5.6.
 */
import { compareBytewise } from '../text-order.js';

export type ScalarValue = string | number | bigint | boolean;

/** Negative, zero or positive, as `Array.sort` wants it. Total: NaN is greater than every other number. */
export function compareValues(left: ScalarValue, right: ScalarValue): number {
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : compareBytewise(left, right);
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}
