/**
 * Canonical texts of values, and the ids of keyed nodes made of them. The same texts form `@unique` tuples.
 * schema-language.md §18, engine.md §7.3.
 */
import type { Value } from '../values/index.js';
import { displayType, type NodeType, type PropType } from './catalog.js';

/** A value that cannot stand in a key or unique tuple. */
export class UnkeyableValueError extends Error {
  override readonly name = 'UnkeyableValueError';
  constructor(
    readonly code: 'non_finite_number' | 'unsupported_column_type',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The canonical text of a non-null value: integers and epoch numbers in decimal, floats in the shortest decimal that
 * gives back the stored width, without exponent. Throws `UnkeyableValueError` on NaN and infinities, and on lists,
 * vectors and Blobs.
 */
export function canonicalText(type: PropType, value: Value): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return numberText(type, value);
    default:
      throw new UnkeyableValueError('unsupported_column_type', `unsupported column type ${displayType(type)}`);
  }
}

/**
 * The id of a keyed node: the text of its one key value, or the compact JSON array of several, in ascending stable
 * property id order (a bound catalog's `key`). Undefined without key, or when a key value is missing or null.
 */
export function entityId(node: NodeType, values: ReadonlyMap<string, Value>): string | undefined {
  if (node.key === null) return undefined;
  const texts: string[] = [];
  for (const name of node.key) {
    const value = values.get(name);
    const property = node.properties.get(name);
    if (value === undefined || value === null || property === undefined) return undefined;
    texts.push(canonicalText(property.type, value));
  }
  return texts.length === 1 ? texts[0] : JSON.stringify(texts);
}

function numberText(type: PropType, value: number): string {
  if (!Number.isFinite(value)) {
    throw new UnkeyableValueError('non_finite_number', `${value} is not a finite number`);
  }
  if (value === 0) return '0';
  return withoutExponent(type.scalar === 'F32' ? shortestSingle(value) : String(value));
}

/** The fewest digits that read back as the same 32-bit float; nine always do. */
function shortestSingle(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) {
    throw new UnkeyableValueError('non_finite_number', `${value} is beyond the range of F32`);
  }
  if (single === 0) return '0';
  for (let digits = 1; digits < 9; digits++) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return String(Number(text));
  }
  return String(Number(single.toPrecision(9)));
}

function withoutExponent(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', lead = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const digits = lead + fraction;
  const point = 1 + exponent;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
