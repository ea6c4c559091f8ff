/** The id of the node whose key has given values, so that a key equality becomes one look-up. engine.md §7.3. */
import type { Value } from 'omnigraph-language';
import { constantOf, type RequestValues } from './constants.js';
import type { KeyPart } from './steps.js';

/** `undefined`: no node can have that key (a null, or a number its type cannot hold). Parts stand in key order. */
export function keyedId(parts: readonly KeyPart[], request: RequestValues): string | undefined {
  const texts: string[] = [];
  for (const { value } of parts) {
    const text = keyText(constantOf(value, request).value);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.length === 1 ? texts[0] : JSON.stringify(texts);
}

function keyText(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isInteger(value) ? String(BigInt(value)) : undefined;
    default:
      return undefined;
  }
}
