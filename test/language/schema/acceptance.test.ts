/** schema-language.md §20.1, every row. Rows that say "we refuse" are refused. */
import { compileSchema, type Diagnostic, hasErrors } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const errorsOf = (source: string): readonly Diagnostic[] =>
  compileSchema(source).diagnostics.filter(({ severity }) => severity === 'error');

const ACCEPTED: readonly (readonly [row: number, source: string])[] = [
  [1, ''],
  [2, '// only a note\n/* and this */'],
  [4, 'node City { name: String @key pop: U64? }'],
  [9, 'node Kw { node: String edge: I32? enum: Bool implements: Date type: String? }'],
  [10, 'node Kw { key: String @key index: I32 @index range: F64 @range(range, 0.0..1.0) }'],
  [11, 'node Date { day: Date @key }'],
  [12, 'node T { true: Bool }'],
  [13, 'node T { true: Bool @key }'],
  [16, 'node X {} node Y {} edge R: X -> Y'],
  [17, 'edge R: X -> Y {} node X {} node Y {}'],
  [20, 'node X {} edge R: X -> X @card(0..1) @description("one")'],
  [22, 'node X {} edge R: X -> X @card( 2 .. )'],
  [25, 'node X {} edge R: X -> X @card(1)'],
  [27, 'node X { v: Vector(3)? }'],
  [30, 'node X { t: [String]? }'],
  [35, 'node X { s: enum(phase-2, 2024, _x, true)? }'],
  [38, 'node X { s: enum(a, A) }'],
  [39, 'node X { s: String ? }'],
  [43, 'node X { a: String b: I32 @key(a, b) }'],
  [44, 'node X { a: String @key @index @unique }'],
  [46, 'node X { a: String @index @index(a) }'],
  [52, 'node X { v: Vector(2) @index }'],
  [55, 'node X { n: I32? @range(n, -5..5) }'],
  [56, 'node X { n: I32? @range(n, 1 .. ) }'],
  [60, 'node X { n: I32 @range(n, 9..1) }'],
  [61, 'node X { n: I32 @range }'],
  [62, 'node X { c: String @check(c, "^[A-Z]+$") }'],
  [64, 'node X { c: String @check(c, "\\\\d+") }'],
  [66, 'node X { c: enum(a, b) @check(c, "a") }'],
  [70, 'node X {} edge R: X -> X { w: F32? @unique(src, dst) }'],
  [74, 'node X {} edge R: X -> X { w: I32 @index s: Date? @unique }'],
  [75, 'node X { t: String v: Vector(4) @embed(t) }'],
  [76, 'node X { t: String? v: Vector(4) @embed("t", model="m/x-1") }'],
  [82, 'node X @description("d") @instruction("i") { a: String @description("p") }'],
  [86, 'node X @owner(team, tier=3) { a: String @pii }'],
  [89, 'node X @rename_from("W") { a: String @rename_from(b) }'],
  [93, 'node X { a: I32 @default(0) }'],
  [94, 'interface I { a: String @key } node X implements I { b: I32 }'],
  [95, 'interface I { a: String @key } node X implements I { a: String }'],
  [97, 'interface I { s: enum(a, b) } node X implements I { s: enum(b, a) }'],
  [99, 'interface I { a: String } interface J { a: String @index } node X implements I, J { a: String }'],
  [107, 'node X {} edge X: X -> X'],
  [111, 'node X { _row_id: U64 _ROWID: U64 }'],
  [113, 'node X { a: String @ /* hi */ index }'],
  [114, 'node X @description("two\nlines") {}'],
];

