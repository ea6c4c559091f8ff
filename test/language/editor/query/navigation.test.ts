import { expect, test } from 'vitest';
import type { Location, LocationLink, WorkspaceEdit } from 'vscode-languageserver';
import { queryDefinition } from '../../../../language/src/editor/query/definition.js';
import { queryReferences } from '../../../../language/src/editor/query/references.js';
import { queryRename } from '../../../../language/src/editor/query/rename.js';
import { GARDEN_SCHEMA } from '../../query/garden.js';
import { applyEdits, ask, textIn } from './ask.js';

const TWO = (marked: string): string => `${marked}

query other($s: String) {
    match { $p: Plant { code: $s } $p growsIn $b }
    return { $p.code, $b.bid as code }
}
`;

/** Every place as `file:line: text`; marks of the cursor's own text are gone. */
function places(found: unknown, text: string): readonly string[] {
  const all = (found ?? []) as readonly (Location | LocationLink)[];
  return all.map((one) => {
    const [uri, range] = 'uri' in one ? [one.uri, one.range] : [one.targetUri, one.targetSelectionRange];
    const inSchema = uri.endsWith('.pg');
    return `${inSchema ? 'pg' : 'gq'}:${range.start.line}:${range.start.character}: ${textIn(inSchema ? GARDEN_SCHEMA : text, range)}`;
  });
}

const DEFINITION = 'textDocument/definition';

async function checkDefinition(source: string, ...expected: readonly string[]): Promise<void> {
  const { answer, text } = await ask(queryDefinition, DEFINITION, source);
  expect(places(answer, text)).toEqual(expected);
}

const M = (clauses: string): string => `query q($s: String) { match { ${clauses} } return { 1 as one } }`;

test.each<[source: string, ...expected: string[]]>([
  [M('$p: Pl|ant'), 'pg:1:5: Plant'],
  [M('$p: Plant { co|de: $s }'), 'pg:2:2: code'],
  [M('$p: Plant $p.hei|ght = 1'), 'pg:4:2: height'],
  [M('$p: Plant $p grow|sin $b'), 'pg:16:5: GrowsIn'],
  [M('$p: Plant $p $g:growsIn $b $g.sl|ot = 1'), 'pg:16:45: slot'],
  [M('$p: Plant $p.code = $|s'), 'gq:0:8: $s'],
  [M('$p: Plant $|p.code = $s'), 'gq:0:30: $p'],
  [M('$p: Plant $p growsIn $b $|b.area = 1'), 'gq:0:51: $b'],
  ['query q() { match { $p: Plant } return { count($p) as n } order { |n } }', 'gq:0:54: n'],
  ['query q() { delete Be|d where bid = "a" }', 'pg:14:5: Bed'],
  [M('$p: No|pe')],
])('definition of %s', checkDefinition);

test.each<
  [method: 'textDocument/typeDefinition' | 'textDocument/implementation', source: string, ...expected: string[]]
>([
  ['textDocument/typeDefinition', M('$|p: Plant'), 'pg:1:5: Plant'],
  ['textDocument/typeDefinition', M('$p: Plant $p growsIn $|b'), 'pg:14:5: Bed'],
  ['textDocument/typeDefinition', M('$p: Plant $p $|g:growsIn $b'), 'pg:16:5: GrowsIn'],
  ['textDocument/typeDefinition', M('$p: Plant $p.hei|ght = 1'), 'pg:1:5: Plant'],
  ['textDocument/typeDefinition', M('$p: Plant $p.code = $|s')],
  ['textDocument/implementation', M('$p: Plant $p.hei|ght = 1'), 'pg:4:2: height'],
  ['textDocument/implementation', M('$|p: Plant'), 'pg:1:5: Plant'],
])('%s of %s', async (method, source, ...expected) => {
  const { answer, text } = await ask(queryDefinition, method, source);
  expect(places(answer, text)).toEqual(expected);
});

test('a client that knows links gets the word it asked about', async () => {
  const { answer, text } = await ask(queryDefinition, DEFINITION, M('$p: Pl|ant'), {}, { client: { links: true } });
  const [link] = (answer ?? []) as readonly LocationLink[];
  expect(link?.originSelectionRange && textIn(text, link.originSelectionRange)).toBe('Plant');
});

test('a client without links gets locations', async () => {
  const { answer } = await ask(queryDefinition, DEFINITION, M('$p: Pl|ant'), {}, { client: { links: false } });
  expect(answer).toEqual([
    { uri: 'file:///w/garden.pg', range: { start: { line: 1, character: 5 }, end: { line: 1, character: 10 } } },
  ]);
});

async function checkReferences(
  source: string,
  includeDeclaration: boolean,
  ...expected: readonly string[]
): Promise<void> {
  const { answer, text } = await ask(queryReferences, 'textDocument/references', source, {
    context: { includeDeclaration },
  });
  expect(places(answer, text)).toEqual(expected);
}

