/** schema-language.md §18, engine.md §7.3. */
import {
  canonicalText,
  compileSchema,
  entityId,
  initializeSchema,
  type NodeType,
  type PropType,
  type Scalar,
  UnkeyableValueError,
  type Value,
} from 'omnigraph-language';
import { expect, test } from 'vitest';

const type = (scalar: Scalar): PropType => ({ scalar, nullable: false, list: false, enum_values: null });

const TEXTS: readonly (readonly [scalar: Scalar, value: Value, text: string])[] = [
  ['String', 'as is ', 'as is '],
  ['Bool', true, 'true'],
  ['Bool', false, 'false'],
  ['I32', -7, '-7'],
  ['I64', -9223372036854775808n, '-9223372036854775808'],
  ['U64', 18446744073709551615n, '18446744073709551615'],
  ['Date', 19723, '19723'],
  ['DateTime', 1704067200000, '1704067200000'],
  ['F64', 0.1, '0.1'],
  ['F64', 1e21, '1000000000000000000000'],
  ['F64', -1.5e-7, '-0.00000015'],
  ['F64', 1.25e22, '12500000000000000000000'],
  ['F64', 5, '5'],
  ['F64', -0, '0'],
  ['F32', -0, '0'],
  ['F32', Math.fround(0.1), '0.1'],
  ['F32', 0.1, '0.1'],
  ['F32', 16777216, '16777216'],
  ['F32', Math.fround(3.4028234663852886e38), '340282350000000000000000000000000000000'],
  ['F32', Math.fround(1.401298464324817e-45), `0.${'0'.repeat(44)}1`],
];

test.each(TEXTS)('%s %s is %s', (scalar, value, text) => {
  expect(canonicalText(type(scalar), value)).toBe(text);
});

test.each([
  ['F64', Number.NaN, 'non_finite_number'],
  ['F64', Number.POSITIVE_INFINITY, 'non_finite_number'],
  ['F32', 1e300, 'non_finite_number'],
  [{ Vector: 2 }, [1, 2], 'unsupported_column_type'],
  ['Blob', { uri: 's3://b/k' }, 'unsupported_column_type'],
  ['String', null, 'unsupported_column_type'],
] as readonly (readonly [Scalar, Value, string])[])('%o %o has no canonical text', (scalar, value, code) => {
  let caught: unknown;
  try {
    canonicalText(type(scalar), value);
  } catch (cause) {
    caught = cause;
  }
  expect(caught).toBeInstanceOf(UnkeyableValueError);
  expect((caught as UnkeyableValueError).code).toBe(code);
});

function nodeOf(source: string): NodeType {
  const { catalog } = compileSchema(source);
  const node = catalog && initializeSchema(catalog, '01HZX3Q5T0V9Y2B4C6D8E0F1G3').catalog.nodes.get('N');
  if (node === undefined) throw new Error(`no node N in ${source}`);
  return node;
}

const IDS: readonly (readonly [source: string, values: Readonly<Record<string, Value>>, id: string | undefined])[] = [
  ['node N { code: String @key }', { code: 'RTM' }, 'RTM'],
  ['node N { port: String no: I32 @key(port, no) }', { port: 'RTM', no: 4 }, '["4","RTM"]'],
  ['node N { region: String no: I64 @key(region, no) }', { region: 'eu', no: 42n }, '["42","eu"]'],
  ['node N { a: String b: String @key(b, a) }', { a: 'x"y', b: 'é' }, '["x\\"y","é"]'],
  ['node N { day: Date @key }', { day: 19723 }, '19723'],
  ['node N { code: String }', { code: 'RTM' }, undefined],
  ['node N { code: String @key }', {}, undefined],
  ['node N { code: String @key }', { code: null }, undefined],
];

test.each(IDS)('the id of %s with %o', (source, values, id) => {
  expect(entityId(nodeOf(source), new Map(Object.entries(values)))).toBe(id);
});
