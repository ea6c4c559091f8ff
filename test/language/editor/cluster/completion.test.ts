import { expect, test } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver';
import { applyEdits, FULL_CLIENT, positionAt } from '../fixture.js';
import { atMarker, CLUSTER, withCluster } from './harbour.js';

const complete = (source: string, capabilities = FULL_CLIENT): Promise<readonly CompletionItem[]> =>
  atMarker(
    source,
    async (editor, { position }) => {
      const answer = await editor.ask<CompletionItem[] | { items: CompletionItem[] } | null>(
        'textDocument/completion',
        'cluster.yaml',
        { position },
      );
      return Array.isArray(answer) ? answer : (answer?.items ?? []);
    },
    capabilities === FULL_CLIENT ? undefined : { capabilities },
  );

const checkCompletion = async (source: string, labels: readonly string[]): Promise<void> => {
  const items = await complete(source);
  expect(items.map(({ label }) => label)).toEqual(labels);
};

test.each<[string, readonly string[]]>([
  ['|', ['version', 'metadata', 'storage', 'state', 'providers', 'graphs', 'policies']],
  ['version: 1\n|', ['metadata', 'storage', 'state', 'providers', 'graphs', 'policies']],
  ['version: 1\ngra|', ['metadata', 'storage', 'state', 'providers', 'graphs', 'policies']],
  ['version: |', ['1']],
  ['version: 1\nstate:\n  |', ['backend', 'lock']],
  ['version: 1\nstate: { | }', ['backend', 'lock']],
  ['version: 1\nstate: { backend: cluster, | }', ['lock']],
  ['version: 1\nstate:\n  lock: |', ['true', 'false']],
  ['version: 1\nstate:\n  backend: |', ['cluster']],
  ['version: 1\nmetadata:\n  |', ['name']],
  ['version: 1\nmetadata: |', []],
  ['version: 1\nproviders:\n  |', ['embedding']],
  ['version: 1\nproviders:\n  embedding:\n    |', ['new provider name']],
  ['version: 1\nproviders:\n  embedding:\n    default:\n      |', ['kind', 'base_url', 'model', 'api_key']],
  ['version: 1\nproviders:\n  embedding:\n    default: { kind: | }', ['openai-compatible', 'openai', 'gemini', 'mock']],
  [
    'version: 1\nproviders:\n  embedding:\n    default:\n      kind: o|',
    ['openai-compatible', 'openai', 'gemini', 'mock'],
  ],
  [
    'version: 1\nproviders:\n  embedding:\n    default:\n      api_key: |',
    [`\${OPENAI_API_KEY}`, `\${GEMINI_API_KEY}`, `\${EMBEDDING_API_KEY}`],
  ],
  ['version: 1\ngraphs:\n  |', ['new graph id']],
  ['version: 1\ngraphs:\n  fleet:\n    |', ['schema', 'queries', 'embedding_provider', 'external_blobs']],
  ['version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    |', ['queries', 'embedding_provider', 'external_blobs']],
  ['version: 1\ngraphs:\n  fleet:\n    schema: |', ['docks.pg', 'fleet.pg']],
  ['version: 1\ngraphs:\n  fleet:\n    schema: fl|eet.pg', ['docks.pg', 'fleet.pg']],
  ['version: 1\ngraphs:\n  fleet:\n    schema: "|"', ['docks.pg', 'fleet.pg']],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    queries: |',
    ['queries/', 'queries/more.gq', 'queries/vessels.gq'],
  ],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    queries: [queries/more.gq, |]',
    ['queries/', 'queries/vessels.gq'],
  ],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    queries:\n      - |',
    ['queries/', 'queries/more.gq', 'queries/vessels.gq'],
  ],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    queries:\n      by_imo: { file: | }',
    ['queries/more.gq', 'queries/vessels.gq'],
  ],
  ['version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    external_blobs:\n      |', ['allow']],
  ['version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    external_blobs: { allow: [ { | } ] }', ['base', 'scope']],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: fleet.pg\n    external_blobs: { allow: [ { base: "s3://b/", scope: | } ] }',
    ['server_safe', 'embedded_only'],
  ],
  ['version: 1\npolicies:\n  |', ['new policy name']],
  ['version: 1\npolicies:\n  gate:\n    |', ['file', 'applies_to']],
  ['version: 1\npolicies:\n  gate: { | }', ['file', 'applies_to']],
  ['version: 1\npolicies:\n  gate:\n    file: |', ['gate.policy.yaml', 'hall.policy.yaml']],
  [CLUSTER.replace('[fleet]', '[|]'), ['fleet', 'cluster']],
  [CLUSTER.replace('[fleet]', '[fleet, |]'), []],
  [CLUSTER.replace('[fleet]', '|'), ['fleet', 'cluster']],
  [
    CLUSTER.replace('policies:', '  docks:\n    schema: docks.pg\npolicies:').replace('[fleet]', '[fleet, |]'),
    ['docks'],
  ],
  [CLUSTER.replace('[cluster]', '[cluster, |]'), []],
  [CLUSTER.replace('embedding_provider: default', 'embedding_provider: |'), ['default']],
  ['version: 1\n# sto|', []],
  ['version: 1\nunknown:\n  |', []],
  ['version: 1\nstorage: |', ['s3://bucket/prefix', 'file:///var/lib/omnigraph', './state']],
])('%j offers %j', checkCompletion);