test.each<[source: string, includeDeclaration: boolean, ...expected: string[]]>([
  [M('$|p: Plant $p.code = $s'), true, 'gq:0:30: $p', 'gq:0:40: $p'],
  [M('$|p: Plant $p.code = $s'), false, 'gq:0:40: $p'],
  [
    'query q($|s: String) { match { $p: Plant { code: $s } } return { $s } }',
    true,
    'gq:0:8: $s',
    'gq:0:48: $s',
    'gq:0:64: $s',
  ],
  [TWO(M('$b: B|ed')), true, 'pg:14:5: Bed', 'pg:16:23: Bed', 'gq:0:34: Bed'],
  [TWO(M('$p: Plant { co|de: $s }')), false, 'gq:0:42: code', 'gq:3:24: code', 'gq:4:16: code'],
  [TWO(M('$p: Plant $p grow|sIn $b')), false, 'gq:0:43: growsIn', 'gq:3:38: growsIn'],
])('references of %s (declaration: %s)', checkReferences);

test.each<[source: string, ...expected: string[]]>([
  [M('$|p: Plant $p.code = $s'), '$p write', '$p read'],
  ['query q($s: String) { match { $p: Plant { code: $|s } } return { $p } }', '$s write', '$s read'],
  [TWO(M('$p: Plant { co|de: $s }')), 'code read', 'code read', 'code read'],
  ['query q() { match { $p: Plant } return { $p.code as |c } order { c } }', 'c write', 'c read'],
  ['query q|q() { insert Memo { text: "a" } }', 'qq write'],
])('highlights of %s', async (source, ...expected) => {
  const { answer, text } = await ask(queryReferences, 'textDocument/documentHighlight', source);
  const shown = answer?.map(({ range, kind }) => `${textIn(text, range)} ${kind === 3 ? 'write' : 'read'}`);
  expect(shown).toEqual(expected);
});

test.each<[source: string, expected: readonly string[] | undefined]>([
  [M('$|p: Plant $p.code = $s'), ['p', 'p']],
  ['query q($|s: String) { match { $p: Plant { code: $s } } return { $p } }', ['s', 's']],
  [M('$p: Pl|ant'), undefined],
  ['query q() { match { $p: Plant } return { $p.code as |c } order { c } }', undefined],
])('linked editing at %s', async (source, expected) => {
  const { answer, text } = await ask(queryReferences, 'textDocument/linkedEditingRange', source);
  expect(answer?.ranges.map((range) => textIn(text, range))).toEqual(expected);
});

async function checkRename(source: string, newName: string, expected: string): Promise<void> {
  const { answer, text, opened } = await ask(queryRename, 'textDocument/rename', source, { newName });
  const edit = answer as WorkspaceEdit | null;
  expect(applyEdits(text, edit?.changes?.[opened.document.uri] ?? [])).toBe(expected);
}

test.each<[source: string, newName: string, expected: string]>([
  [M('$|p: Plant $p growsIn $b $p.code = $s'), 'plant', M('$plant: Plant $plant growsIn $b $plant.code = $s')],
  [M('$|p: Plant'), '$plant', M('$plant: Plant')],
  [
    'query q($|s: String) { match { $p: Plant { code: $s } } return { $p } }',
    'code',
    'query q($code: String) { match { $p: Plant { code: $code } } return { $p } }',
  ],
  [
    'query q() { match { $p: Plant } return { $p.code as |c } order { c } }',
    'd',
    'query q() { match { $p: Plant } return { $p.code as d } order { d } }',
  ],
  [
    M('$p: Plant not { $p shades $|q } not { $p shades $q }'),
    'r',
    M('$p: Plant not { $p shades $r } not { $p shades $q }'),
  ],
  ['query q|q() { insert Memo { text: "a" } }', 'add', 'query add() { insert Memo { text: "a" } }'],
  [M('$p: Plant { co|de: $s } $p.code = $s'), 'slug', M('$p: Plant { slug: $s } $p.slug = $s')],
  [M('$p: Plant $p grow|sIn $b'), 'StandsIn', M('$p: Plant $p standsIn $b')],
])('rename at %s to %s', checkRename);

test.each<[source: string, newName: string, reason: RegExp]>([
  [M('$|p: Plant $p growsIn $b'), 'b', /taken/],
  [M('$|p: Plant'), 's', /taken/],
  [M('$|p: Plant'), 'Plant', /is no name/],
  ['query q($|s: String) { match { $p: Plant { code: $s } } return { $p } }', 'p', /taken/],
  ['query q($|s: String) { match { $p: Plant { code: $s }', 'x', /syntax error/],
])('refuses to rename at %s to %s', async (source, newName, reason) => {
  await expect(ask(queryRename, 'textDocument/rename', source, { newName })).rejects.toThrow(reason);
});

test.each<[source: string, expected: string | null]>([
  [M('$|p: Plant'), 'p'],
  [M('$p: Plant $p.code = $|s'), 's'],
  [M('$p: Pl|ant'), 'Plant'],
  ['query q() { mat|ch { $p: Plant } return { $p } }', null],
])('what a rename at %s replaces', async (source, expected) => {
  const { answer } = await ask(queryRename, 'textDocument/prepareRename', source);
  expect(answer !== null && 'placeholder' in answer ? answer.placeholder : null).toBe(expected);
});
