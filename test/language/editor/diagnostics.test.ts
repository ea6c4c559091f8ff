import { compileQueries, compileSchema } from 'omnigraph-language';
import { afterEach, describe, expect, test } from 'vitest';
import { FULL_CLIENT, openEditor, type TestEditor } from './fixture.js';

let editor: TestEditor;

afterEach(async () => {
  await editor.dispose();
  expect(editor.errors).toEqual([]);
});

const SCHEMA = 'node Person {\n  name: String @key\n  age: I32?\n}\nnode City { name: String @key }\n';
const BY_PERSON = 'query people() {\n  match { $p: Person }\n  return { $p.name, $p.age }\n}\n';
const BY_CITY = 'query cities() {\n  match { $c: City }\n  return { $c.name }\n}\n';
const CLUSTER = 'version: 1\ngraphs:\n  g: { schema: schema.pg, queries: q/ }\n';
const FILES = { 'cluster.yaml': CLUSTER, 'schema.pg': SCHEMA, 'q/people.gq': BY_PERSON, 'q/cities.gq': BY_CITY };

const codes = async (path: string) => (await editor.diagnostics(path)).map(({ code }) => code);
const checked = async () =>
  (await editor.request<{ checkedDocuments: number }>('omnigraph/stats', {})).checkedDocuments;

describe('a schema edit', () => {
  test('is seen in the queries of a touched type, open or not, and nowhere else', async () => {
    editor = await openEditor(FILES);
    await editor.open('schema.pg');
    await editor.open('q/cities.gq');
    await editor.settled();
    const before = editor.published.length;
    await editor.edit('schema.pg', SCHEMA.replace('age', 'years'));
    expect(await codes('q/people.gq')).toEqual(['T6']);
    await editor.settled();
    const sent = editor.published.slice(before).map(({ uri }) => uri);
    expect(sent).toEqual(['schema.pg', 'q/people.gq', 'cluster.yaml'].map(editor.uri));
  });

  test.each<[string, string, number]>([
    ['a comment', `${SCHEMA}// more`, 0],
    ['a property of Person', SCHEMA.replace('age', 'years'), 1],
    ['a property of City', SCHEMA.replace('City { ', 'City { size: I32? '), 1],
    ['a property of both', SCHEMA.replaceAll('name: String @key', 'name: String @key note: String?'), 2],
    ['a new type', `${SCHEMA}node Other { name: String }`, 0],
    ['a type moved', `node City { name: String @key }\n${SCHEMA.replace(/node City.*\n/, '')}`, 0],
  ])('of %s checks again only what depends on it', async (_name, text, expected) => {
    editor = await openEditor(FILES);
    await editor.open('schema.pg');
    await editor.settled();
    const before = await checked();
    await editor.edit('schema.pg', text);
    await editor.settled();
    expect((await checked()) - before).toBe(expected);
  });

  test('touches few of two hundred query files and fifty schemas', async () => {
    const graphs = Array.from({ length: 50 }, (_, index) => index);
    const files: Record<string, string> = {
      'cluster.yaml': `version: 1\ngraphs:\n${graphs.map((at) => `  g${at}: { schema: s${at}.pg, queries: q${at}/ }\n`).join('')}`,
    };
    for (const at of graphs) {
      files[`s${at}.pg`] = SCHEMA;
      files[`q${at}/people.gq`] = BY_PERSON;
      for (const name of ['a', 'b', 'c']) files[`q${at}/${name}.gq`] = BY_CITY.replace('cities', `cities_${name}`);
    }
    editor = await openEditor(files);
    await editor.open('s7.pg');
    await editor.settled();
    const before = await checked();
    await editor.edit('s7.pg', SCHEMA.replace('age', 'years'));
    expect(await codes('q7/people.gq')).toEqual(['T6']);
    expect(await codes('q8/people.gq')).toEqual([]);
    expect((await checked()) - before).toBe(1);
  });
});