/** Stage and code of the first error, and the piece of the text it points at. */
const REFUSED: readonly (readonly [row: number, source: string, stage: string, code: string, at: string])[] = [
  [3, '/* a /* b */ c */ node X {}', 'S1', 'syntax-error', 'c'],
  [5, 'node City { name: String, pop: U64? }', 'S1', 'syntax-error', ','],
  [6, 'node city { name: String }', 'S1', 'syntax-error', 'city'],
  [7, 'node City { Name: String }', 'S1', 'syntax-error', 'Name'],
  [8, 'node City { name: string }', 'S1', 'syntax-error', 'string'],
  [14, 'node T { true: Bool @key(true) }', 'S1', 'expected-property-name', 'true'],
  [15, 'node X', 'S1', 'syntax-error', 'X'],
  [18, 'node X {} edge R: X -> Z', 'S2', 'unknown-endpoint', 'Z'],
  [19, 'interface I { a: I32 } node X implements I {} edge R: X -> I', 'S2', 'unknown-endpoint', 'I'],
  [21, 'node X {} edge R: X -> X @description("one") @card(0..1)', 'S1', 'syntax-error', '@card'],
  [23, 'node X {} edge R: X -> X @card(3..2)', 'S1', 'invalid-cardinality', '@card(3..2)'],
  [24, 'node X {} edge R: X -> X @card(0..*)', 'S1', 'syntax-error', '*'],
  [26, 'node X {} edge R: X -> X @card(0..4294967296)', 'S1', 'invalid-cardinality', '@card(0..4294967296)'],
  [28, 'node X { v: Vector(0) }', 'S1', 'invalid-vector-dimension', 'Vector(0)'],
  [29, 'node X { v: Vector(2147483648) }', 'S1', 'invalid-vector-dimension', 'Vector(2147483648)'],
  [31, 'node X { t: [String?] }', 'S1', 'syntax-error', '?'],
  [32, 'node X { t: [Vector(2)] }', 'S1', 'syntax-error', '('],
  [33, 'node X { t: [enum(a, b)] }', 'S1', 'syntax-error', 'enum'],
  [34, 'node X { t: [Blob] }', 'S1', 'list-of-blob', '[Blob]'],
  [36, 'node X { s: enum(b, a, b) }', 'S1', 'duplicate-enum-value', 'b'],
  [37, 'node X { s: enum("open") }', 'S1', 'syntax-error', '"open"'],
  [40, 'node X { a: String? @key }', 'S1', 'nullable-key', '@key'],
  [41, 'node X { a: String @key b: I32 @key }', 'S1', 'multiple-keys', '@key'],
  [42, 'node X { a: String @key @key(a) }', 'S1', 'multiple-keys', '@key'],
  [45, 'node X { a: String @index @index }', 'S1', 'repeated-annotation', '@index'],
  [47, 'node X { a: String @unique("a") }', 'S1', 'expected-property-name', '"a"'],
  [48, 'node X @unique { a: String }', 'S1', 'annotation-not-on-types', '@unique'],
  [49, 'node X @key(a) { a: String }', 'S1', 'syntax-error', '@key'],
  [50, 'node X { t: [String] @index }', 'S1', 'annotation-not-on-lists', '@index'],
  [51, 'node X { t: [String] @index(t) }', 'S1', 'index-on-list', 't'],
  [53, 'node X { v: Vector(2) @unique }', 'S1', 'annotation-not-on-vectors', '@unique'],
  [54, 'node X { b: Blob? @unique(b) }', 'S1', 'unique-on-blob', 'b'],
  [57, 'node X { n: I32? @range(n, 5) }', 'S1', 'expected-range-bounds', '5'],
  [58, 'node X { n: I32? @range(0..5) }', 'S1', 'expected-property-name', '0..5'],
  [59, 'node X { n: String @range(n, 0..5) }', 'S1', 'range-type', 'n'],
  [63, 'node X { c: String @check(c, "\\d+") }', 'S1', 'unsupported-escape', '\\d'],
  [65, 'node X { c: String @check(c, "(") }', 'S1', 'invalid-pattern', '"("'],
  [67, 'node X { c: I32 @check(c, "1") }', 'S1', 'check-type', 'c'],
  [68, 'node X { c: String @check(c, 1) }', 'S1', 'expected-string', '1'],
  [69, 'node X { a: String @unique(b) }', 'S1', 'unknown-property', 'b'],
  [71, 'node X { a: String @unique(src) }', 'S1', 'unknown-property', 'src'],
  [72, 'node X {} edge R: X -> X { w: I32 @key }', 'S1', 'annotation-not-on-edge-properties', '@key'],
  [73, 'node X {} edge R: X -> X { w: I32 @range(w, 0..1) }', 'S1', 'constraint-not-on-edges', '@range(w, 0..1)'],
  [77, 'node X { t: String v: Vector(4) @embed(t, dim=4) }', 'S1', 'unknown-embed-argument', 'dim'],
  [78, 'node X { t: String v: Vector(4) @embed }', 'S1', 'embed-without-source', '@embed'],
  [79, 'node X { t: String v: Vector(4) @embed(model="m") }', 'S1', 'syntax-error', '='],
  [80, 'node X { t: I32 v: Vector(4) @embed(t) }', 'S1', 'embed-source-not-string', 't'],
  [81, 'node X { t: String u: String @embed(t) }', 'S1', 'embed-on-non-vector', '@embed(t)'],
  [83, 'node X @description("d") @description("e") {}', 'S1', 'repeated-annotation', '@description("e")'],
  [84, 'node X @description("  ") {}', 'S1', 'blank-annotation', '@description("  ")'],
  [85, 'node X { a: String @instruction("i") }', 'S1', 'instruction-on-property', '@instruction("i")'],
  [87, 'node X @owner(tier=3) {}', 'S1', 'syntax-error', '='],
  [88, 'node X @owner() {}', 'S1', 'syntax-error', ')'],
  [90, 'node X @rename_from("") {}', 'S1', 'blank-annotation', '@rename_from("")'],
  [91, 'node X { a: String @rename_from("b") @rename_from("c") }', 'S1', 'repeated-annotation', '@rename_from("c")'],
  [92, 'node X { a: String @rename_from("b", x="y") }', 'S1', 'rename-hint-keyword', 'x'],
  [96, 'interface I { a: String } node X implements I { a: String? }', 'S1', 'interface-type-mismatch', 'String?'],
  [
    98,
    'interface I { a: String } interface J { a: String @index } node X implements I, J {}',
    'S3',
    'conflicting-contributions',
    'X',
  ],
  [
    100,
    'interface I { a: String @key } interface J { b: String @key } node X implements I, J {}',
    'S1',
    'multiple-keys',
    '@key',
  ],
  [101, 'interface I { a: String @unique(a) }', 'S1', 'syntax-error', '@unique'],
  [102, 'interface I @description("x") { a: String }', 'S1', 'syntax-error', '@'],
  [103, 'interface I { a: String } node X implements I @description("x") {}', 'S1', 'syntax-error', '@'],
  [104, 'node X implements Y {} node Y {}', 'S1', 'unknown-interface', 'Y'],
  [105, 'node X {} node X {}', 'S2', 'duplicate-node', 'X'],
  [106, 'node X {} edge Likes: X -> X edge LIKES: X -> X', 'S2', 'edge-name-collision', 'LIKES'],
  [108, 'node X { a: String a: I32 }', 'S4', 'duplicate-property', 'a'],
  [109, 'interface I { a: String } interface I { b: String }', 'S3', 'duplicate-interface', 'I'],
  [110, 'node X { _rowid: U64 }', 'S1', 'reserved-property', '_rowid'],
  [112, 'node X { id: String @key }', 'S1', 'reserved-property', 'id'],
  [115, 'node X { a: String; }', 'S1', 'syntax-error', ';'],
  [116, '# note\nnode X {}', 'S1', 'syntax-error', '#'],
];

