import { parse, stringify } from 'lossless-json';

/**
 * JSON whose numbers keep their meaning: a number written without fraction or exponent is a `bigint` (exact at any
 * width), every other number is a `number`. So `5` and `5.0` stay apart, as query-language.md §9 and engine.md §7.4
 * demand, and 64-bit integers survive.
 */
export type ExactJson =
  | null
  | boolean
  | string
  | number
  | bigint
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

const INTEGER_TEXT = /^-?\d+$/;

/** Parses one JSON text. Throws `SyntaxError` (with the position in its message) on text that is not JSON. */
export function parseExactJson(text: string): ExactJson {
  try {
    return parse(text, undefined, {
      parseNumber: (digits) => (INTEGER_TEXT.test(digits) ? BigInt(digits) : Number(digits)),
    }) as ExactJson;
  } catch (problem) {
    // The parser is recursive: only nesting exhausts its stack.
    if (problem instanceof RangeError) throw new SyntaxError('nested too deeply');
    throw problem;
  }
}

/** The JSON text of a value that may hold `bigint`s, which are written as plain digits. `indent` as in `JSON.stringify`. */
export function stringifyExactJson(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? 'null';
}

/** A value built in JavaScript as exact JSON: integral numbers become `bigint`s. */
export function exactFromPlain(value: unknown): ExactJson {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(exactFromPlain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, exactFromPlain(member)]));
  }
  return value as ExactJson;
}
