import {
  type BoundSchema,
  compileSchema,
  entityId,
  evolveSchema,
  hasErrors,
  initializeSchema,
  type MigrationPlan,
  planMigration,
  renderStep,
  type Value,
  withDropMode,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const DOMAIN = '01HZX3Q5T0V9Y2B4C6D8E0F1G3';

function catalogOf(source: string) {
  const { catalog, diagnostics } = compileSchema(source);
  if (catalog === undefined || hasErrors(diagnostics))
    throw new Error(`not a schema: ${source} ${diagnostics.map((d) => d.message).join()}`);
  return catalog;
}

const plan = (accepted: string, desired: string): MigrationPlan =>
  planMigration(catalogOf(accepted), catalogOf(desired));

/** A step in short: kind, place, what changed. */
function brief(accepted: string, desired: string): readonly string[] {
  return plan(accepted, desired).steps.map((step) =>
    step.kind === 'unsupported_change'
      ? `U ${step.entity}${step.code === undefined ? '' : ` ${step.code}`}`
      : renderStep(step),
  );
}

function checkPlan(accepted: string, desired: string, supported: boolean, steps: readonly string[]): void {
  expect({ supported: plan(accepted, desired).supported, steps: brief(accepted, desired) }).toEqual({
    supported,
    steps,
  });
}

const I = 'interface I { a: String }';
const XI = 'node X implements I {}';

const PLANS: readonly (readonly [
  row: string,
  accepted: string,
  desired: string,
  supported: boolean,
  steps: readonly string[],
])[] = [
  ['m1', 'node X { a: String b: I32? } node Y {}', '// note\nnode Y {}\nnode X {\n  b: I32?\n  a: String\n}', true, []],
  ['m2', 'node X { s: enum(a, b) }', 'node X { s: enum(b, a) }', true, []],
  ['m3', 'node X { s: enum(a, b) }', 'node X { s: enum(c, b, a) }', true, ["extend enum 'X.s' (+c) on node 'X'"]],
  ['m4', 'node X { s: enum(a, b) }', 'node X { s: enum(a) }', false, ['U node:X.s OG-MF-106']],
  ['m5', 'node X { s: enum(a) }', 'node X { s: String }', false, ['U node:X.s OG-MF-106']],
  ['m6', 'node X { s: enum(a) }', 'node X { s: enum(a, b)? }', false, ['U node:X.s OG-MF-106']],
  [
    'm7',
    'node X { s: enum(a) }',
    'node X { t: enum(a, b) @rename_from("s") }',
    true,
    ["rename property 'X.s' -> 'X.t' on node 'X'", "extend enum 'X.t' (+b) on node 'X'"],
  ],
  ['m8', 'node X {}', 'node X { n: I64? }', true, ["add property 'X.n' (I64?) on node 'X'"]],
  ['m9', 'node X {}', 'node X { n: I64 @default(0) }', false, ['U node:X.n OG-MF-103']],
  ['m10', 'node X { n: I32? }', 'node X { n: I64? }', false, ['U node:X.n OG-MF-106']],
  ['m11', 'node X { n: I32 }', 'node X { n: I32? }', false, ['U node:X.n OG-MF-106']],
  ['m12', 'node X { n: I32? m: I32? }', 'node X { m: I32? }', true, ["drop property 'X.n' of node 'X' (soft mode)"]],
  ['m13', 'node X { n: I32? @index }', 'node X {}', false, ["drop property 'X.n' of node 'X' (soft mode)", 'U node:X']],
  ['m14', 'node X { n: I32? }', 'node X { n: I32? @index }', true, ["add constraint @index(n) on node 'X'"]],
  ['m15', 'node X { n: I32? }', 'node X { n: I32? @unique }', false, ['U node:X.n', 'U node:X']],
  ['m16', 'node X { n: I32? @index }', 'node X { n: I32? @index(n) }', false, ['U node:X.n']],
  ['m17', 'node X { n: I32? @index(n) }', 'node X { n: I32? @index }', true, ["add constraint @index(n) on node 'X'"]],
  [
    'm18',
    'node X { n: I32? }',
    'node X { n: I32? s: String? @index }',
    true,
    ["add property 'X.s' (String?) on node 'X'", "add constraint @index(s) on node 'X'"],
  ],
  ['m19', 'node X { n: I32 @range(n, 0..9) }', 'node X { n: I32 @range(n, 0..10) }', false, ['U node:X', 'U node:X']],
  ['m20', 'node X @description("a") {}', 'node X {}', true, ["update metadata on node 'X' ()"]],
  ['m21', 'node X {}', 'node X @owner("t") {}', false, ['U node:X']],
  [
    'm22',
    'node X {} edge E: X -> X',
    'node Y @rename_from("X") {} edge E: Y -> Y',
    true,
    ["rename node type 'X' -> 'Y'"],
  ],
  ['m23', 'node X {}', 'node Y {}', true, ["add node type 'Y'", "drop node type 'X' (soft mode)"]],
  ['m25', 'node X {}', 'node X @rename_from("Gone") {}', true, []],
  ['m28', 'node X {} edge E: X -> X', 'node X {} edge E: X -> X @card(0..1)', false, ['U edge:E']],
  ['m29', 'node X {} node Y {} edge E: X -> X', 'node X {} node Y {} edge E: X -> Y', false, ['U edge:E']],
  [
    'm31',
    `${I} ${XI}`,
    `interface I { a: String b: I32? } ${XI}`,
    true,
    ["add property 'I.b' (I32?) on interface 'I'", "add property 'X.b' (I32?) on node 'X'"],
  ],
  [
    'm32',
    `${I} ${XI}`,
    `interface I { a: String b: I32 } ${XI}`,
    false,
    ['U interface:I.b OG-MF-103', 'U node:X.b OG-MF-103'],
  ],
  ['m33', `${I} ${XI}`, `${I} node X implements I { a: String }`, false, ['U node:X.a']],
  ['m34', `${I} ${XI}`, `${I} node X { a: String }`, false, ['U node:X', 'U node:X.a', 'U node:X.a']],
  ['m35', 'interface I {}', '', false, ['U interface:I']],
  [
    'm36',
    'node D { t: String v: Vector(2) @embed(t, model="p") }',
    'node D { t: String v: Vector(2) @embed(t, model="q") }',
    false,
    ['U node:D.v'],
  ],
  [
    'm37',
    'node D { t: String v: Vector(2) @embed(t, model="p") }',
    'node D { u: String @rename_from("t") v: Vector(2) @embed(u, model="p") }',
    true,
    ["rename property 'D.t' -> 'D.u' on node 'D'"],
  ],
  [
    'm38',
    'node P { a: String z: String @key(a, z) }',
    'node P { b: String @rename_from("z") y: String @rename_from("a") @key(b, y) }',
    true,
    ["rename property 'P.z' -> 'P.b' on node 'P'", "rename property 'P.a' -> 'P.y' on node 'P'"],
  ],
  [
    'ordering',
    'node A {} node B { x: I32? }',
    'edge E: C -> C node C {} node B { y: I32? } interface K {}',
    true,
    [
      "add interface type 'K'",
      "add property 'B.y' (I32?) on node 'B'",
      "drop property 'B.x' of node 'B' (soft mode)",
      "add node type 'C'",
      "drop node type 'A' (soft mode)",
      "add edge type 'E'",
    ],
  ],
  ['vector', 'node X { v: Vector(2) }', 'node X { v: Vector(3) }', false, ['U node:X.v OG-MF-106']],
  ['list', 'node X { t: [String] }', 'node X { t: String }', false, ['U node:X.t OG-MF-106']],
  ['body key', 'node X { a: String }', 'node X { a: String @key(a) }', false, ['U node:X']],
  [
    'composite index',
    'node X { a: String b: String }',
    'node X { a: String b: String @index(b, a) }',
    true,
    ["add constraint @index(a, b) on node 'X'"],
  ],
  [
    'edge rename',
    'node X {} edge E: X -> X { w: I32? }',
    'node X {} edge F: X -> X @rename_from("E") { w: I32? }',
    true,
    ["rename edge type 'E' -> 'F'"],
  ],
  [
    'property description',
    'node X { a: String }',
    'node X { a: String @description("d") }',
    true,
    ["update metadata on property 'X.a' of node 'X' (@description(\"d\"))"],
  ],
  ['property annotation', 'node X { a: String }', 'node X { a: String @pii }', false, ['U node:X.a']],
  [
    'removed property of an interface',
    `${I} ${XI}`,
    `interface I {} ${XI}`,
    true,
    ["drop property 'I.a' of interface 'I' (soft mode)", "drop property 'X.a' of node 'X' (soft mode)"],
  ],
  [
    'kept by its own declaration',
    `${I} ${XI}`,
    'interface I {} node X implements I { a: String }',
    false,
    ["drop property 'I.a' of interface 'I' (soft mode)", 'U node:X.a', 'U node:X.a'],
  ],
  [
    'hint on an interface property',
    `${I} ${XI}`,
    `interface I { b: String @rename_from("a") } ${XI}`,
    true,
    ["rename property 'I.a' -> 'I.b' on interface 'I'", "rename property 'X.a' -> 'X.b' on node 'X'"],
  ],
];

describe('plans', () => {
  test.each(PLANS)('%s', (_row, accepted, desired, supported, steps) => checkPlan(accepted, desired, supported, steps));
});

const IDENTITY_ERRORS: readonly (readonly [
  row: string,
  accepted: string,
  desired: string,
  code: string,
  says: RegExp,
])[] = [
  [
    'm24',
    'node X {}',
    'node X {} node Y @rename_from("X") {}',
    'rename-hint-claimed-twice',
    /'X' is claimed by more than one/,
  ],
  [
    'm26',
    'node X {}',
    'node X {} node Y @rename_from("Gone") {}',
    'unknown-rename-hint',
    /names nothing in the accepted schema/,
  ],
  [
    'm27',
    'node X { a: String } node Y {}',
    'node X {} node Y { b: String @rename_from("a") }',
    'rename-hint-crosses-owners',
    /cannot move between owners/,
  ],
  [
    'kinds',
    'node X {} edge E: X -> X',
    'node X {} edge E: X -> X node Y @rename_from("E") {}',
    'rename-hint-crosses-kinds',
    /cannot cross declaration kinds/,
  ],
  [
    'two hints',
    'node X {}',
    'node A @rename_from("X") {} node B @rename_from("X") {}',
    'rename-hint-claimed-twice',
    /claimed by more than one/,
  ],
  [
    'unknown property',
    'node X { a: String }',
    'node X { b: String @rename_from("q") }',
    'unknown-rename-hint',
    /no accepted property 'q'/,
  ],
  [
    'new owner',
    'node X { a: String }',
    'node X { a: String } node Y { b: String @rename_from("a") }',
    'rename-hint-on-new-owner',
    /new owner cannot take over/,
  ],
  [
    'property twice',
    'node X { a: String }',
    'node X { a: String b: String @rename_from("a") }',
    'rename-hint-claimed-twice',
    /claimed twice/,
  ],
  [
    'a new node under a spent interface hint',
    `${I} ${XI}`,
    `interface I { a: String @rename_from("z") } ${XI} node N implements I {}`,
    'rename-hint-on-new-owner',
    /'N' is new/,
  ],
];

describe('identity errors', () => {
  test.each(IDENTITY_ERRORS)('%s', (_row, accepted, desired, code, says) => {
    const { supported, steps, diagnostics } = plan(accepted, desired);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect({
      supported,
      steps,
      codes: errors.map((error) => error.code),
      stages: errors.map((error) => error.stage),
    }).toEqual({
      supported: false,
      steps: [],
      codes: [code],
      stages: ['S4'],
    });
    expect(errors[0]?.message).toMatch(says);
    expect(errors[0]?.range).toBeDefined();
  });
});

test('m25: a spent hint is a warning', () => {
  const { diagnostics } = plan('node X {}', 'node X @rename_from("Gone") {}');
  expect(diagnostics.map(({ code, severity, path }) => ({ code, severity, path }))).toEqual([
    { code: 'ignored_exact_match_rename_hint', severity: 'warning', path: 'node:X' },
  ]);
});

test('m30: an edge whose node is gone does not compile', () => {
  const { diagnostics } = compileSchema('edge E: X -> X');
  const [first] = diagnostics.filter(({ severity }) => severity === 'error');
  expect({ stage: first?.stage, message: first?.message }).toEqual({
    stage: 'S2',
    message: "edge 'E' has unknown source type 'X'",
  });
});

test('m38: composite ids keep their order over crossing renames', () => {
  const accepted = initializeSchema(catalogOf('node P { a: String z: String @key(a, z) }'), DOMAIN);
  const desired = catalogOf('node P { b: String @rename_from("z") y: String @rename_from("a") @key(b, y) }');
  const node = evolveSchema(accepted, desired).bound?.catalog.nodes.get('P');
  const values = new Map<string, Value>([
    ['y', 'was a'],
    ['b', 'was z'],
  ]);
  expect(node?.key).toEqual(['y', 'b']);
  expect(node && entityId(node, values)).toBe('["was a","was z"]');
});

test('m39: a dropped property comes back with another identity', () => {
  const first = initializeSchema(catalogOf('node X { a: I32? }'), DOMAIN);
  const dropped = evolveSchema(first, catalogOf('node X {}'));
  if (dropped.bound === undefined) throw new Error('the drop is supported');
  const again = evolveSchema(dropped.bound, catalogOf('node X { a: I32? }'));
  expect(dropped.plan.steps.map(renderStep)).toEqual(["drop property 'X.a' of node 'X' (soft mode)"]);
  expect(again.plan.steps.map(renderStep)).toEqual(["add property 'X.a' (I32?) on node 'X'"]);
  const id = (schema: BoundSchema | undefined) => schema?.catalog.nodes.get('X')?.properties.get('a')?.propertyId;
  expect([id(first), id(again.bound)]).toEqual([2, 4]);
  expect(again.bound?.ir.next_identity_id).toBe(5);
});

test('m40: data loss allowed turns every drop hard and nothing else', () => {
  const soft = plan('node X { n: I32? m: I32? } node Z {}', 'node X { m: I32? k: I32? }');
  expect(withDropMode(soft, 'hard').steps).toEqual([
    {
      kind: 'add_property',
      type_kind: 'node',
      type_name: 'X',
      property_name: 'k',
      property_type: { scalar: 'I32', nullable: true, list: false, enum_values: null },
    },
    { kind: 'drop_property', type_kind: 'node', type_name: 'X', property_name: 'n', mode: 'hard' },
    { kind: 'drop_type', type_kind: 'node', name: 'Z', mode: 'hard' },
  ]);
});

test('every reason is listed, with its text and code', () => {
  const { steps } = plan('node X { n: I32 @range(n, 0..9) }', 'node X { n: I64 r: String @range(n, 0..9.5) }');
  expect(steps.map(renderStep)).toMatchInlineSnapshot(`
    [
      "unsupported change on node:X.n [OG-MF-106, destructive]: changing the type from I32 to I64 is not supported",
      "unsupported change on node:X.r [OG-MF-103, validated]: adding required property 'X.r' needs a backfill",
      "unsupported change on node:X: removing constraints is not supported: 'range:n:0..9'",
      "unsupported change on node:X: adding constraint 'range:n:0..9.5' is not supported",
    ]
  `);
});

test('a plan from a bound catalog uses its identities', () => {
  const accepted = initializeSchema(catalogOf('node X { s: String }'), DOMAIN);
  expect(planMigration(accepted.catalog, catalogOf('node Y @rename_from("X") { s: String }')).steps).toEqual([
    { kind: 'rename_type', type_kind: 'node', from: 'X', to: 'Y' },
  ]);
});

test('planning towards a catalog with errors shows what it can and never throws', () => {
  const { catalog } = compileSchema('node X { a: I32? b: Missing? } edge E: X -> Nowhere @unique(gone)');
  if (catalog === undefined) throw new Error('something was recognised');
  expect(planMigration(catalogOf('node X { a: I32? } interface I {}'), catalog).steps.map(({ kind }) => kind)).toEqual([
    'unsupported_change',
    'add_property',
    'add_type',
  ]);
});
