/** A query file that no schema belongs to, and the features as a client meets them. */

import { expect, test } from 'vitest';
import type { CompletionItem, CompletionList, Hover } from 'vscode-languageserver';
import { GARDEN_SCHEMA } from '../../query/garden.js';
import { marked, openEditor } from '../fixture.js';
import { CLUSTER, QUERY_FILE, SCHEMA_FILE } from './ask.js';

async function labelsAt(source: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { text, position } = marked(source);
  const editor = await openEditor({ ...files, [QUERY_FILE]: text });
  const answer = await editor.ask<CompletionList | CompletionItem[]>('textDocument/completion', QUERY_FILE, {
    position,
  });
  const errors = [...editor.errors];
  await editor.dispose();
  expect(errors).toEqual([]);
  return ('items' in answer ? answer.items : answer).map(({ label }) => label);
}

const GARDEN = { 'cluster.yaml': CLUSTER, [SCHEMA_FILE]: GARDEN_SCHEMA };

test.each<[source: string, files: Readonly<Record<string, string>>, labels: readonly string[]]>([
  [
    'query q() { match { $p: Plant $p.| } return { $p } }',
    GARDEN,
    ['code', 'common', 'height', 'price', 'hardy', 'sown', 'watered', 'stage', 'tags', 'vec'],
  ],
  ['query q() { | }', {}, ['match', 'insert', 'update', 'delete']],
  ['query q($s: String) { match { $p: Plant { code: | } } return { $p } }', {}, ['$s']],
  ['query q() { match { $p: | } return { $p } }', {}, []],
])('through the protocol: %s', async (source, files, labels) => {
  expect(await labelsAt(source, files)).toEqual(labels);
});

test('a hover through the protocol', async () => {
  const { text, position } = marked('query q() { match { $p: Pla|nt } return { $p } }');
  const editor = await openEditor({ ...GARDEN, [QUERY_FILE]: text });
  const hover = await editor.ask<Hover>('textDocument/hover', QUERY_FILE, { position });
  await editor.dispose();
  expect(JSON.stringify(hover.contents)).toContain('node Plant');
});
