/** What the acceptance table does not cover: every message of schema-language.md §§1–9, order, places, the catalog. */
import {
  compileSchema,
  createSchemaCompiler,
  type Diagnostic,
  displayType,
  findEdge,
  headline,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const errorsOf = (source: string): readonly Diagnostic[] =>
  compileSchema(source).diagnostics.filter(({ severity }) => severity === 'error');

const pointed = (source: string, diagnostic: Diagnostic | undefined): string | undefined =>
  diagnostic?.range && source.slice(diagnostic.range.offset, diagnostic.range.offset + diagnostic.range.length);

function checkMessages(source: string, messages: readonly string[]): void {
  expect(errorsOf(source).map(headline)).toEqual(messages);
}

const MESSAGES: readonly (readonly [source: string, messages: readonly string[]])[] = [
  ['node X { v: Vector(0) }', ['parse error: Vector dimension must be greater than zero']],
  [
    'node X { v: Vector(2147483648) }',
    ['parse error: Vector dimension 2147483648 exceeds maximum supported 2147483647'],
  ],
  ['node X { v: Vector(4294967296) }', ['parse error: invalid Vector dimension 4294967296']],
  ['node X { v: Vector }', ['parse error: Vector needs a dimension']],
  ['node X { s: String(3) }', ['parse error: String takes no dimension']],
  ['node X { t: [Blob] }', ['parse error: list of Blob is not supported']],
  ['node X { t: [Vector] }', ['parse error: list of Vector is not supported: a list holds base types only']],
  ['node X { a: Text }', ["parse error: unknown property type 'Text'"]],
  ['node X {} edge R: X -> X @card(4294967296..)', ['parse error: invalid minimum cardinality 4294967296']],
  ['node X {} edge R: X -> X @card(0..4294967296)', ['parse error: invalid maximum cardinality 4294967296']],
  ['node X {} edge R: X -> X @card(3..2)', ['parse error: the minimum cardinality 3 exceeds the maximum 2']],
  ['node X @key {}', ['parse error: @key belongs on node properties or in the body, not on the header (node X)']],
  ['node X {} edge R: X -> X @index', ['parse error: @index is not supported on edges (edge R)']],
  ['node X @instruction {}', ['parse error: @instruction on node X needs a non-blank value']],
  ['node X { a: String @description("") }', ['parse error: @description on property X.a needs a non-blank value']],
  [
    'node X { a: String @rename_from }',
    ['parse error: @rename_from on property X.a needs exactly one non-blank positional value'],
  ],
  ['node X {} edge R: X -> X @rename_from("a") @rename_from("b")', ['parse error: @rename_from repeated on edge R']],
  ['node X { b: Blob @key }', ['parse error: @key is not supported on blob property X.b']],
  ['node X { b: [I32] @embed(b) }', ['parse error: @embed is not supported on list property X.b']],
  ['node X { b: Vector(2) @key }', ['parse error: @key is not supported on vector property X.b']],
  [
    'node X {} edge R: X -> X { v: Vector(2) t: String @embed(t) }',
    ['parse error: @embed is not supported on edge properties (edge R.t)'],
  ],
  ['node X { t: String v: Vector(2) @embed(t) @embed(t) }', ['parse error: @embed repeated on property X.v']],
  [
    'node X { v: Vector(2) @embed(" ") }',
    ['parse error: @embed on property X.v needs a source property name (non-blank)'],
  ],
  ['node X { v: Vector(2) @embed(nope) }', ["parse error: @embed on property X.v: unknown source property 'nope'"]],
  ['node X { n: I32 @range(n) }', ['parse error: @range requires property name and bounds']],
  ['node X { c: String @check(c) }', ['parse error: @check requires property name and pattern']],
  ['node X { c: String d: String @check(c, d) }', ['parse error: expected string argument in @check']],
  ['node X { n: I32 @index(0..1) }', ['parse error: expected property name in constraint @index']],
  ['node X {} edge R: X -> X { c: String @check(c, "a") }', ['parse error: @check is not allowed on edges (edge R)']],
  ['node X {} edge R: X -> X { c: String @key(c) }', ['parse error: @key is not allowed on edges (edge R)']],
  ['node X { t: [String] @key(t) }', ['parse error: @key is not supported on list property X.t']],
  ['node X { t: Vector(2) @key(t) }', ['parse error: @key is not supported on vector property X.t']],
  ['node X { t: Blob @key(t) }', ['parse error: @key is not supported on blob property X.t']],
  ['node X { t: String? @key(t) }', ['parse error: @key property X.t cannot be nullable']],
  ['node X { t: [String] @unique(t) }', ['parse error: @unique is not supported on list property X.t']],
  ['node X { t: Vector(2) @unique(t) }', ['parse error: @unique is not supported on vector property X.t']],
  ['node X { t: Blob @index(t) }', ['parse error: @index is not supported on blob property X.t']],
  ['node X { s: Bool @range(s, 0..1) }', ['parse error: @range on X.s requires a numeric type, got Bool']],
  ['node X { s: [I32]? @check(s, "a") }', ['parse error: @check on X.s requires String type, got [I32]?']],
  [
    'node X {} edge R: X -> X { src: String }',
    ["parse error: property name 'src' is reserved: every edge stores its endpoints as `src` and `dst`"],
  ],
  ['interface I { id: String }', ["parse error: property name 'id' is reserved: every stored type has its own `id`"]],
  [
    'interface I { s: enum(a) } node X implements I { s: enum(a, b) }',
    ["parse error: property 'X.s' is enum(a, b), but interface 'I' declares it as enum(a)"],
  ],
  [
    'interface I { s: I32 } interface J { s: I64 } node X implements I, J {}',
    ["parse error: property 'X.s' is I32, but interface 'J' declares it as I64"],
  ],
  ['node X {} edge R: Y -> X', ["catalog error: edge 'R' has unknown source type 'Y'"]],
  ['node X {} edge R: X -> X edge R: X -> X', ['catalog error: duplicate edge type: R']],
  ['interface I { a: I32 a: I32 }', ["catalog error: duplicate property 'a' for 'I'"]],
  ['node X {} edge R: X -> X { a: I32 a: I32 }', ["catalog error: duplicate property 'a' for 'R'"]],
  ['node X { a: I32 a: I32 }', ["schema identity resolution failed: duplicate property 'X.a'"]],
  ['interface I { v: Vector(2) @embed(t) } node X implements I { t: String }', []],
  ['interface I { a: String @instruction("i") }', []],
  [
    'interface I { a: String @instruction("i") } node X implements I {}',
    ['parse error: @instruction is only for node and edge types, not for property X.a'],
  ],
  [
    'node X { a: I32 @embed } /* never closed',
    [
      'parse error: this block comment is never closed',
      'parse error: @embed is only for vector properties; X.a is I32',
    ],
  ],
  ['node X { a: "never closed }', ['parse error: this string is never closed']],
  ['nodePerson {}', ['parse error: expected `node`, `edge` or `interface`, found `nodePerson`']],
];

describe('messages', () => {
  test.each(MESSAGES)('%s', checkMessages);
});

const BOUNDARIES: readonly (readonly [source: string])[] = [
  ['node X { a: Stringb: I32 }'],
  ['node X implementsNamed {}'],
  ['node X { s: enum(phase - 1) }'],
  ['node X { n: I32 @range(n, - 5..5) }'],
  ['node X { n: F64 @range(n, .5..1) }'],
  ['node X {} edge R: X -> X @ card(0..1)'],
  ['node X @card(0..1) {}'],
  ['node X { s: enum() }'],
  ['node X @a("p", "q") {}'],
  ['node X @a("p",) {}'],
  ['node X\u00a0{}'],
];

test.each(BOUNDARIES)('refused as syntax: %s', (source) => {
  expect(errorsOf(source)[0]?.code).toBe('syntax-error');
});

const WORDS =
  'node edge interface implements enum type key unique index range check card true false query match return insert from to where order limit'.split(
    ' ',
  );

test.each(WORDS)('%s is a property name, and can be used by that name', (word) => {
  const bare = word === 'true' || word === 'false' ? '' : `@key(${word})`;
  expect(errorsOf(`node X { ${word}: String ${bare} } interface I { ${word}: I32 }`)).toEqual([]);
});

test.each(['true_name', 'falsehood'])('%s may be named in a constraint', (word) => {
  expect(errorsOf(`node X { ${word}: String @key(${word}) }`)).toEqual([]);
});

test.each(['Date', 'Vector', 'String', 'Bool'])('%s may name a type', (word) => {
  expect(errorsOf(`node ${word} {} edge R: ${word} -> ${word}`)).toEqual([]);
});

test.each(['a->b', 'true-x', 'edge-case', '-5', '2fa', 'a--b', '007'])('the enum value %s', (value) => {
  const legal = !value.includes('>');
  expect(errorsOf(`node X { s: enum(zz, ${value}) }`).length === 0).toBe(legal);
});

test('every error is reported, in the order of the stages', () => {
  const source = [
    'node A { id: String n: String @range(n, 0..1) }',
    'node A implements Missing { x: I32 x: I32 }',
    'edge R: A -> B',
    'interface I {} interface I {}',
    'node C { a: String, b: I32 }',
  ].join('\n');
  expect(errorsOf(source).map(({ stage, code, range }) => [stage, code, range?.start.line])).toEqual([
    ['S1', 'syntax-error', 4],
    ['S1', 'reserved-property', 0],
    ['S1', 'unknown-interface', 1],
    ['S1', 'range-type', 0],
    ['S2', 'duplicate-node', 1],
    ['S2', 'unknown-endpoint', 2],
    ['S3', 'duplicate-interface', 3],
    ['S4', 'duplicate-property', 1],
  ]);
});

test('a broken declaration hides nothing of its neighbours', () => {
  const source =
    'node A { a: String\nnode B { b: I64 }\nedge R: A -> B @note("\nnode Z {}\n")\ninterface I { c: Bool }';
  const { catalog, diagnostics } = compileSchema(source);
  expect([...(catalog?.nodes.keys() ?? [])]).toEqual(['A', 'B']);
  expect([...(catalog?.interfaces.keys() ?? [])]).toEqual(['I']);
  expect(catalog?.nodes.get('B')?.properties.get('b')?.type.scalar).toBe('I64');
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['syntax-error']);
});