describe('diagnostics follow', () => {
  test('the versions of an edited document', async () => {
    editor = await openEditor(FILES);
    await editor.open('q/people.gq');
    await editor.settled();
    await editor.edit('q/people.gq', BY_PERSON.replace('age', 'aeg'));
    await editor.settled();
    await editor.edit('q/people.gq', BY_PERSON);
    await editor.settled();
    const mine = editor.published.filter(({ uri }) => uri === editor.uri('q/people.gq'));
    expect(mine.map(({ version, diagnostics }) => [version, diagnostics.map(({ code }) => code)])).toEqual([
      [1, []],
      [2, ['T6']],
      [3, []],
    ]);
  });

  test('only the last of several edits at once', async () => {
    editor = await openEditor(FILES);
    await editor.open('q/people.gq');
    await editor.settled();
    const edits = ['a', 'ag', 'age', 'ages'].map((name) => editor.edit('q/people.gq', BY_PERSON.replace('age', name)));
    await Promise.all(edits);
    expect(await codes('q/people.gq')).toEqual(['T6']);
    const mine = editor.published.filter(({ uri }) => uri === editor.uri('q/people.gq'));
    expect(mine.at(-1)).toMatchObject({ version: 5 });
  });

  test('a file that is created, changed and deleted on disk', async () => {
    editor = await openEditor({ ...FILES, 'q/people.gq': BY_PERSON.replace('age', 'aeg') });
    await editor.settled();
    expect(await codes('q/people.gq')).toEqual(['T6']);
    await editor.write('q/people.gq', BY_PERSON);
    expect(await codes('q/people.gq')).toEqual([]);
    await editor.write('q/new.gq', 'query');
    await editor.settled();
    expect(await codes('q/new.gq')).toEqual(['parse-error']);
    await editor.write('q/new.gq', undefined);
    expect(await codes('q/new.gq')).toEqual([]);
  });

  test('a schema that changes, goes and comes back on disk', async () => {
    editor = await openEditor(FILES);
    await editor.open('q/people.gq');
    await editor.write('schema.pg', SCHEMA.replace('age', 'years'));
    expect(await codes('q/people.gq')).toEqual(['T6']);
    await editor.write('schema.pg', undefined);
    expect(await codes('q/people.gq')).toEqual(['no-schema']);
    await editor.write('schema.pg', SCHEMA);
    expect(await codes('q/people.gq')).toEqual([]);
  });

  test('the unsaved text while it is open, the file when it is closed', async () => {
    editor = await openEditor(FILES);
    await editor.open('schema.pg', SCHEMA.replace('age', 'years'));
    expect(await codes('q/people.gq')).toEqual(['T6']);
    await editor.write('schema.pg', SCHEMA);
    expect(await codes('q/people.gq')).toEqual(['T6']);
    await editor.close('schema.pg');
    expect(await codes('q/people.gq')).toEqual([]);
  });

  test('cluster.yaml as it is typed', async () => {
    editor = await openEditor({ ...FILES, 'other.pg': SCHEMA.replace('age', 'years') });
    await editor.open('cluster.yaml');
    await editor.open('q/people.gq');
    expect(await codes('q/people.gq')).toEqual([]);
    await editor.edit('cluster.yaml', CLUSTER.replace('schema.pg', 'other.pg'));
    expect(await codes('q/people.gq')).toEqual(['T6']);
    await editor.edit('cluster.yaml', CLUSTER.replace('queries: q/', 'queries: r/'));
    expect(await codes('q/people.gq')).toEqual([]);
    await editor.edit('cluster.yaml', CLUSTER);
    expect(await codes('q/people.gq')).toEqual([]);
  });

  test('an untitled document by its language', async () => {
    editor = await openEditor(FILES);
    const textDocument = { uri: 'untitled:Untitled-1', languageId: 'omnigraph-query', version: 1, text: BY_PERSON };
    await editor.notify('textDocument/didOpen', { textDocument });
    await editor.settled();
    const found = editor.published.find(({ uri }) => uri === 'untitled:Untitled-1');
    expect(found?.diagnostics.map(({ code }) => code)).toEqual(['no-schema']);
  });
});

test('advice of lint stands at the queries it is about', async () => {
  const mutations = [
    'query fixed() {\n  insert City { name: "Ghent" }\n}',
    'query rename($old: String, $new: String) {\n  update Person set { name: $new } where name = $old\n}',
    'query again($old: String, $new: String) {\n  update Person set { name: $new } where name = $old\n}',
  ];
  editor = await openEditor({
    ...FILES,
    'schema.pg':
      'node Person {\n  name: String\n  mail: String @key\n  age: I32?\n  nick: String?\n}\nnode City { name: String @key }\n',
    'q/write.gq': mutations.join('\n'),
  });
  const found = await editor.diagnostics('q/write.gq');
  expect(found).toMatchObject([
    { code: 'hard-coded-mutation', severity: 2, range: { start: { line: 0, character: 6 } } },
    {
      code: 'L201',
      severity: 2,
      message: 'no update query assigns these nullable properties of `Person`: `age`, `nick`',
      range: { start: { line: 3, character: 6 } },
      relatedInformation: [
        { message: 'also updates `Person`', location: { range: { start: { line: 6, character: 6 } } } },
      ],
    },
  ]);
  await editor.edit('q/write.gq', `${mutations[0]}\nquery broken(`);
  expect((await editor.diagnostics('q/write.gq')).map(({ code }) => code)).toEqual(['parse-error']);
});