const WARNED: readonly (readonly [row: number, source: string, code: string])[] = [
  [25, 'node X {} edge R: X -> X @card(1)', 'card-without-bounds'],
  [60, 'node X { n: I32 @range(n, 9..1) }', 'inverted-range'],
  [61, 'node X { n: I32 @range }', 'bare-constraint'],
  [74, 'node X {} edge R: X -> X { w: I32 @index s: Date? @unique }', 'edge-index'],
  [93, 'node X { a: I32 @default(0) }', 'default-has-no-effect'],
  [95, 'interface I { a: String @key } node X implements I { a: String }', 'lost-interface-key'],
  [107, 'node X {} edge X: X -> X', 'shared-name'],
];

describe('accepted', () => {
  test.each(ACCEPTED)('row %i: %s', (_row, source) => {
    const { catalog, diagnostics } = compileSchema(source);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(catalog?.source).toBe(source);
  });
});

describe('refused', () => {
  test.each(REFUSED)('row %i: %s', (_row, source, stage, code, at) => {
    const [first] = errorsOf(source);
    const range = first?.range;
    const pointed = range && source.slice(range.offset, range.offset + range.length);
    expect({ stage: first?.stage, code: first?.code, at: pointed }).toEqual({ stage, code, at });
  });
});

describe('accepted with a warning', () => {
  test.each(WARNED)('row %i: %s', (_row, source, code) => {
    const { diagnostics } = compileSchema(source);
    expect(hasErrors(diagnostics)).toBe(false);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
  });
});