test('a text in which nothing is recognised has no catalog', () => {
  const { catalog, diagnostics } = compileSchema('nothing here');
  expect(catalog).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
});

test('a byte order mark is dropped, once', () => {
  expect(errorsOf('\uFEFFnode X {}')).toEqual([]);
  expect(errorsOf('\uFEFF\uFEFFnode X {}')[0]?.code).toBe('syntax-error');
});

test('ranges count UTF-16 units over the whole text, and carry the uri', () => {
  const source = '// 😀\nnode X {}\nedge R: X -> Missing';
  const { diagnostics } = compileSchema(source, { uri: 'file:///a.pg' });
  const error = diagnostics.find(({ severity }) => severity === 'error');
  expect(error).toMatchObject({
    uri: 'file:///a.pg',
    range: { start: { line: 2, character: 13 }, end: { line: 2, character: 20 }, length: 7 },
    remedy: 'declare `node Missing { … }`',
  });
  expect(pointed(source, error)).toBe('Missing');
});

test.each([
  ['node Person {} edge R: Person -> Persn', 'did you mean `Person`?'],
  ['node X { a: Sting }', 'did you mean `String`?'],
  ['node X { a: string }', 'did you mean `String`?'],
  ['node X { a String }', 'a property is written `name: Type`'],
  ['node X { title: String @unique(titel) }', 'did you mean `title`?'],
  ['Node X {}', 'did you mean `node`?'],
])('a near name is offered: %s', (source, remedy) => {
  expect(errorsOf(source)[0]?.remedy).toBe(remedy);
});

