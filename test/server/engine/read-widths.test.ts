/** Numbers across widths, text by bytes, lists, composite keys and cells. query-language.md §§5.4, 5.6, 6, 11. */
import { canonicalText, type PropType } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { memorySnapshot } from './memory-graph.js';
import { compiled, runRead } from './run-read.js';

const { catalog } = compiled(`
node Gauge {
  port: String
  no: I32
  i64: I64?
  u64: U64?
  u32: U32?
  f32: F32?
  f64: F64?
  marks: [F32]?
  days: [Date]?
  note: String?
  @key(port, no)
}
node Serial { no: I64 @key  label: String? }
node Level { at: F64 @key }
node Faint { at: F32 @key }
`);

const F64: PropType = { scalar: 'F64', nullable: false, list: false, enum_values: null };
const F32: PropType = { ...F64, scalar: 'F32' };

const gauge = (port: string, no: number, values: Readonly<Record<string, never | unknown>>) =>
  ({ id: JSON.stringify([String(no), port]), port, no, ...values }) as never;

const snapshot = memorySnapshot(catalog, {
  'node:Gauge': [
    gauge('RTM', 1, {
      i64: 9007199254740993n,
      u64: 18446744073709551615n,
      f32: Math.fround(0.1),
      f64: 0.1,
      note: '\uffff',
    }),
    gauge('RTM', 2, { i64: 9007199254740992n, u64: 3n, f32: Math.fround(2.5), f64: 9007199254740992, note: '😀' }),
    gauge('GOT', 1, { i64: -2n, u32: 4294967295, marks: [Math.fround(0.1), 2], days: [0, 19782], note: 'z' }),
  ],
  'node:Level': [0.5, 2 ** 60, 1e-7].map((at) => ({ id: canonicalText(F64, at), at })),
  'node:Faint': [0.1, 3].map((at) => ({ id: canonicalText(F32, at), at: Math.fround(at) })),
  'node:Serial': [
    { id: '7', no: 7n, label: 'seven' },
    { id: '-3', no: -3n, label: 'minus three' },
  ],
});

const gauges = (clauses: string, items: string, tail = '', params = ''): string =>
  `query q(${params}) { match { $g: Gauge ${clauses} } return { ${items} } ${tail} }`;

