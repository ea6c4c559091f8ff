import { bindParams, compileQueries, type ExactJson, parseExactJson, type Value } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { garden } from './garden.js';

function bind(declaration: string, json: string): { values?: Record<string, Value>; messages?: readonly string[] } {
  const text = `query q(${declaration}) { match { $p: Plant } return { 1 as one } }`;
  const params = compileQueries(text, garden).queries[0]?.params ?? [];
  const { value, diagnostics } = bindParams(params, parseExactJson(json));
  return value === undefined
    ? { messages: diagnostics.map(({ message }) => message) }
    : { values: Object.fromEntries(value) };
}

/** §14.4, row by row; the text is what the message must say. */
const REFUSED: readonly (readonly [declaration: string, json: string, says: string])[] = [
  ['$n: I64', '{"n": 5.0}', "param 'n': expected integer"],
  ['$n: I32', '{"n": 2147483648}', "param 'n': value 2147483648 exceeds I32"],
  ['$n: U32', '{"n": -1}', "param 'n': expected unsigned integer"],
  ['$n: U64', '{"n": "18446744073709551615"}', 'exceeds current engine range'],
  ['$f: F64', '{"f": "3"}', "param 'f': expected float, got string"],
  ['$s: String', '{"s": 3}', "param 's': expected string, got number"],
  ['$b: Bool', '{"b": "true"}', "param 'b': expected boolean, got string"],
  ['$v: Vector(2)', '{"v": [1]}', 'expected 2 values'],
  ['$l: [String]?', '{"l": ["a", null]}', 'null'],
  ['$s: String', '{"s": "a", "extra": {}}', "param 'extra': object is not supported"],
  ['', '[]', 'params must be a JSON object'],
  ['$s: String', '[]', 'params must be a JSON object'],
  ['', '"x"', 'params must be a JSON object'],
  ['$s: String', '{}', "parameter 's' not provided"],
  ['$s: String', 'null', "parameter 's' not provided"],
  ['$s: String', '{"s": null}', "param 's': null is not accepted for non-nullable parameter"],
  ['$n: I64', '{"n": "9223372036854775808"}', 'exceeds I64'],
  ['$n: I64', '{"n": "5.0"}', 'expected integer'],
  ['$n: I64', '{"n": true}', 'expected integer'],
  ['$n: U32', '{"n": 4294967296}', 'exceeds U32'],
  ['$n: U64', '{"n": 9223372036854775808}', 'exceeds current engine range'],
  ['$f: F32', '{"f": 1e300}', 'exceeds F32'],
  ['$d: Date', '{"d": 3}', "param 'd': expected date string, got number"],
  ['$d: DateTime', '{"d": []}', "param 'd': expected datetime string, got array"],
  ['$b: Blob', '{"b": 1}', "param 'b': expected blob URI string"],
  ['$l: [I32]', '{"l": 1}', "param 'l': expected array for [I32]"],
  ['$l: [I32]', '{"l": [1, 2.5]}', "param 'l': element 1: expected integer"],
  ['$v: Vector(2)', '{"v": [1, "2"]}', 'vector element is not numeric'],
  ['$v: Vector(2)', '{"v": "x"}', 'expected 2 values'],
  ['$s: String', '{"s": "a", "extra": [1, {}]}', 'object is not supported'],
];

test.each(REFUSED)('refuses (%s) with %s: %s', (declaration, json, says) => {
  expect(bind(declaration, json).messages?.join('\n')).toContain(says);
});

const ACCEPTED: readonly (readonly [declaration: string, json: string, values: Record<string, Value>])[] = [
  ['$n: I64', '{"n": "9223372036854775807"}', { n: 9223372036854775807n }],
  ['$n: I64', '{"n": -9223372036854775808}', { n: -9223372036854775808n }],
  ['$f: F64', '{"f": 3}', { f: 3 }],
  ['$f: F32', '{"f": 0.1}', { f: Math.fround(0.1) }],
  ['$l: [String]?', '{"l": null}', { l: null }],
  ['$l: [String]?', '{}', { l: null }],
  ['$l: [I64]', '{"l": [1, "2"]}', { l: [1n, 2n] }],
  ['$d: Date', '{"d": "soon"}', { d: 'soon' }],
  ['$d: DateTime', '{"d": "later"}', { d: 'later' }],
  ['$s: String', '{"s": "a", "extra": 1}', { s: 'a' }],
  ['$n: I32, $u: U32', '{"n": -5, "u": "7"}', { n: -5, u: 7 }],
  ['$u: U64', '{"u": 9223372036854775807}', { u: 9223372036854775807n }],
  ['$v: Vector(2)', '{"v": [1, 0.5]}', { v: [1, 0.5] }],
  ['$b: Blob', '{"b": "base64:QQ=="}', { b: 'base64:QQ==' }],
  ['', 'null', {}],
];

test.each(ACCEPTED)('binds (%s) from %s', (declaration, json, values) => {
  expect(bind(declaration, json)).toEqual({ values });
});

test('an absent input is an empty object', () => {
  expect(bindParams([], undefined)).toEqual({ value: new Map(), diagnostics: [] });
});

test('every wrong parameter is reported', () => {
  expect(bind('$a: String, $b: Bool', '{"b": 1}').messages).toEqual([
    "parameter 'a' not provided",
    "param 'b': expected boolean, got number",
  ]);
});

test.each([
  ['a number', '9'.repeat(100_000)],
  ['a string', `"${'9'.repeat(100_000)}"`],
])('an endless integer in %s is cut in the message', (_, json) => {
  expect(bind('$n: I64', `{"n": ${json}}`).messages).toEqual([`param 'n': value ${'9'.repeat(64)}… exceeds I64`]);
});

test('JSON nested beyond reason is a syntax error', () => {
  expect(() => parseExactJson('['.repeat(300_000))).toThrow(new SyntaxError('nested too deeply'));
});

describe('names from Object.prototype', () => {
  test.each(['constructor', '__proto__', 'toString'])('%s is a parameter like any other', (name) => {
    const json: ExactJson = Object.fromEntries([[name, 'x']]);
    const params = compileQueries(`query q($p0: String?) { match { $p: Plant } return { 1 } }`, garden);
    const [param] = params.queries[0]?.params ?? [];
    if (param === undefined) throw new Error('the fixture declares one parameter');
    expect(bindParams([{ ...param, name }], {}).value?.get(name)).toBeNull();
    expect(bindParams([{ ...param, name }], json).value?.get(name)).toBe('x');
  });
});