test('the catalog of a node', () => {
  const { catalog } = compileSchema(`
    interface Named { name: String @index @description("full name") }
    node City @owner(team, tier=3, area="x") @description("d") implements Named {
      pop: U64? code: String vec: Vector(3)? @embed(name, model="m") pic: Blob?
      @key(code) @unique(pop, code) @range(pop, 1..9.5) @check(code, "^[A-Z]+$")
    }`);
  const city = catalog?.nodes.get('City');
  expect(city).toMatchObject({
    kind: 'node',
    implements: ['Named'],
    key: ['code'],
    unique: [['code', 'pop']],
    indexes: [['code'], ['name']],
    ranges: [{ property: 'pop', min: { Integer: 1n }, max: { Float: 9.5 } }],
    checks: [{ property: 'code', pattern: '^[A-Z]+$' }],
    annotations: [
      { name: 'description', value: 'd' },
      { name: 'owner', value: 'team', kwargs: { area: 'x', tier: '3' } },
    ],
  });
  expect([...(city?.properties.keys() ?? [])]).toEqual(['pop', 'code', 'vec', 'pic', 'name']);
  expect([...(city?.embeds ?? [])]).toEqual([['vec', { property_name: 'name', model: 'm' }]]);
  expect([...(city?.blobs ?? [])]).toEqual(['pic']);
  expect(city?.properties.get('name')).toEqual({
    name: 'name',
    type: { scalar: 'String', nullable: false, list: false, enum_values: null },
    annotations: [{ name: 'description', value: 'full name' }],
    flags: ['index'],
    embed: null,
    declaredDirectly: false,
    satisfies: [{ owner_name: 'Named', property_name: 'name' }],
    renameFrom: null,
  });
});