test.each([
  ['I64 beyond 2^53 against its neighbour', gauges('$g.i64 > 9007199254740992', '$g.i64'), {}, [[9007199254740993n]]],
  ['I64 against a float of the same value', gauges('$g.i64 = $g.f64', '$g.i64'), {}, [[9007199254740992n]]],
  ['an integer column against a fraction', gauges('{ no: 1.5 }', '$g.no'), {}, []],
  ['an integer column against a whole float', gauges('$g.no = 2.0', '$g.no'), {}, [[2]]],
  ['U64 at full width', gauges('$g.u64 > 3', '$g.u64'), {}, [[18446744073709551615n]]],
  ['U32 at full width', gauges('$g.u32 >= 4294967295', '$g.u32'), {}, [[4294967295]]],
  ['F32 at its own precision', gauges('{ f32: 0.1 }', '$g.f32'), {}, [[0.10000000149011612]]],
  ['F32 against F64, exactly', gauges('$g.f32 = $g.f64', '$g.no'), {}, []],
  ['F32 list items at their own precision', gauges('{ marks: 0.1 }', '$g.marks'), {}, [[[0.10000000149011612, 2]]]],
  [
    'a list item that is a date',
    gauges('$g.days contains date("2024-02-29")', '$g.days'),
    {},
    [[['1970-01-01', '2024-02-29']]],
  ],
  ['strings order by UTF-8 bytes', gauges('', '$g.note', 'order { $g.note }'), {}, [['z'], ['\uffff'], ['😀']]],
  ['strings compare by UTF-8 bytes', gauges('$g.note > "\uffff"', '$g.note'), {}, [['😀']]],
  ['max of text by UTF-8 bytes', gauges('', 'max($g.note) as m, min($g.i64) as n'), {}, [['😀', -2]]],
  ['a composite key', gauges('{ no: 1, port: "RTM" }', '$g.no, $g.port'), {}, [[1, 'RTM']]],
  ['a composite key, part unknown', gauges('{ no: 9, port: "RTM" }', '$g.no'), {}, []],
  ['half a composite key is a filter', gauges('{ port: "RTM" }', '$g.no', 'order { $g.no }'), {}, [[1], [2]]],
  [
    'grouping by a list',
    gauges('', '$g.marks, count($g) as n', 'order { n }'),
    {},
    [
      [[0.10000000149011612, 2], 1],
      [null, 2],
    ],
  ],
  [
    'a vector of integers as a constant list',
    gauges('{ no: 2 }', '[1, 2] as l, "x" as s, true as t, 1.5 as f'),
    {},
    [[[1, 2], 'x', true, 1.5]],
  ],
  [
    'dates as constants',
    gauges('{ no: 2 }', 'date("2024-02-29") as d, datetime("2024-02-29 10:00:00+02:00") as t'),
    {},
    [['2024-02-29', '2024-02-29T08:00:00.000Z']],
  ],
  [
    'parameters as constants',
    gauges('{ no: 2 }', '$d, $b', '', '$d: Date?, $b: I64'),
    { b: '9223372036854775807' },
    [[null, 9223372036854775807n]],
  ],
  [
    'an integer key',
    'query q($n: I64) { match { $s: Serial { no: $n } } return { $s.label } }',
    { n: -3 },
    [['minus three']],
  ],
  [
    'an integer key against a whole float',
    'query q() { match { $s: Serial { no: 7.0 } } return { $s.label } }',
    {},
    [['seven']],
  ],
  ['an integer key against a fraction', 'query q() { match { $s: Serial { no: 7.5 } } return { $s.label } }', {}, []],
  [
    'sums of wide integers are floats',
    'query q() { match { $s: Serial } return { sum($s.no) as n, avg($s.no) as a } }',
    {},
    [[4, 2]],
  ],
  [
    'a join of two types by value',
    'query q() { match { $g: Gauge { port: "GOT" } $s: Serial $s.no = $g.no } return { $s.label } }',
    {},
    [],
  ],
  ['a float key', 'query q() { match { $l: Level { at: 0.5 } } return { $l.at } }', {}, [[0.5]]],
  [
    'a float key against its exact integer',
    'query q() { match { $l: Level { at: 1152921504606846976 } } return { $l.at } }',
    {},
    [[2 ** 60]],
  ],
  [
    'a float key against the integer its digits show',
    'query q() { match { $l: Level { at: 1152921504606847000 } } return { $l.at } }',
    {},
    [],
  ],
  ['a small float key', 'query q() { match { $l: Level { at: 0.0000001 } } return { $l.at } }', {}, [[1e-7]]],
  [
    'an F32 key at its own precision',
    'query q() { match { $l: Faint { at: 0.1 } } return { $l.at } }',
    {},
    [[0.10000000149011612]],
  ],
  ['an F32 key against an integer', 'query q() { match { $l: Faint { at: 3 } } return { $l.at } }', {}, [[3]]],
])('%s', async (_, query, params, rows) => {
  expect((await runRead(query, { catalog, snapshot, params })).rows).toEqual(rows);
});

test('JSON spells what is not finite', async () => {
  const odd = memorySnapshot(catalog, {
    'node:Gauge': [
      gauge('A', 1, { f64: Number.NaN, f32: Number.NEGATIVE_INFINITY }),
      gauge('A', 2, { f64: Number.POSITIVE_INFINITY }),
      gauge('A', 3, { f64: 1 }),
    ],
  });
  const { rows } = await runRead(gauges('', '$g.f64, $g.f32', 'order { $g.f64 }'), { catalog, snapshot: odd });
  expect(rows).toEqual([
    [1, null],
    ['Infinity', null],
    ['NaN', '-Infinity'],
  ]);
});