test.each<[string, string, string]>([
  ['version: 1\ngra|', 'graphs', 'version: 1\ngraphs:\n  $0'],
  ['version: 1\ngraphs:\n  fleet:\n    sch|', 'schema', 'version: 1\ngraphs:\n  fleet:\n    schema: $0'],
  ['version: 1\ngraphs:\n  fleet:\n    sch|: x', 'schema', 'version: 1\ngraphs:\n  fleet:\n    schema: x'],
  ['version: 1\nstate: { lo| }', 'lock', 'version: 1\nstate: { lock: $0 }'],
  ['version: 1\npolicies:\n  gate:\n    app|', 'applies_to', 'version: 1\npolicies:\n  gate:\n    applies_to: [$0]'],
  [CLUSTER.replace('[fleet]', '|'), 'fleet', CLUSTER.replace('[fleet]', '[fleet]')],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: "do|"',
    'docks.pg',
    'version: 1\ngraphs:\n  fleet:\n    schema: "docks.pg"',
  ],
  [
    'version: 1\ngraphs:\n  fleet:\n    schema: d|ck.pg',
    'docks.pg',
    'version: 1\ngraphs:\n  fleet:\n    schema: docks.pg',
  ],
  ['version: 1\ngraphs:\n  |', 'new graph id', `version: 1\ngraphs:\n  \${1:name}:\n  schema: $2`],
])('accepting in %j', async (source, label, expected) => {
  const { text } = await atMarker(source, async (editor) => ({ text: editor.text('cluster.yaml') }));
  const item = (await complete(source)).find((each) => each.label === label);
  const edit = item?.textEdit;
  if (edit === undefined || !('range' in edit)) throw new Error(`${label} is not offered with an edit`);
  expect(applyEdits(text, [edit])).toBe(expected);
});

test('a client without snippets gets plain text', async () => {
  const plain = { ...FULL_CLIENT, textDocument: { ...FULL_CLIENT.textDocument, completion: {} } };
  const items = await complete('version: 1\ngra|', plain);
  expect(items.map(({ textEdit }) => textEdit?.newText)).toContain('graphs:\n  ');
  expect(items.some(({ insertTextFormat }) => insertTextFormat === 2)).toBe(false);
});

test('completion never fails at any place of any prefix', () =>
  withCluster(CLUSTER, async (editor) => {
    for (let length = 0; length <= CLUSTER.length; length += 1) {
      const text = CLUSTER.slice(0, length);
      await editor.open('cluster.yaml', text);
      const position = positionAt(text, length);
      const items = await editor.ask<CompletionItem[]>('textDocument/completion', 'cluster.yaml', { position });
      expect(Array.isArray(items)).toBe(true);
    }
  }));

/** Each level of the file with a key that nobody knows, which the loader answers with those it knows. */
test.each<[string]>([
  ['version: 1\n|'],
  ['version: 1\nmetadata: { | }'],
  ['version: 1\nstate: { | }'],
  ['version: 1\nproviders: { | }'],
  ['version: 1\nproviders:\n  embedding:\n    default: { | }'],
  ['version: 1\ngraphs:\n  fleet: { | }'],
  ['version: 1\ngraphs:\n  fleet: { schema: fleet.pg, external_blobs: { | } }'],
  ['version: 1\ngraphs:\n  fleet: { schema: fleet.pg, external_blobs: { allow: [ { | } ] } }'],
  ['version: 1\ngraphs:\n  fleet: { schema: fleet.pg, queries: { by_imo: { | } } }'],
  ['version: 1\npolicies:\n  gate: { | }'],
])('%j offers the keys that loading accepts', async (source) => {
  const offered = (await complete(source)).map(({ label }) => label);
  const messages = await withCluster(source.replace('|', 'nonsense: 1'), async (editor) =>
    (await editor.diagnostics('cluster.yaml')).map(({ message }) => message),
  );
  const known = messages.find((message) => message.includes('unknown field `nonsense`'))?.split('expected one of ')[1];
  const names = known
    ?.split(', ')
    .filter((name) => name !== 'provider' && !(name === 'version' && source.endsWith('\n|')));
  expect(offered.sort()).toEqual(names?.sort());
});
