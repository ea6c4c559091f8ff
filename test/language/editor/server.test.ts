import { afterEach, expect, test } from 'vitest';
import { openEditor, type TestEditor } from './fixture.js';

let editor: TestEditor | undefined;
afterEach(async () => {
  await editor?.dispose();
  expect(editor?.errors ?? []).toEqual([]);
  editor = undefined;
});

test('a query file is checked against the schema that cluster.yaml names', async () => {
  editor = await openEditor({
    'cluster.yaml': 'version: 1\ngraphs:\n  g: { schema: s/a.pg, queries: q/ }\n',
    's/a.pg': 'node Person { name: String }\n',
    'q/one.gq': 'query q() {\n  match { $p: Persn }\n  return { $p.name }\n}\n',
  });
  const found = await editor.diagnostics('q/one.gq');
  expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'T1 `Persn` is not a declared node type\ndid you mean `Person`?',
  ]);
});
