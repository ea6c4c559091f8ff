/** The id of the node whose key has given values, so that a key equality becomes one look-up. engine.md §7.3. */
import { canonicalText, type PropType, type Value } from 'omnigraph-language';
import { constantOf, type RequestValues } from './constants.js';
import type { KeyPart } from './steps.js';

/** `undefined`: no node can have that key (a null, or a number its type cannot hold). Parts stand in key order. */
export function keyedId(parts: readonly KeyPart[], request: RequestValues): string | undefined {
  const texts: string[] = [];
  for (const { property, value } of parts) {
    const stored = storedKey(property.type, constantOf(value, request).value);
    if (stored === undefined) return undefined;
    texts.push(canonicalText(property.type, stored));
  }
  return texts.length === 1 ? texts[0] : JSON.stringify(texts);
}

/** The constant as a column of the key's type would hold it: a fraction that meets an integer key finds no id. */
function storedKey({ scalar }: PropType, value: Value): Value | undefined {
  if (value === null || typeof value === 'object') return undefined;
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  if (scalar !== 'F32' && scalar !== 'F64') return isNonFinite(value) ? undefined : value;
  const float = scalar === 'F32' ? Math.fround(Number(value)) : Number(value);
  if (!Number.isFinite(float)) return undefined;
  // Numbers compare exactly across widths, except that F32 rounds what it meets (query-language.md §5.4).
  return scalar === 'F64' && typeof value === 'bigint' && BigInt(float) !== value ? undefined : float;
}

const isNonFinite = (value: number | bigint): boolean => typeof value === 'number' && !Number.isFinite(value);