test('what is shown equals what the compilers find from scratch', async () => {
  const query = BY_PERSON.replace('age', 'aeg').replace('people()', 'people($unused: String)');
  editor = await openEditor({ ...FILES, 'q/people.gq': query });
  const found = await editor.diagnostics('q/people.gq');
  const { catalog } = compileSchema(SCHEMA);
  const cold = catalog === undefined ? [] : compileQueries(query, catalog).diagnostics;
  expect(found.map(({ code, range: { start, end } }) => ({ code, start, end }))).toEqual(
    cold.map(({ code, range }) => ({ code, start: range?.start, end: range?.end })),
  );
});

describe('a diagnostic', () => {
  const rules = (code: string): string => `https://docs.example/rules#${code}`;
  const DUPLICATE = 'node A { name: String }\nnode A { name: String }\n';

  test('holds its remedy, its rule, its related places and its data', async () => {
    editor = await openEditor({ 'a.pg': DUPLICATE }, { rules });
    const [found] = await editor.diagnostics('a.pg');
    expect(found).toMatchObject({
      severity: 1,
      source: 'omnigraph',
      codeDescription: { href: expect.stringMatching(/^https:\/\/docs\.example\/rules#[a-z0-9-]+$/) },
      relatedInformation: [{ location: { uri: editor.uri('a.pg'), range: { start: { line: 0, character: 5 } } } }],
    });
    expect(found?.data).toMatchObject({ code: found?.code });
  });

  test('stays plain for a plain client', async () => {
    editor = await openEditor({ 'a.pg': DUPLICATE }, { rules, capabilities: {} });
    const [found] = await editor.diagnostics('a.pg');
    expect(Object.keys(found ?? {}).sort()).toEqual(['code', 'data', 'message', 'range', 'severity', 'source']);
  });

  test('fades what does nothing', async () => {
    editor = await openEditor({ ...FILES, 'q/people.gq': BY_PERSON.replace('people()', 'people($x: String)') });
    expect(await editor.diagnostics('q/people.gq')).toMatchObject([
      { code: 'unused-parameter', severity: 2, tags: [1] },
    ]);
  });
});

describe('pulled diagnostics', () => {
  const capabilities = {
    ...FULL_CLIENT,
    textDocument: { ...FULL_CLIENT.textDocument, diagnostic: {} },
    workspace: { ...FULL_CLIENT.workspace, diagnostics: { refreshSupport: true } },
  };
  type Report = { kind: string; resultId: string; items: { code: string }[] };
  const pull = (path: string, previousResultId?: string) =>
    editor.ask<Report>('textDocument/diagnostic', path, previousResultId === undefined ? {} : { previousResultId });

  test('full, then unchanged, then full again', async () => {
    editor = await openEditor(FILES, { capabilities });
    const first = await pull('q/people.gq');
    expect(first).toMatchObject({ kind: 'full', items: [] });
    expect(await pull('q/people.gq', first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await editor.edit('q/people.gq', BY_PERSON.replace('age', 'aeg'));
    expect(await pull('q/people.gq', first.resultId)).toMatchObject({ kind: 'full', items: [{ code: 'T6' }] });
    expect(editor.published).toEqual([]);
  });

  test('of the workspace, closed files included, and of files that are gone', async () => {
    editor = await openEditor({ ...FILES, 'q/people.gq': BY_PERSON.replace('age', 'aeg') }, { capabilities });
    type Reports = { items: { uri: string; kind: string; resultId: string; items?: { code: string }[] }[] };
    const ask = (previousResultIds: object[]) => editor.request<Reports>('workspace/diagnostic', { previousResultIds });
    const first = await ask([]);
    const byPath = new Map(first.items.map((item) => [item.uri, item]));
    expect([...byPath.keys()].sort()).toEqual(Object.keys(FILES).map(editor.uri).sort());
    expect(byPath.get(editor.uri('q/people.gq'))?.items?.map(({ code }) => code)).toEqual(['T6']);

    const previous = first.items.map(({ uri, resultId }) => ({ uri, value: resultId }));
    await editor.write('q/people.gq', undefined);
    await editor.settled();
    const second = await ask(previous);
    const gone = second.items.find(({ uri }) => uri === editor.uri('q/people.gq'));
    expect(gone).toMatchObject({ kind: 'full', items: [] });
  });

  test('the client is told to ask again when another file changed them', async () => {
    editor = await openEditor(FILES, { capabilities });
    await editor.open('schema.pg');
    await pull('q/people.gq');
    await editor.settled();
    await editor.edit('schema.pg', SCHEMA.replace('age', 'years'));
    await expect.poll(() => editor.heard.map(({ method }) => method)).toContain('workspace/diagnostic/refresh');
    expect(await pull('q/people.gq')).toMatchObject({ items: [{ code: 'T6' }] });
  });
});
