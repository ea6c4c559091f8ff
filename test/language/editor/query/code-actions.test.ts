import { expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { queryCodeActions } from '../../../../language/src/editor/query/code-actions.js';
import { GARDEN_SCHEMA } from '../../query/garden.js';
import { applyEdits, ask } from './ask.js';

const M = (clauses: string, params = '$s: String'): string =>
  `query q(${params}) { match { ${clauses} } return { 1 as one } }`;

async function actionsAt(source: string, only?: readonly string[]) {
  const context = { diagnostics: [], ...(only !== undefined && { only }) };
  const { answer, text, opened } = await ask(queryCodeActions, 'textDocument/codeAction', source, { context });
  return { actions: (answer ?? []) as readonly CodeAction[], text, uri: opened.document.uri };
}

/** The title is among the actions, and doing it gives this text. */
async function checkAction(source: string, title: string, expected: string): Promise<void> {
  const { actions, text, uri } = await actionsAt(source);
  const action = actions.find((one) => one.title === title);
  expect(actions.map((one) => one.title)).toContain(title);
  expect(applyEdits(text, action?.edit?.changes?.[uri] ?? [])).toBe(expected);
}

test.each<[source: string, title: string, expected: string]>([
  [M('$p: Plnt|'), 'Change to `Plant`', M('$p: Plant')],
  [M('$p: Plant { comon|: $s }'), 'Change to `common`', M('$p: Plant { common: $s }')],
  [M('$p: Plant $p.heigt| > 1'), 'Change to `height`', M('$p: Plant $p.height > 1')],
  [M('$p: Plant $p growIn| $b'), 'Change to `growsIn`', M('$p: Plant $p growsIn $b')],
  [M('$p: Plant { stage: "seeed|" }'), 'Change to "seed"', M('$p: Plant { stage: "seed" }')],
  [M('$p: Plant { stage: "x|" }'), 'Change to "mature"', M('$p: Plant { stage: "mature" }')],
  [
    M('$p: Plant { code: $slgu| }', '$slug: String'),
    'Change to `$slug`',
    M('$p: Plant { code: $slug }', '$slug: String'),
  ],
  [
    'query q() { match { $p: Plant } retrun| { $p } }',
    'Change to `return`',
    'query q() { match { $p: Plant } return { $p } }',
  ],
  [
    'query q() { match { $p: Plant } return { count($p) as total } order { totl| } }',
    'Change to `total`',
    'query q() { match { $p: Plant } return { count($p) as total } order { total } }',
  ],
  [
    'query q() @descripton|("x") { insert Memo { text: "a" } }',
    'Change to `@description`',
    'query q() @description("x") { insert Memo { text: "a" } }',
  ],
  [
    'query q($n: Strng|) { match { $p: Plant { code: $n } } return { $p } }',
    'Change to `String`',
    'query q($n: String) { match { $p: Plant { code: $n } } return { $p } }',
  ],
  ['query q() { insert Mem| { text: "a" } }', 'Change to `Memo`', 'query q() { insert Memo { text: "a" } }'],
  ['query q() { insert Memo { txt|: "a" } }', 'Change to `text`', 'query q() { insert Memo { text: "a" } }'],
  [
    M('$p: Plant { code: $code| }', ''),
    'Declare parameter `$code: String`',
    M('$p: Plant { code: $code }', '$code: String'),
  ],
  [M('$p: Plant { height: $h| }'), 'Declare parameter `$h: I32`', M('$p: Plant { height: $h }', '$s: String, $h: I32')],
  [
    M('$p: Plant { tags: $tag| }', ''),
    'Declare parameter `$tag: String`',
    M('$p: Plant { tags: $tag }', '$tag: String'),
  ],
  [
    M('$p: Plant $p.sown > $after|', ''),
    'Declare parameter `$after: Date`',
    M('$p: Plant $p.sown > $after', '$after: Date'),
  ],
  [
    'query q() { insert Bed { bid: $bid|, area: $area } }',
    'Declare all missing parameters',
    'query q($bid: String, $area: I32?) { insert Bed { bid: $bid, area: $area } }',
  ],
  [
    'query q($s: String, $un|used: I32) { match { $p: Plant { code: $s } } return { $p } }',
    'Remove parameter `$unused`',
    'query q($s: String) { match { $p: Plant { code: $s } } return { $p } }',
  ],
  [
    'query q($un|used: I32, $s: String) { match { $p: Plant { code: $s } } return { $p } }',
    'Remove parameter `$unused`',
    'query q($s: String) { match { $p: Plant { code: $s } } return { $p } }',
  ],
  [
    'query q($un|used: I32) { match { $p: Plant } return { $p } }',
    'Remove parameter `$unused`',
    'query q() { match { $p: Plant } return { $p } }',
  ],
  [
    'query q() { match { $p: Plant } return { $p.code } order { near|est($p.vec, [1.0, 0.0]) } }',
    'Add `limit 10`',
    'query q() { match { $p: Plant } return { $p.code } order { nearest($p.vec, [1.0, 0.0]) } limit 10 }',
  ],
  [
    'query q() {\n    match { $p: Plant }\n    return { $p.code }\n    order { near|est($p.vec, [1.0, 0.0]) }\n}',
    'Add `limit 10`',
    'query q() {\n    match { $p: Plant }\n    return { $p.code }\n    order { nearest($p.vec, [1.0, 0.0]) }\n    limit 10\n}',
  ],
  [
    'query q() { match { $p: Plant } return { cou|nt($p) } }',
    'Name the column `p_count`',
    'query q() { match { $p: Plant } return { count($p) as p_count } }',
  ],
  [
    'query q() { insert Plant| { code: "a" } }',
    'Assign `common`, `stage`',
    'query q($common: String, $stage: String) { insert Plant { code: "a", common: $common, stage: $stage } }',
  ],
  [
    'query q($to: String) { insert GrowsIn| { from: "a" } }',
    'Assign `to`',
    'query q($to: String) { insert GrowsIn { from: "a", to: $to } }',
  ],
  [M('$p: Plant $p.code |= $s'), 'Convert to a property match', M('$p: Plant { code: $s }')],
  [M('$p: Plant { height: 1 } $p.code |= $s'), 'Convert to a property match', M('$p: Plant { height: 1, code: $s }')],
  [
    'query q() {\n    match {\n        $p: Plant\n        $p.code |= "a"\n    }\n    return { $p }\n}',
    'Convert to a property match',
    'query q() {\n    match {\n        $p: Plant { code: "a" }\n    }\n    return { $p }\n}',
  ],
  [
    'query q|q() { insert Memo { text: "a" } }',
    'Add a @description',
    'query qq()\n    @description("")\n { insert Memo { text: "a" } }',
  ],
])('at %s: %s', checkAction);

/** The same for a change of the schema. */
test.each<[source: string, title: string, expected: string]>([
  [M('$p: Tree|'), 'Declare `node Tree` in the schema', `${GARDEN_SCHEMA}\nnode Tree {\n    slug: String @key\n}\n`],
  [
    M('$p: Plant $p likes| $q'),
    'Declare `edge Likes: Plant -> Plant` in the schema',
    `${GARDEN_SCHEMA}\nedge Likes: Plant -> Plant\n`,
  ],
  [
    M('$p: Plant { girth|: 1 }'),
    'Add `girth: I64?` to node `Plant`',
    GARDEN_SCHEMA.replace('photo: Blob?', 'photo: Blob?\n    girth: I64?'),
  ],
  [
    M('$p: Plant $p.girth| = $n', '$n: F64'),
    'Add `girth: F64?` to node `Plant`',
    GARDEN_SCHEMA.replace('photo: Blob?', 'photo: Blob?\n    girth: F64?'),
  ],
  [
    'query q() { insert Memo { text: "a", done|: true } }',
    'Add `done: Bool?` to node `Memo`',
    GARDEN_SCHEMA.replace('text: String', 'text: String\n    done: Bool?'),
  ],
])('at %s: %s', async (source, title, expected) => {
  const { actions } = await actionsAt(source);
  const edits = actions.find((one) => one.title === title)?.edit?.changes?.['file:///w/garden.pg'];
  expect(actions.map((one) => one.title)).toContain(title);
  expect(applyEdits(GARDEN_SCHEMA, edits ?? [])).toBe(expected);
});

test('fix all: everything that is sure, once', async () => {
  const source =
    '|query q($unused: I32) { match { $p: Plant } return { count($p) } }\nquery r() { match { $p: Plnt } return { $p } }';
  const { actions, text, uri } = await actionsAt(source, ['source.fixAll']);
  expect(actions.map(({ kind }) => kind)).toEqual(['source.fixAll.omnigraph']);
  expect(applyEdits(text, actions[0]?.edit?.changes?.[uri] ?? [])).toBe(
    'query q() { match { $p: Plant } return { count($p) as p_count } }\nquery r() { match { $p: Plant } return { $p } }',
  );
});

test.each([
  ['$p: Plant $p.height |> 1'],
  ['$p: Plant $q: Plant $p.code |= $q.code'],
  ['$p: Plant not { $p.code |= "a" }'],
])('nothing to convert in %s', async (clauses) => {
  const { actions } = await actionsAt(M(clauses), ['refactor']);
  expect(actions).toEqual([]);
});
