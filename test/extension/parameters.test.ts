import type { RunnableParam, RunnableQuery } from 'omnigraph-language/editor';
import { expect, test } from 'vitest';
import { formValues, jsonOfValues } from '../../extension/src/query/parameters.js';

const query = (...params: readonly RunnableParam[]): RunnableQuery => ({
  uri: 'file:///q.gq',
  name: 'q',
  mutation: false,
  params,
  source: '',
  picture: { nodes: [], links: [] },
});

const param = (kind: RunnableParam['kind'], type: string, nullable = false): RunnableParam => ({
  name: 'x',
  kind,
  type,
  nullable,
});

test.each<[string, RunnableParam, string, string]>([
  ['a text as it is', param('string', 'String'), ' a "b" ', '{"x": " a \\"b\\" "}'],
  ['an empty text', param('string', 'String'), '', '{"x": ""}'],
  ['an integer with every digit', param('bigint', 'I64'), '9007199254740993', '{"x": "9007199254740993"}'],
  ['a negative integer', param('int', 'I32'), '-4', '{"x": "-4"}'],
  ['a float', param('float', 'F64'), '2.5e3', '{"x": 2.5e3}'],
  ['a boolean', param('bool', 'Bool'), 'true', '{"x": true}'],
  ['a date', param('date', 'Date'), ' 2026-01-31 ', '{"x": "2026-01-31"}'],
  ['words between commas', param('list', '[String]'), 'a, b', '{"x": ["a","b"]}'],
  ['a JSON array', param('list', '[I32]'), '[1, 2]', '{"x": [1, 2]}'],
  ['a vector', param('vector', 'Vector(2)'), '[0.5, 1]', '{"x": [0.5, 1]}'],
  ['nothing, where null may be', param('string', 'String?', true), '', '{}'],
])('a form makes JSON of %s', (_what, declared, text, json) => {
  expect(jsonOfValues(query(declared), { x: text })).toEqual({ json });
});

test.each<[string, RunnableParam, string]>([
  ['a word for an integer', param('int', 'I32'), 'ten'],
  ['a fraction for an integer', param('int', 'I32'), '1.5'],
  ['nothing for an integer', param('int', 'I32'), ''],
  ['a word for a float', param('float', 'F64'), 'NaN'],
  ['a word for a boolean', param('bool', 'Bool'), 'yes'],
  ['no date', param('date', 'Date'), ' '],
  ['a broken array', param('list', '[I32]'), '[1,'],
  ['an object in brackets of nothing', param('vector', 'Vector(2)'), '[x]'],
])('a form refuses %s', (_what, declared, text) => {
  expect(jsonOfValues(query(declared), { x: text })).toEqual({ problem: `$x: '${text}' is no ${declared.type}.` });
});

test('remembered values are those of parameters that still exist', () => {
  expect(formValues(query(param('string', 'String')), { x: 'kept', gone: 'lost' })).toEqual({ x: 'kept' });
});

test('a parameter may have any name, inherited ones of objects included', () => {
  const named: RunnableParam = { ...param('string', 'String'), name: 'constructor' };
  expect(formValues(query(named), {})).toEqual({ constructor: '' });
});
