/** schema-language.md §§11–12: what is the same schema, how identities are given, what a stored IR must be. */
import {
  bindAccepted,
  type Catalog,
  compileSchema,
  evolveSchema,
  initializeSchema,
  parseExactJson,
  schemaDigest,
  shapeHash,
  stringifyExactJson,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const DOMAIN = '01HZX3Q5T0V9Y2B4C6D8E0F1G3';

function catalogOf(source: string): Catalog {
  const { catalog } = compileSchema(source);
  if (catalog === undefined) throw new Error(`not a schema: ${source}`);
  return catalog;
}

const X = 'node X { a: String b: I32? }';
const SAME: readonly (readonly [what: string, left: string, right: string])[] = [
  ['comments, blanks, order', X, '// c\nnode X {\n b: I32? /* d */\n a: String }'],
  ['order of declarations', 'node A {} node B {}', 'node B {} node A {}'],
  ['order of enum values', 'node X { s: enum(a, b) }', 'node X { s: enum(b, a) }'],
  [
    'order of implements',
    'interface I {} interface J {} node X implements I, J {}',
    'interface I {} interface J {} node X implements J, I, J {}',
  ],
  ['order of columns', 'node X { a: I32 b: I32 @unique(a, b) }', 'node X { a: I32 b: I32 @unique(b, a, b) }'],
  ['order of annotations', 'node X @p @q(1) {}', 'node X @q(1) @p {}'],
  [
    'repeated constraints and annotations',
    'node X @p { a: I32 @index(a) }',
    'node X @p @p { a: I32 @index(a) @index(a) }',
  ],
  ['rename hints', 'node X { a: I32 }', 'node X @rename_from("W") { a: I32 @rename_from(z) }'],
  ['open cardinality', 'node X {} edge R: X -> X', 'node X {} edge R: X -> X @card(0..)'],
  ['spelling of literals', 'node X @x(foo) {}', 'node X @x("foo") {}'],
];

test.each(SAME)('one schema: %s', (_what, left, right) => {
  expect(catalogOf(left).shapeHash).toBe(catalogOf(right).shapeHash);
});

const DIFFERENT: readonly (readonly [what: string, left: string, right: string])[] = [
  ['nullability', 'node X { a: I32 }', 'node X { a: I32? }'],
  ['a description', 'node X {}', 'node X @description("d") {}'],
  ['a keyword argument', 'node X @o(a, t=1) {}', 'node X @o(a, t=2) {}'],
  ['property and body form', 'node X { a: I32 @index }', 'node X { a: I32 @index(a) }'],
  [
    'declared and injected',
    'interface I { a: I32 } node X implements I {}',
    'interface I { a: I32 } node X implements I { a: I32 }',
  ],
  ['cardinality', 'node X {} edge R: X -> X', 'node X {} edge R: X -> X @card(0..1)'],
  ['integer and float bounds', 'node X { a: F64 @range(a, 0..1) }', 'node X { a: F64 @range(a, 0.0..1.0) }'],
  [
    'bounds beyond 2^53',
    'node X { a: I64 @range(a, 9007199254740993..) }',
    'node X { a: I64 @range(a, 9007199254740992..) }',
  ],
  [
    'embedding model',
    'node X { t: String v: Vector(2) @embed(t) }',
    'node X { t: String v: Vector(2) @embed(t, model="m") }',
  ],
];

test.each(DIFFERENT)('two schemas: %s', (_what, left, right) => {
  expect(catalogOf(left).shapeHash).not.toBe(catalogOf(right).shapeHash);
});

test('digests', () => {
  const source = 'node X {}';
  expect(schemaDigest(source)).toBe('2e2599e2dfdad3876b7620e566fbb76c0fd94ca5c85f31cd31fec87caf7d4459');
  expect(schemaDigest(new TextEncoder().encode(source))).toBe(schemaDigest(source));
  expect(schemaDigest(`${source} // note`)).not.toBe(schemaDigest(source));
  expect(shapeHash(catalogOf(source))).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('identities are given by kind, owner and name, whatever the order in the file', () => {
  const { catalog, ir } = initializeSchema(
    catalogOf('edge E: A -> B node B implements Z {} interface Z { p: I32 } node A {}'),
    DOMAIN,
  );
  expect(catalog.interfaces.get('Z')?.typeId).toBe(1);
  expect(['A', 'B'].map((name) => catalog.nodes.get(name)?.typeId)).toEqual([2, 3]);
  expect(catalog.edges.get('E')?.typeId).toBe(4);
  expect(catalog.interfaces.get('Z')?.properties.get('p')?.propertyId).toBe(5);
  expect(catalog.nodes.get('B')?.properties.get('p')?.propertyId).toBe(6);
  expect(
    [catalog.nodes.get('A'), catalog.nodes.get('B'), catalog.edges.get('E')].map((type) => type?.tableIncarnationId),
  ).toEqual([7, 8, 9]);
  expect(ir.next_identity_id).toBe(10);
});

test('the bound catalog has properties by name and the key by property id', () => {
  const { catalog } = initializeSchema(catalogOf('node X { z: String m: I32 a: String @key(z, a) }'), DOMAIN);
  const node = catalog.nodes.get('X');
  expect([...(node?.properties.keys() ?? [])]).toEqual(['a', 'm', 'z']);
  expect(node?.key).toEqual(['a', 'z']);
});

test('hints are inert in a new graph', () => {
  const { diagnostics } = initializeSchema(catalogOf('node X @rename_from("W") { a: I32 @rename_from("b") }'), DOMAIN);
  expect(diagnostics.map(({ code, severity, path }) => [code, severity, path])).toEqual([
    ['inert_initialization_rename_hint', 'warning', 'node:X'],
    ['inert_initialization_rename_hint', 'warning', 'node:X.a'],
  ]);
});

test('the IR of a small schema', () => {
  const { ir, irHash } = initializeSchema(
    catalogOf(
      'interface N { name: String } node X implements N { k: I64 @key @range(k, 0..) } edge R: X -> X { @unique(src, dst) }',
    ),
    DOMAIN,
  );
  expect(stringifyExactJson(ir)).toMatchInlineSnapshot(
    `"{"ir_version":2,"schema_identity_domain":"01HZX3Q5T0V9Y2B4C6D8E0F1G3","next_identity_id":9,"interfaces":[{"type_id":1,"name":"N","properties":[{"property_id":4,"name":"name","prop_type":{"scalar":"String","nullable":false,"list":false,"enum_values":null},"annotations":[],"property_constraints":[],"embed_source":null,"declared_directly":true,"satisfies_interface_properties":[]}]}],"nodes":[{"type_id":2,"table_incarnation_id":7,"name":"X","annotations":[],"implements":[{"type_id":1,"type_name":"N"}],"properties":[{"property_id":5,"name":"k","prop_type":{"scalar":"I64","nullable":false,"list":false,"enum_values":null},"annotations":[],"property_constraints":["key"],"embed_source":null,"declared_directly":true,"satisfies_interface_properties":[]},{"property_id":6,"name":"name","prop_type":{"scalar":"String","nullable":false,"list":false,"enum_values":null},"annotations":[],"property_constraints":[],"embed_source":null,"declared_directly":false,"satisfies_interface_properties":[{"owner_type_id":1,"owner_type_name":"N","property_id":4,"property_name":"name"}]}],"constraints":[{"kind":"key","fields":[{"kind":"property","owner_type_id":2,"owner_type_name":"X","property_id":5,"property_name":"k"}]},{"kind":"range","field":{"kind":"property","owner_type_id":2,"owner_type_name":"X","property_id":5,"property_name":"k"},"min":{"Integer":0},"max":null}]}],"edges":[{"type_id":3,"table_incarnation_id":8,"name":"R","from_type":{"type_id":2,"type_name":"X"},"to_type":{"type_id":2,"type_name":"X"},"cardinality":{"min":0,"max":null},"annotations":[],"properties":[],"constraints":[{"kind":"unique","fields":[{"kind":"system","stable_table_id":3,"table_type_name":"R","table_incarnation_id":8,"role":"dst"},{"kind":"system","stable_table_id":3,"table_type_name":"R","table_incarnation_id":8,"role":"src"}]}]}]}"`,
  );
  expect(irHash).toMatch(/^sha256:[0-9a-f]{64}$/);
});

const SOURCE = `
interface Named { name: String }
node City implements Named { code: String @key big: I64? @range(big, 0..9007199254740993) }
node Land { name: String @index vec: Vector(2)? @embed(name, model="m") }
edge In: City -> Land @card(0..1) { since: Date? @unique(src, dst) }
`;

const stored = (source = SOURCE): string => stringifyExactJson(initializeSchema(catalogOf(source), DOMAIN).ir, 2);

describe('opening a stored schema', () => {
  test('gives back what was accepted', () => {
    const accepted = initializeSchema(catalogOf(SOURCE), DOMAIN);
    const opened = bindAccepted(SOURCE, parseExactJson(stored()));
    expect(opened.diagnostics).toEqual([]);
    expect(opened.value?.catalog).toEqual(accepted.catalog);
    expect(opened.value?.ir).toEqual(accepted.ir);
    expect(opened.value?.irHash).toBe(accepted.irHash);
  });

  test('formatting may differ', () => {
    expect(bindAccepted(`// new note\n${SOURCE}`, parseExactJson(stored())).value).toBeDefined();
  });

  test('evolution keeps identities across storing', () => {
    const opened = bindAccepted(SOURCE, parseExactJson(stored())).value;
    if (opened === undefined) throw new Error('opens');
    const desired = SOURCE.replace('node Land', 'node Country @rename_from("Land")').replace('-> Land', '-> Country');
    const { plan, bound } = evolveSchema(opened, catalogOf(desired));
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['rename_type']);
    expect(bound?.catalog.nodes.get('Country')?.tableIncarnationId).toBe(
      opened.catalog.nodes.get('Land')?.tableIncarnationId,
    );
    expect(bindAccepted(desired, parseExactJson(stringifyExactJson(bound?.ir))).value?.irHash).toBe(bound?.irHash);
  });

  const EDITED: readonly (readonly [what: string, source: string])[] = [
    ['a property added', SOURCE.replace('since:', 'more: I32? since:')],
    ['a property removed', SOURCE.replace('since: Date?', '')],
    ['a type added', `${SOURCE} node Extra {}`],
    ['a type removed', SOURCE.replace(/edge In[^}]*}/, '')],
    ['a type changed', SOURCE.replace('Date?', 'DateTime?')],
    ['a bound changed by one', SOURCE.replace('9007199254740993', '9007199254740992')],
    ['a model changed', SOURCE.replace('"m"', '"n"')],
    ['the cardinality changed', SOURCE.replace('0..1', '0..2')],
    ['injected to declared', SOURCE.replace('{ code', '{ name: String code')],
  ];

  test.each(EDITED)('the text was edited: %s', (_what, source) => {
    const { value, diagnostics } = bindAccepted(source, parseExactJson(stored()));
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['schema-source-mismatch']);
  });

  test('a text that does not compile says why', () => {
    const { value, diagnostics } = bindAccepted('node X { a: Missing }', parseExactJson(stored()));
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-property-type']);
  });

  const DAMAGED: readonly (readonly [what: string, from: string | RegExp, to: string, says: string])[] = [
    ['another version', '"ir_version": 2', '"ir_version": 3', 'ir_version: expected 2, found 3'],
    ['a lower-case domain', DOMAIN, DOMAIN.toLowerCase(), 'schema_identity_domain: not a canonical upper-case ULID'],
    [
      'a zero id',
      '"type_id": 1,\n      "name": "Named"',
      '"type_id": 0,\n      "name": "Named"',
      'not a positive whole number',
    ],
    [
      'a repeated id',
      '"type_id": 1,\n      "name": "Named"',
      '"type_id": 2,\n      "name": "Named"',
      'identity 2 is given twice',
    ],
    ['a counter that is behind', /"next_identity_id": \d+/, '"next_identity_id": 5', 'is not below next_identity_id 5'],
    ['a missing counter', /"next_identity_id": \d+,/, '', 'next_identity_id: not a positive whole number'],
    [
      'an id beyond 2^53',
      /"next_identity_id": \d+/,
      '"next_identity_id": 18446744073709551615',
      'next_identity_id: not a positive',
    ],
    [
      'a dangling reference',
      /"from_type": \{\s*"type_id": \d+/,
      '"from_type": { "type_id": 77',
      'edges[0].from_type.type_id: not what the schema says',
    ],
    [
      'a wrong reference name',
      /("from_type": \{\s*"type_id": \d+,\s*"type_name": )"City"/,
      '$1"Land"',
      'edges[0].from_type.type_name: not what the schema says',
    ],
    [
      'missing provenance',
      /,\s*"satisfies_interface_properties": \[\]/,
      '',
      'satisfies_interface_properties: not what the schema says',
    ],
    ['no nodes', '"nodes": [', '"knots": [', 'nodes: not a list'],
  ];

  test.each(DAMAGED)('the IR is damaged: %s', (_what, from, to, says) => {
    const text = stored();
    const damaged = text.replace(from, to);
    expect(damaged).not.toBe(text);
    const { value, diagnostics } = bindAccepted(SOURCE, parseExactJson(damaged));
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['invalid-accepted-ir']);
    expect(diagnostics[0]?.message).toContain(says);
  });

  test('an unsorted IR is refused', () => {
    const { ir } = initializeSchema(catalogOf(SOURCE), DOMAIN);
    const { diagnostics } = bindAccepted(SOURCE, { ...ir, nodes: [...ir.nodes].reverse() });
    expect(diagnostics[0]?.message).toContain('nodes[1]: the list is not sorted by name');
  });

  test.each([[undefined], [null], ['text'], [[]], [{}]])('not an IR: %j', (ir) => {
    expect(bindAccepted(SOURCE, ir)).toMatchObject({
      value: undefined,
      diagnostics: [{ code: 'invalid-accepted-ir' }],
    });
  });
});

test('names like __proto__ are ordinary names', () => {
  const source =
    'interface I { __proto__: String } node X @__proto__("v", __proto__="w") implements I { constructor: I32 @key }';
  const accepted = initializeSchema(catalogOf(source), DOMAIN);
  const text = stringifyExactJson(accepted.ir);
  expect(text).toContain('"kwargs":{"__proto__":"w"}');
  expect(accepted.catalog.nodes.get('X')?.properties.get('__proto__')?.propertyId).toBe(4);
  expect(bindAccepted(source, parseExactJson(text)).value?.irHash).toBe(accepted.irHash);
});
