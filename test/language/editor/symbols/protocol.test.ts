import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CompletionList, Location, WorkspaceEdit, WorkspaceSymbol } from 'vscode-languageserver';
import { openEditor, type TestEditor } from '../fixture.js';
import { FILES } from './garden.js';

let editor: TestEditor;

beforeAll(async () => {
  editor = await openEditor(FILES);
  for (const path of Object.keys(FILES)) await editor.open(path);
  await editor.settled();
});

afterAll(async () => {
  expect(editor.errors).toEqual([]);
  await editor.dispose();
});

/** The place behind the first occurrence of a text. */
function behind(path: string, text: string) {
  const before = editor.text(path).slice(0, editor.text(path).indexOf(text) + text.length);
  const lines = before.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

const filesOf = (edit: WorkspaceEdit): readonly string[] =>
  (edit.documentChanges ?? []).flatMap((change) => ('textDocument' in change ? [change.textDocument.uri] : []));

test('the server announces what schemas can do', () => {
  const { capabilities } = editor.initialized;
  expect(capabilities).toMatchObject({
    renameProvider: { prepareProvider: true },
    hoverProvider: true,
    implementationProvider: true,
    linkedEditingRangeProvider: true,
    workspaceSymbolProvider: expect.anything(),
    documentOnTypeFormattingProvider: expect.anything(),
  });
});

test('a type renamed in the schema is renamed in every query of the cluster', async () => {
  const position = behind('schema.pg', 'node Per');
  const edit = await editor.ask<WorkspaceEdit>('textDocument/rename', 'schema.pg', { position, newName: 'Human' });
  expect(filesOf(edit)).toEqual(['schema.pg', 'people.gq', 'writes.gq'].map((path) => editor.uri(path)));
});

test('a query is renamed from its key in cluster.yaml', async () => {
  const position = behind('cluster.yaml', 'tea');
  expect(await editor.ask('textDocument/prepareRename', 'cluster.yaml', { position })).toMatchObject({
    placeholder: 'team',
  });
  const edit = await editor.ask<WorkspaceEdit>('textDocument/rename', 'cluster.yaml', { position, newName: 'staff' });
  expect(filesOf(edit)).toEqual(['people.gq', 'cluster.yaml'].map((path) => editor.uri(path)));
  const context = { includeDeclaration: true };
  const places = await editor.ask<Location[]>('textDocument/references', 'cluster.yaml', { position, context });
  expect(places.map(({ uri }) => uri)).toEqual(['people.gq', 'cluster.yaml'].map((path) => editor.uri(path)));
});

test('a refused rename says why', async () => {
  const position = behind('schema.pg', 'node Per');
  const refused = editor.ask('textDocument/rename', 'schema.pg', { position, newName: 'Company' });
  await expect(refused).rejects.toThrow("there is a node 'Company' already");
});

test('references follow an edit of another file', async () => {
  const context = { includeDeclaration: false };
  const position = behind('schema.pg', 'nick');
  const count = async () =>
    (await editor.ask<Location[]>('textDocument/references', 'schema.pg', { position, context })).length;
  expect(await count()).toBe(3);
  await editor.edit(
    'people.gq',
    `${FILES['people.gq']}query nicks() {\n    match { $p: Person }\n    return { $p.nick }\n}\n`,
  );
  expect(await count()).toBe(4);
  await editor.edit('people.gq', FILES['people.gq']);
  expect(await count()).toBe(3);
});

test('completion and symbols answer through the protocol', async () => {
  const position = behind('schema.pg', '    slug: ');
  const list = await editor.ask<CompletionList>('textDocument/completion', 'schema.pg', { position });
  expect(list.items.map(({ label }) => label)).toContain('String');
  const found = await editor.request<WorkspaceSymbol[]>('workspace/symbol', { query: 'WorksAt' });
  expect(found.map(({ name }) => name)).toEqual(['WorksAt']);
});
