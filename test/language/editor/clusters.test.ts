import { afterEach, expect, test } from 'vitest';
import { openEditor, type TestEditor } from './fixture.js';

/** Which schema a query file is checked against: cluster.yaml decides, then the nearest .pg, then none. */
let editor: TestEditor;

afterEach(async () => {
  await editor.dispose();
  expect(editor.errors).toEqual([]);
});

/** Each schema has one type, named like it; the query asks for a type that none has. */
const schema = (type: string): string => `node ${type} { name: String @key }\n`;
const QUERY = 'query q() {\n  match { $x: Nothing }\n  return { $x.name }\n}\n';

/** Type errors say which catalog was looked at: a query of each type tells. */
const ask = (type: string): string => QUERY.replace('Nothing', type);

async function checkedAgainst(files: Record<string, string>, query: string, folders?: readonly string[]) {
  editor = await openEditor(files, folders === undefined ? {} : { folders });
  const diagnostics = await editor.diagnostics(query);
  return diagnostics.map(({ code }) => code);
}

const cluster = (graphs: string): string => `version: 1\ngraphs:\n${graphs}`;

test.each<[string, Record<string, string>, string, readonly string[]]>([
  [
    'a query folder',
    { 'cluster.yaml': cluster('  g: { schema: s.pg, queries: q/ }'), 's.pg': schema('A'), 'q/a.gq': ask('A') },
    'q/a.gq',
    [],
  ],
  [
    'a query folder without its slash, and dots in the path',
    { 'cluster.yaml': cluster('  g: { schema: ./x/../s.pg, queries: ./q }'), 's.pg': schema('A'), 'q/a.gq': ask('A') },
    'q/a.gq',
    [],
  ],
  [
    'one query file',
    { 'cluster.yaml': cluster('  g: { schema: s/s.pg, queries: a.gq }'), 's/s.pg': schema('A'), 'a.gq': ask('A') },
    'a.gq',
    [],
  ],
  [
    'a list',
    {
      'cluster.yaml': cluster('  g: { schema: s.pg, queries: [q/, r/a.gq] }'),
      's.pg': schema('A'),
      'r/a.gq': ask('A'),
    },
    'r/a.gq',
    [],
  ],
  [
    'a map',
    {
      'cluster.yaml': cluster('  g: { schema: s.pg, queries: { q: { file: r/a.gq } } }'),
      's.pg': schema('A'),
      'r/a.gq': ask('A'),
    },
    'r/a.gq',
    [],
  ],
  [
    'the graph that names it, not the one whose schema is nearer',
    {
      'cluster.yaml': cluster('  g: { schema: a.pg, queries: q/ }\n  h: { schema: q/b.pg, queries: r/ }'),
      'a.pg': schema('A'),
      'q/b.pg': schema('B'),
      'q/a.gq': ask('A'),
    },
    'q/a.gq',
    [],
  ],
  [
    'the first of two graphs',
    {
      'cluster.yaml': cluster('  g: { schema: a.pg, queries: q/ }\n  h: { schema: b.pg, queries: q/ }'),
      'a.pg': schema('A'),
      'b.pg': schema('B'),
      'q/a.gq': ask('B'),
    },
    'q/a.gq',
    ['T1'],
  ],
  [
    'folders within a query folder do not belong to it: the nearest schema counts',
    {
      'cluster.yaml': cluster('  g: { schema: a.pg, queries: q/ }'),
      'a.pg': schema('A'),
      'q/deep/b.pg': schema('B'),
      'q/deep/a.gq': ask('B'),
    },
    'q/deep/a.gq',
    [],
  ],
  [
    'a broken cluster.yaml still owns what it names',
    {
      'cluster.yaml': 'version: 1\nnonsense: true\ngraphs:\n  g: { schema: s/a.pg, queries: q/ }\n  h: {',
      's/a.pg': schema('A'),
      'q/a.gq': ask('A'),
    },
    'q/a.gq',
    [],
  ],
  ['no cluster: the schema beside it', { 'b.pg': schema('A'), 'a.gq': ask('A') }, 'a.gq', []],
  [
    'no cluster: the schema in the nearest folder above',
    { 'x/y/q/a.gq': ask('B'), 'x/b.pg': schema('B'), 'a.pg': schema('A') },
    'x/y/q/a.gq',
    [],
  ],
  [
    'no cluster: schema.pg before others',
    { 'a.gq': ask('B'), 'a.pg': schema('A'), 'schema.pg': schema('B') },
    'a.gq',
    [],
  ],
  [
    'no cluster: of several schemas the first',
    { 'a.gq': ask('A'), 'b.pg': schema('B'), 'a.pg': schema('A') },
    'a.gq',
    [],
  ],
  ['no schema anywhere: only syntax, and one hint', { 'a.gq': ask('A') }, 'a.gq', ['no-schema']],
  ['no schema, a syntax error', { 'a.gq': 'query q() {\n  match { $x: }\n}\n' }, 'a.gq', ['parse-error', 'no-schema']],
  ['no schema, an empty file', { 'a.gq': '\n' }, 'a.gq', []],
  [
    'the schema that the cluster names is missing',
    { 'cluster.yaml': cluster('  g: { schema: gone.pg, queries: a.gq }'), 'a.gq': ask('A'), 'b.pg': schema('A') },
    'a.gq',
    ['no-schema'],
  ],
  ['nothing in the schema can be understood', { 'schema.pg': '???', 'a.gq': ask('A') }, 'a.gq', ['no-schema']],
  [
    'a schema with an error elsewhere is used as far as it goes',
    { 'schema.pg': `${schema('A')}node B { x: }`, 'a.gq': ask('A') },
    'a.gq',
    [],
  ],
])('%s', async (_name, files, query, expected) => {
  expect(await checkedAgainst(files, query)).toEqual(expected);
});