test('edges match exactly first, then by folded name', () => {
  const { catalog } = compileSchema('node X {} edge WorksAt: X -> X @card(0..1)');
  if (catalog === undefined) throw new Error('compiles');
  expect(['WorksAt', 'worksat', 'WORKSAT'].map((name) => findEdge(catalog, name)?.cardinality)).toEqual([
    { min: 0, max: 1 },
    { min: 0, max: 1 },
    { min: 0, max: 1 },
  ]);
});

test('a lone upper bound is a maximum; bounds keep 64 bits', () => {
  const { catalog } = compileSchema(
    'node X { n: I64 @range(n, ..5) @range(n, 9223372036854775807..9223372036854775808) }',
  );
  expect(catalog?.nodes.get('X')?.ranges).toEqual([
    { property: 'n', min: null, max: { Integer: 5n } },
    { property: 'n', min: { Integer: 9223372036854775807n }, max: { Float: 2 ** 63 } },
  ]);
});

test.each(['String', 'Bool?', '[I64]', '[Date]?', 'Vector(3)', 'enum(a, b)?'])('%s is displayed as written', (type) => {
  const property = compileSchema(`node X { p: ${type} }`).catalog?.nodes.get('X')?.properties.get('p');
  expect(property && displayType(property.type)).toBe(type);
});

const LINTS: readonly (readonly [source: string, codes: readonly string[]])[] = [
  ['node X { k: I32 @key }', []],
  ['node X {}', ['node-without-key']],
  ['node X { k: I32 @key t: [I32] @range(t, 0..1) }', ['constraint-on-list']],
  ['node X { k: I32 @key t: [String] @check(t, "a") }', ['constraint-on-list']],
  ['node X { k: I32 @key s: String @check }', ['bare-constraint']],
  ['node X { k: I32 @key s: String @indx }', ['unknown-annotation']],
  ['node X { k: I32 @key s: String @pii }', []],
  ['node X { k: I32 @key a: I32 b: I32 @index(a, b) }', ['composite-index']],
  ['node X { k: I32 @key _tombstone: I32? }', ['tombstone-property']],
  ['node X { k: I32 @key } edge R: X -> X @card(1..)', ['minimum-cardinality']],
  ['node X { k: I32 @key } edge R: X -> X { from: I32? w: I32 @index }', ['unreachable-edge-property', 'edge-index']],
  ['node X { k: I32 @key } interface X {}', ['shared-name']],
];

test.each(LINTS)('warnings of %s', (source, codes) => {
  const { diagnostics } = compileSchema(source);
  expect(diagnostics.map(({ code, severity, stage }) => [code, severity, stage])).toEqual(
    codes.map((code) => [code, 'warning', 'L']),
  );
});

test('a compiler parses only what changed', () => {
  const compiler = createSchemaCompiler();
  const source = 'node A { a: String @key }\n// between\nnode B { b: String @key }\nedge R: A -> B';
  const first = compiler.compile(source);
  expect(compiler.stats).toEqual({ parsed: 3, reused: 0 });
  const moved = `// moved\n\n${source}`;
  expect(compiler.compile(moved)).toEqual(compileSchema(moved));
  expect(compiler.stats).toEqual({ parsed: 3, reused: 3 });
  const edited = source.replace('b: String', 'b: I64');
  expect(compiler.compile(edited)).toEqual(compileSchema(edited));
  expect(compiler.stats).toEqual({ parsed: 4, reused: 5 });
  expect(compiler.compile(source)).toEqual(first);
});
