import { expect, test } from 'vitest';
import { queryCodeLens } from '../../../../language/src/editor/query/code-lens.js';
import { queryInlayHints } from '../../../../language/src/editor/query/inlay-hints.js';
import { offsetAt } from '../fixture.js';
import { ask, openQuery, positionAt } from './ask.js';

/** The text with its hints in brackets. */
async function checkHints(source: string, expected: string): Promise<void> {
  const range = { start: positionAt(source, 0), end: positionAt(source, source.length) };
  const { answer } = await ask(queryInlayHints, 'textDocument/inlayHint', source, { range });
  const hints = [...(answer ?? [])].sort((a, b) => offsetAt(source, b.position) - offsetAt(source, a.position));
  const shown = hints.reduce((text, { position, label }) => {
    const offset = offsetAt(source, position);
    return `${text.slice(0, offset)}[${String(label)}]${text.slice(offset)}`;
  }, source);
  expect(shown).toBe(expected);
}

const M = (clauses: string): string => `query q() { match { ${clauses} } return { 1 as one[: I64] } }`;
const bare = (text: string): string => text.replace(/\[[^\]]*\]/g, '');

test.each([
  [M('$p: Plant $p growsIn[→] $b[: Bed]')],
  [M('$b: Bed $b growsIn[←] $p[: Plant]')],
  [M('$p: Plant $p <shades[↔]> $q[: Plant]')],
  [M('$a[: Plant] growsIn[→] $b[: Bed]')],
  [M('$p: Plant $p $g:growsIn[→] $b[: Bed]')],
  [M('$p: Plant not { $p growsIn[→] $_ }')],
  [M('$p: Plant $q: Plant $p shades[→] $q')],
  [
    'query q() { match { $p: Plant } return { count($p) as n[: I64], sum($p.price) as s[: F64?], min($p.common) as m[: String?] } }',
  ],
])('hints in %s', async (text) => {
  await checkHints(bare(text), text);
});

test('the types of columns', async () => {
  const source =
    'query q($x: Date) { match { $p: Plant } return { $p.tags as a, $p as b, $x as c, now() as d, "s" as e, 1.5 as f, true as g, a as h } }';
  const range = { start: positionAt(source, 0), end: positionAt(source, source.length) };
  const { answer } = await ask(queryInlayHints, 'textDocument/inlayHint', source, { range });
  expect(answer?.map(({ label }) => label)).toEqual([
    ...[': [String]?', ': Plant', ': Date', ': DateTime', ': String', ': F64', ': Bool', ': [String]?'],
  ]);
});

test('no hints when they are off', async () => {
  const { document, context } = await openQuery(bare(M('$p: Plant $p growsIn $b')));
  const off = { ...context, settings: () => ({ ...context.settings(), inlayHints: { enabled: false } }) };
  const range = { start: positionAt('', 0), end: positionAt(document.text, document.text.length) };
  const handler = queryInlayHints(off)['textDocument/inlayHint'];
  const params = { textDocument: { uri: document.uri }, range };
  const never = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
  expect(handler?.(document, params, never)).toBeNull();
});

const LENSED = `query a($s: String) { match { $p: Plant { code: $s } $p growsIn $b } return { $b.bid } }
query b() { insert Memo { text: "a" } }
query c() { match { $p: Nope } return { 1 as one } }`;

test('lenses run a query and say what it touches', async () => {
  const commands = new Set(['omnigraph.runQuery', 'omnigraph.showReferences']);
  const { answer, opened } = await ask(queryCodeLens, 'textDocument/codeLens', LENSED, {}, { client: { commands } });
  expect(answer?.map(({ range, command }) => `${range.start.line} ${command?.title} ${command?.command}`)).toEqual([
    '0 $(play) Run query omnigraph.runQuery',
    '0 reads Bed, GrowsIn, Plant omnigraph.showReferences',
    '1 $(warning) Run mutation omnigraph.runQuery',
    '1 writes or reads Memo omnigraph.showReferences',
  ]);
  expect(answer?.[0]?.command?.arguments).toEqual([
    opened.document.uri,
    'a',
    {
      name: 'a',
      tool_name: 'a',
      mutation: false,
      params: [{ name: 's', kind: 'string', nullable: false }],
    },
  ]);
});

test('a client that runs nothing gets text only', async () => {
  const { answer } = await ask(queryCodeLens, 'textDocument/codeLens', LENSED);
  expect(answer?.map(({ command }) => [command?.title, command?.command])).toEqual([
    ['reads Bed, GrowsIn, Plant', ''],
    ['writes or reads Memo', ''],
  ]);
});
