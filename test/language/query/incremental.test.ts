import {
  type Catalog,
  compileQueries,
  createQueryCompiler,
  isError,
  parseQueries,
  touchedTypes,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { catalogOf, GARDEN_SCHEMA, garden, M, R, verdictOf } from './garden.js';

const three = `// first
query plants() { match { $p: Plant } return { $p.code } }

query beds() { match { $b: Bed } return { $b.bid } }

query trees() { match { $t: Tree } return { $t.x } }
`;

describe('an editing session', () => {
  test('only the edited declaration is parsed and checked', () => {
    const compiler = createQueryCompiler();
    compiler.compile(three, garden);
    expect(compiler.stats).toEqual({ parsed: 3, checked: 3, reused: 0 });
    const edited = three.replace('$b.bid }', '$b.area }');
    const result = compiler.compile(edited, garden);
    expect(compiler.stats).toEqual({ parsed: 1, checked: 1, reused: 2 });
    expect(result).toEqual(compileQueries(edited, garden));
  });

  test('an edit above moves the rest without parsing it', () => {
    const compiler = createQueryCompiler();
    compiler.compile(three, garden);
    const moved = `/* a\nlong\ncomment */\n${three}`;
    const result = compiler.compile(moved, garden);
    expect(compiler.stats).toEqual({ parsed: 0, checked: 0, reused: 3 });
    expect(result).toEqual(compileQueries(moved, garden));
  });

  const schemaEdits: readonly (readonly [what: string, schema: string, checked: number])[] = [
    ['an equal schema', GARDEN_SCHEMA, 0],
    ['a comment above the types', `// moved\n\n${GARDEN_SCHEMA}`, 0],
    ['an edited type', GARDEN_SCHEMA.replace('area: I32?', 'area: String?'), 1],
    // Every node name is a candidate of the suggestion for `Tree`.
    ['a new type that a query lacked', `${GARDEN_SCHEMA}\nnode Tree { x: I32 }`, 1],
    ['an edge nobody mentions', GARDEN_SCHEMA.replace('weight: F64?', 'weight: I32?'), 0],
  ];
  test.each(schemaEdits)('%s re-checks only what depends on it', (_what, schema, checked) => {
    const compiler = createQueryCompiler();
    compiler.compile(three, garden);
    const catalog = catalogOf(schema);
    const result = compiler.compile(three, catalog);
    expect(compiler.stats).toEqual({ parsed: 0, checked, reused: 3 - checked });
    expect(result).toEqual(compileQueries(three, catalog));
  });
});

test.each<readonly [text: string, touched: readonly string[]]>([
  [M('$p: Plant $p growsin $b not { $p shades $_ }'), ['Bed', 'GrowsIn', 'Plant', 'Shades']],
  [M('$t: Tree'), ['Tree']],
  [M('$p likes $q'), ['likes']],
])('%s touches', (text, touched) => {
  const [query] = compileQueries(text, garden).queries;
  expect(query && touchedTypes(query)).toEqual(touched);
});

const names = (text: string, catalog: Catalog = garden) =>
  compileQueries(text, catalog).queries.map(({ name }) => name);

test.each([
  ['closing braces', '} '.repeat(50_000)],
  ['words', 'oops '.repeat(50_000)],
  ['half headers', 'query q(\n'.repeat(20_000)],
])('many %s are few declarations to parse', (_what, text) => {
  const compiler = createQueryCompiler();
  const { diagnostics } = compiler.compile(text, garden);
  expect(verdictOf(diagnostics)).toBe('P');
  expect(compiler.stats.parsed).toBeLessThanOrEqual(2);
});

describe('broken files', () => {
  const broken: readonly (readonly [what: string, text: string, queries: readonly string[]])[] = [
    [
      'an unclosed brace',
      'query a() { match { $p: Plant return { 1 } }\nquery b() { x }\nquery c() { match { $p: Plant } return { 1 } }',
      ['a', 'b', 'c'],
    ],
    [
      'an unclosed string',
      'query a() { match { $p: Plant { code: "x } } return { 1 } }\nquery b() { match { $p: Plant } return { 1 } }',
      ['a', 'b'],
    ],
    ['an unclosed comment', 'query a() { /* match }\nquery b() { match { $p: Plant } return { 1 } }', ['a', 'b']],
    [
      'a stray brace',
      'query a() { match { $p: Plant } return { 1 } } }\nquery b() { match { $p: Plant } return { 1 } }',
      ['a', 'b'],
    ],
    ['a header alone', 'query a(\nquery b() { match { $p: Plant } return { 1 } }', ['a', 'b']],
    [
      'rubbish between',
      'query a() { match { $p: Plant } return { 1 } } oops query b() { match { $p: Plant } return { 1 } }',
      ['a', 'b'],
    ],
  ];
  test.each(broken)('%s costs its own declaration only', (_what, text, queries) => {
    const result = compileQueries(text, garden);
    expect(result.queries.map(({ name }) => name)).toEqual(queries);
    expect(verdictOf(result.diagnostics)).toBe('P');
    expect(result.queries.some(({ plan }) => plan !== undefined)).toBe(false);
  });

  test('errors of every declaration are reported, parse errors first', () => {
    const text =
      'query a() { match { $t: Tree } return { $z } }\nquery b() { match }\nquery c() { match { } return { 1 } }';
    const found = compileQueries(text, garden).diagnostics.filter(isError);
    expect(found.map(({ stage, code, range }) => [stage, code, range?.start.line])).toEqual([
      ['P', 'parse-error', 1],
      ['P', 'empty-block', 2],
      ['T', 'T1', 0],
      ['T', 'unbound-variable', 0],
    ]);
  });

  test('a word `query` at the start of a line inside a declaration is no border', () => {
    const text =
      'query a() { match { $p: Plant } return {\nquery\nquery count($p) as n\n} }\nquery\nquery() { match { $p: Plant } return { 1 } }';
    expect(names(text)).toEqual(['a', 'query']);
    expect(verdictOf(compileQueries('query\nquery() { match { $p: Plant } return { 1 } }', garden).diagnostics)).toBe(
      'ok',
    );
  });
});

test('ranges are exact, in UTF-16 code units of the document', () => {
  const text = `// 🌱\n${M('$p: Plant { girth: 1 }')}`;
  const [first] = compileQueries(text, garden, { uri: 'file:///a.gq' }).diagnostics;
  expect(first).toMatchObject({ code: 'T2', uri: 'file:///a.gq', stage: 'T' });
  const { offset = 0, length = 0 } = first?.range ?? {};
  expect(text.slice(offset, offset + length)).toBe('girth');
  expect(first?.range?.start).toEqual({ line: 1, character: 32 });
});

test('equal names in one file are an error that leaves the parse verdict alone', () => {
  const text = `${R('$p.code')}\n${R('$p.code')}`;
  const { queries, diagnostics } = compileQueries(text, garden);
  expect(queries.every(({ plan }) => plan !== undefined)).toBe(true);
  expect(diagnostics).toMatchObject([{ code: 'duplicate-query-name', severity: 'error', stage: 'L' }]);
  expect(parseQueries(text)).toMatchObject({ queries: [{ name: 'q' }, { name: 'q' }], diagnostics: [] });
});

test('declarations are known without a catalog', () => {
  const { queries, diagnostics } = parseQueries(
    'query a($s: String?) { insert X { y: 1 } }\nquery b() { match { $p: X } return { 1 } }',
  );
  expect(diagnostics).toEqual([]);
  expect(queries.map(({ name, kind, params }) => [name, kind, params.map((param) => param.name)])).toEqual([
    ['a', 'mutation', ['s']],
    ['b', 'read', []],
  ]);
});

test.each([
  ['unused-parameter', 'query q($x: String) { match { $p: Plant } return { 1 as one } }'],
  ['unknown-alias', R('zz')],
  ['unknown-alias', R('$p.code', 'order { zz }')],
  ['mixed-mutation', 'query q($t: String) { insert Memo { text: $t } delete Memo where text = $t }'],
  ['update-of-key', 'query q($t: String) { update Plant set { code: $t } where code = $t }'],
  ['unaliased-aggregate', R('count($p)')],
  ['duplicate-column', R('$p.code, $p.code')],
  ['unprojected-order-key', R('$p.code, count($p) as n', 'order { $p.height }')],
  ['unprojected-order-key', R('$p.code as c, count($p) as n', 'order { $p.code }')],
  ['rank-not-first', R('$p.code', 'order { $p.code, bm25($p.common, "a") }')],
  ['rank-with-aggregates', R('count($p) as n', 'order { bm25($p.common, "a") }')],
  ['nested-aggregate', R('count(sum($p.height)) as n')],
  ['aggregate-of-node', R('sum($p) as n')],
  ['unsupported-order-key', R('$p.code', 'order { $p }')],
  ['unsupported-order-key', R('count($p) as n', 'order { count($p) }')],
  ['list-predicate', 'query q($t: String) { delete Plant where tags = $t }'],
])('advice %s for %s', (code, text) => {
  const { diagnostics } = compileQueries(text, garden);
  expect(diagnostics).toMatchObject([{ code, severity: 'warning', stage: 'L' }]);
});

test.each([
  R('$p.code as c', 'order { c desc, $p.height }'),
  R('$p', 'order { p }'),
  R('$p.code, count($p) as n', 'order { $p.code, n }'),
])('no advice for %s', (text) => {
  expect(compileQueries(text, garden).diagnostics).toEqual([]);
});
