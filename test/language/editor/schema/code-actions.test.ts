import { expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { edited } from '../symbols/fixture.js';
import { openSchema, SCHEMA_URI } from './ask.js';

/** The actions at the mark: title and what the text becomes. */
async function actionsAt(marked: string, only?: string) {
  const { ask, position, text } = await openSchema(marked);
  const range = { start: position, end: position };
  const context = { diagnostics: [], ...(only !== undefined && { only: [only] }) };
  const actions = (await ask('textDocument/codeAction', { range, context })) as readonly CodeAction[];
  return actions.map(({ title, edit }) => [title, edited(text, edit?.changes?.[SCHEMA_URI] ?? [])] as const);
}

async function checkFix(marked: string, title: string, fixed: string): Promise<void> {
  expect(await actionsAt(marked, 'quickfix')).toContainEqual([title, fixed]);
}

test.each<[string, string, string]>([
  ['n|oed A {}', 'Change to `node`', 'node A {}'],
  ['|Node A {}', 'Change to `node`', 'node A {}'],
  ['node A { a: String|, b: I32 }', 'Remove `,`', 'node A { a: String b: I32 }'],
  ['node A { a: String|; }', 'Remove `;`', 'node A { a: String }'],
  ['|# note\nnode A {}', 'Change to `//`', '// note\nnode A {}'],
  ['node A { a: |string }', 'Change to `String`', 'node A { a: String }'],
  ['node A { a: |Text }', 'Change to `String`', 'node A { a: String }'],
  ['node A { a: |Int? }', 'Change to `I64`', 'node A { a: I64? }'],
  ['node A { a: [|Sting] }', 'Change to `String`', 'node A { a: [String] }'],
  ['node A { a: |Vector }', 'Give it 768 dimensions', 'node A { a: Vector(768) }'],
  ['node A { a: String @check(a, "|\\d+") }', 'Write the backslash twice', 'node A { a: String @check(a, "\\\\d+") }'],
  ['node A { a: enum(x, y, |x) }', 'Remove the repetition', 'node A { a: enum(x, y) }'],
  [
    'interface Named {} node A implements |Name {}',
    'Change to `Named`',
    'interface Named {} node A implements Named {}',
  ],
  ['node A implements |Named {}', 'Declare `interface Named`', 'interface Named {\n}\n\nnode A implements Named {}'],
  ['node Person {}\nedge E: Person -> |Persn', 'Change to `Person`', 'node Person {}\nedge E: Person -> Person'],
  ['node A {}\nedge E: A -> |B', 'Declare `node B`', 'node A {}\nedge E: A -> B\n\nnode B {\n    slug: String @key\n}'],
  [
    'interface I {} node A implements I {} edge E: A -> |I',
    'Change to `A`',
    'interface I {} node A implements I {} edge E: A -> A',
  ],
  [
    'node A {\n    title: String\n    @unique(|titel)\n}',
    'Change to `title`',
    'node A {\n    title: String\n    @unique(title)\n}',
  ],
  [
    'node A {\n    a: String\n    @unique(|b)\n}',
    'Add property `b: String?`',
    'node A {\n    a: String\n    b: String?\n    @unique(b)\n}',
  ],
  [
    'node A {\n    a: String\n    @range(|n, 0..1)\n}',
    'Add property `n: I64?`',
    'node A {\n    a: String\n    n: I64?\n    @range(n, 0..1)\n}',
  ],
  ['node A {\n    @key(|k)\n}', 'Add property `k: String`', 'node A {\n    k: String\n    @key(k)\n}'],
  [
    'node A { v: Vector(2) @embed(|t) }',
    'Add property `t: String?`',
    'node A { v: Vector(2) @embed(t)\n    t: String? }',
  ],
  ['node A { a: String? |@key }', 'Make `a` required', 'node A { a: String @key }'],
  ['node A { a: String? @key(|a) }', 'Make `a` required', 'node A { a: String @key(a) }'],
  ['node A |@unique { a: String }', 'Remove `@unique`', 'node A { a: String }'],
  ['node A { t: [String] |@index }', 'Remove `@index`', 'node A { t: [String] }'],
  ['node A { a: String @index |@index }', 'Remove `@index`', 'node A { a: String @index }'],
  ['node A {\n    a: String @key\n    b: I32 |@key\n}', 'Remove `@key`', 'node A {\n    a: String @key\n    b: I32\n}'],
  [
    'node A {} edge E: A -> A {\n    w: I32\n    |@range(w, 0..1)\n}',
    'Remove `@range(w, 0..1)`',
    'node A {} edge E: A -> A {\n    w: I32\n}',
  ],
  ['node A { a: I32 |@default(0) }', 'Remove `@default(0)`', 'node A { a: I32 }'],
  ['node A { a: String |@instruction("i") }', 'Change to `@description`', 'node A { a: String @description("i") }'],
  ['node A { a: String |@indx }', 'Change to `@index`', 'node A { a: String @index }'],
  ['node A |@descripton("x") { a: String }', 'Change to `@description`', 'node A @description("x") { a: String }'],
  [
    'node A { t: String v: Vector(4) @embed(t, |dim=4) }',
    'Remove `dim=4`',
    'node A { t: String v: Vector(4) @embed(t) }',
  ],
  ['node A { a: String @rename_from("b", |x="y") }', 'Remove `x="y"`', 'node A { a: String @rename_from("b") }'],
  [
    'interface I { a: String } node A implements I { a: |String? }',
    'Change to `String`',
    'interface I { a: String } node A implements I { a: String }',
  ],
  [
    'interface I { a: String @key } node A implements I { |a: String }',
    'Add `@key`',
    'interface I { a: String @key } node A implements I { a: String @key }',
  ],
  ['node |A { n: I32 slug: String }', 'Make `slug` the key', 'node A { n: I32 slug: String @key }'],
  ['node |A {}', 'Add `slug: String @key`', 'node A {\n    slug: String @key\n}'],
  [
    'node A {} edge E: A -> A @description("d") |@card(1)',
    'Change to `@card(0..1)`',
    'node A {} edge E: A -> A @card(0..1) @description("d")',
  ],
  ['node A {} edge E: A -> A |@card("2..3")', 'Change to `@card(2..3)`', 'node A {} edge E: A -> A @card(2..3)'],
  ['node A {} edge E: A -> A |@card(1..3)', 'Change to `@card(0..3)`', 'node A {} edge E: A -> A @card(0..3)'],
  ['node A { n: I32 |@range(n, 9..1) }', 'Change to `1..9`', 'node A { n: I32 @range(n, 1..9) }'],
  [
    'node A {\n    a: I32\n    b: I32\n    |@index(a, b)\n}',
    'Index the columns one by one',
    'node A {\n    a: I32\n    b: I32\n    @index(a)\n    @index(b)\n}',
  ],
])('%s: %s', checkFix);

test.each<[string, string, string]>([
  ['node A { s: enum(|b, c, a) }', 'Sort enum values', 'node A { s: enum(a, b, c) }'],
  ['node A { s: enum(b, /* x */ |a)? }', 'Sort enum values', 'node A { s: enum(a, /* x */ b)? }'],
  ['node A { |a: I32 }', 'Make `a` optional', 'node A { a: I32? }'],
  ['node A { a: enum(x)| @index }', 'Make `a` optional', 'node A { a: enum(x)? @index }'],
  ['node A |@rename_from("B") {}', 'Remove `@rename_from` (only once it was applied)', 'node A {}'],
  [
    'node A { a: I32 @rename|_from("b") @index }',
    'Remove `@rename_from` (only once it was applied)',
    'node A { a: I32 @index }',
  ],
  ['node A {\n    a: I32\n    |@index(a)\n}', 'Write `@index` behind `a`', 'node A {\n    a: I32 @index\n}'],
  ['node A {\n    a: I32 @index\n    |@index(a)\n}', 'Write `@index` behind `a`', 'node A {\n    a: I32 @index\n}'],
])('%s: refactors %s', async (marked, title, changed) => {
  expect(await actionsAt(marked, 'refactor')).toContainEqual([title, changed]);
});

test.each([
  ['node A { s: enum(|a, b)? }'],
  ['node A { |a: I32? }'],
  ['node A { |a: String @key }'],
  ['node A { |a: String @key(a) }'],
  ['node A { a: String @unique(|a) }'],
  ['node A { a: I32 b: I32 @index(|a, b) }'],
  ['node A {|}'],
])('nothing to refactor in %s', async (marked) => {
  expect(await actionsAt(marked, 'refactor')).toEqual([]);
});

test('fix all does what is sure, everywhere', async () => {
  const marked =
    '|node A { a: Text @indx, b: string @rename_from("c", x=1) }\nnode B implements Named {}\ninterface Name {}\n';
  const [once] = await actionsAt(marked, 'source.fixAll');
  expect(once?.[1]).toContain('node B implements Name {}');
  expect(once?.[1]).toContain('a: String');
});

test('an action names the diagnostics it fixes', async () => {
  const { ask, document } = await openSchema('node A { a: Text }');
  const range = { start: document.lines.position(12), end: document.lines.position(12) };
  const found = document.compiled.diagnostics.find(({ code }) => code === 'unknown-property-type');
  const shown = { range: found?.range ?? range, code: 'unknown-property-type', message: found?.message ?? '' };
  const actions = await ask('textDocument/codeAction', {
    range,
    context: { diagnostics: [shown], only: ['quickfix'] },
  });
  expect((actions as readonly CodeAction[])[0]?.diagnostics).toEqual([shown]);
});
