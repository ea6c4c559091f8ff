/** schema-language.md §14. */
import { LINT_CODES, lintCode, type MigrationStep, renderStep, unsupportedReason } from 'omnigraph-language';
import { expect, test } from 'vitest';

const on = { type_kind: 'node', type_name: 'T' } as const;
const enumType = { scalar: 'String', nullable: true, list: false, enum_values: ['a', 'b'] } as const;

const LINES: readonly (readonly [line: string, step: MigrationStep])[] = [
  ["add edge type 'N'", { kind: 'add_type', type_kind: 'edge', name: 'N' }],
  ["rename node type 'A' -> 'B'", { kind: 'rename_type', type_kind: 'node', from: 'A', to: 'B' }],
  [
    "add property 'T.p' (Enum(a|b)?) on node 'T'",
    { kind: 'add_property', ...on, property_name: 'p', property_type: enumType },
  ],
  [
    "add property 'T.p' ([I32]) on node 'T'",
    {
      kind: 'add_property',
      ...on,
      property_name: 'p',
      property_type: { scalar: 'I32', nullable: false, list: true, enum_values: null },
    },
  ],
  [
    "add property 'T.p' (Vector(3)?) on node 'T'",
    {
      kind: 'add_property',
      ...on,
      property_name: 'p',
      property_type: { scalar: { Vector: 3 }, nullable: true, list: false, enum_values: null },
    },
  ],
  ["rename property 'T.a' -> 'T.b' on node 'T'", { kind: 'rename_property', ...on, from: 'a', to: 'b' }],
  ["add constraint @index(a, b) on node 'T'", { kind: 'add_constraint', ...on, constraint: { Index: ['a', 'b'] } }],
  [
    "extend enum 'T.p' (+v1, +v2) on node 'T'",
    { kind: 'extend_enum', ...on, property_name: 'p', added_values: ['v1', 'v2'] },
  ],
  [
    'update metadata on node \'T\' (@description("d", k="v"), @instruction)',
    {
      kind: 'update_type_metadata',
      type_kind: 'node',
      name: 'T',
      annotations: [
        { name: 'description', value: 'd', kwargs: { k: 'v' } },
        { name: 'instruction', value: null },
      ],
    },
  ],
  [
    "update metadata on property 'T.p' of node 'T' (@description(\"d\"))",
    { kind: 'update_property_metadata', ...on, property_name: 'p', annotations: [{ name: 'description', value: 'd' }] },
  ],
  ["drop node type 'T' (soft mode)", { kind: 'drop_type', type_kind: 'node', name: 'T', mode: 'soft' }],
  ["drop property 'T.p' of node 'T' (hard mode)", { kind: 'drop_property', ...on, property_name: 'p', mode: 'hard' }],
  [
    'unsupported change on node:T.p [OG-MF-106, destructive]: why',
    { kind: 'unsupported_change', entity: 'node:T.p', reason: 'why', code: 'OG-MF-106' },
  ],
  ['unsupported change on node:T: why', { kind: 'unsupported_change', entity: 'node:T', reason: 'why' }],
  [
    'unsupported change on node:T: why',
    { kind: 'unsupported_change', entity: 'node:T', reason: 'why', code: 'OG-XX-1' },
  ],
];

test.each(LINES)('%s', (line, step) => {
  expect(renderStep(step)).toBe(line);
});

test('an unsupported step as an error message', () => {
  expect(unsupportedReason({ kind: 'unsupported_change', entity: 'e', reason: 'why', code: 'OG-MF-103' })).toBe(
    '[OG-MF-103] why',
  );
  expect(unsupportedReason({ kind: 'unsupported_change', entity: 'e', reason: 'why' })).toBe('why');
});

test('the registry of codes', () => {
  expect(LINT_CODES.map(({ code, tier }) => `${code} ${tier}`)).toEqual([
    'OG-DS-101 destructive',
    'OG-DS-102 destructive',
    'OG-DS-103 destructive',
    'OG-DS-104 destructive',
    'OG-DS-105 destructive',
    'OG-MF-103 validated',
    'OG-MF-104 validated',
    'OG-MF-106 destructive',
  ]);
  expect(lintCode('OG-DS-999')).toBeUndefined();
});