test('two clusters in two workspace folders do not mix', async () => {
  const files = {
    'one/cluster.yaml': cluster('  g: { schema: s.pg, queries: q/ }'),
    'one/s.pg': schema('A'),
    'one/q/a.gq': ask('A'),
    'two/cluster.yaml': cluster('  g: { schema: s.pg, queries: q/ }'),
    'two/s.pg': schema('B'),
    'two/q/a.gq': ask('A'),
  };
  expect(await checkedAgainst(files, 'one/q/a.gq', ['one', 'two'])).toEqual([]);
  expect((await editor.diagnostics('two/q/a.gq')).map(({ code }) => code)).toEqual(['T1']);
});

test('a workspace folder that comes later is read, one that goes is not', async () => {
  const files = { 'two/schema.pg': 'node A {', 'one/a.pg': schema('A') };
  editor = await openEditor(files, { folders: ['one'] });
  await editor.settled();
  expect(editor.published.map(({ uri }) => uri)).toEqual([]);
  const event = {
    added: [{ uri: editor.uri('two'), name: 'two' }],
    removed: [{ uri: editor.uri('one'), name: 'one' }],
  };
  await editor.notify('workspace/didChangeWorkspaceFolders', { event });
  await editor.settled();
  expect(editor.published.map(({ uri }) => uri)).toEqual([editor.uri('two/schema.pg')]);
});

test('a file outside every workspace folder finds the cluster above it', async () => {
  const files = {
    'cluster.yaml': cluster('  g: { schema: s/s.pg, queries: q/ }'),
    's/s.pg': schema('A'),
    'q/a.gq': ask('A'),
    'elsewhere/x.txt': '',
  };
  expect(await checkedAgainst(files, 'q/a.gq', ['elsewhere'])).toEqual([]);
});

test.each<[string, string, string]>([
  ['a name in capitals', 'Große Sammlung/schéma.pg', 'große sammlung/anfrage 1.gq'],
  ['a percent sign', '100%/schema.pg', '100%/a.gq'],
  ['a plus and an at sign', 'a+b@c/schema.pg', 'a+b@c/a.gq'],
])('paths are found whatever they hold: %s', async (_name, schemaPath, queryPath) => {
  const config = JSON.stringify({ version: 1, graphs: { g: { schema: schemaPath, queries: queryPath } } });
  expect(
    await checkedAgainst({ 'cluster.yaml': config, [schemaPath]: schema('A'), [queryPath]: ask('A') }, queryPath),
  ).toEqual([]);
});

test('what a cluster stores is no source: copies in its catalog and graphs are not looked at, however they appear', async () => {
  const stored = {
    '__cluster/resources/query/g/q/aa.gq': ask('Nothing'),
    'graphs/g.omni/schema/bb.pg': 'node Broken {',
  };
  editor = await openEditor({
    'cluster.yaml': cluster('  g: { schema: s.pg, queries: q/ }'),
    's.pg': schema('A'),
    'q/a.gq': ask('A'),
    ...stored,
  });
  await editor.open('s.pg');
  for (const [path, text] of Object.entries(stored)) await editor.write(path, `${text} `);
  await editor.settled();
  const spoken = editor.published.filter(({ uri }) => Object.keys(stored).some((path) => uri === editor.uri(path)));
  expect(spoken).toEqual([]);
  expect(
    await editor.ask<unknown[]>('textDocument/references', 's.pg', {
      position: { line: 0, character: 6 },
      context: { includeDeclaration: false },
    }),
  ).toHaveLength(1);
});
