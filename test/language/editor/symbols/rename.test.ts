import { expect, test } from 'vitest';
import type { TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver';
import { prepareRenameAt, renameAt } from '../../../../language/src/editor/symbols/index.js';
import { edited, openFolder, uriOf } from './fixture.js';
import { FILES } from './garden.js';

type Path = keyof typeof FILES;

async function rename(path: string, context: string, newName: string, files: Readonly<Record<string, string>> = FILES) {
  const { workspace, context: editor } = await openFolder(files);
  const document = workspace.document(uriOf(path));
  if (document === undefined) throw new Error(`${path} is not there`);
  const offset = document.text.indexOf(context.replace('|', '')) + context.indexOf('|');
  const edit = await renameAt(editor, document, document.lines.position(offset), newName);
  return Object.entries(edit?.changes ?? {}).map(([uri, edits]) => {
    const file = uri.slice(uriOf('').length);
    return [file, edited(files[file] ?? '', edits)] as const;
  });
}

/** The lines that a rename changed, by file. */
async function changedLines(path: string, context: string, newName: string, files?: Readonly<Record<string, string>>) {
  const changed = await rename(path, context, newName, files);
  return changed.flatMap(([file, after]) => {
    const before = ((files ?? FILES) as Readonly<Record<string, string>>)[file]?.split('\n') ?? [];
    return after.split('\n').flatMap((line, at) => (line === before[at] ? [] : [`${file}: ${line.trim()}`]));
  });
}

test.each<[Path, string, string, readonly string[]]>([
  [
    'schema.pg',
    'node |Person',
    'Human',
    [
      'schema.pg: node Human @rename_from("Person") implements Named {',
      'schema.pg: edge WorksAt: Human -> Company @card(0..1) {',
      'people.gq: match { $p: Human { slug: $slug, role: "lead" } }',
      'writes.gq: insert Human { slug: $slug, name: $name, role: "member" }',
    ],
  ],
  [
    'people.gq',
    '$p works|At',
    'EmployedBy',
    [
      'schema.pg: edge EmployedBy: Person -> Company @card(0..1) @rename_from("WorksAt") {',
      'people.gq: $p employedBy $c',
      'writes.gq: insert EmployedBy { from: $who, to: $where, since: date("2026-01-01") }',
      'writes.gq: delete EmployedBy where from = $who',
    ],
  ],
  [
    'schema.pg',
    'edge |WorksAt',
    'Worksat',
    [
      'schema.pg: edge Worksat: Person -> Company @card(0..1) @rename_from("WorksAt") {',
      'people.gq: $p worksat $c',
      'writes.gq: insert Worksat { from: $who, to: $where, since: date("2026-01-01") }',
      'writes.gq: delete Worksat where from = $who',
    ],
  ],
  [
    'people.gq',
    '$p.|name',
    'title',
    [
      'schema.pg: title: String @rename_from("name") @index',
      'schema.pg: title: String @rename_from("name")',
      'people.gq: return { $p.title, $p.nick }',
      'people.gq: $c: Company { title: $name }',
      'people.gq: return { $p.slug, $c.title }',
      'writes.gq: insert Person { slug: $slug, title: $name, role: "member" }',
    ],
  ],
  [
    'schema.pg',
    '|nick: String?',
    'alias',
    [
      'schema.pg: alias: String? @rename_from("nick")',
      'schema.pg: vec: Vector(2)? @embed(alias)',
      'schema.pg: @unique(alias)',
      'people.gq: return { $p.name, $p.alias }',
    ],
  ],
  [
    'schema.pg',
    'interface |Named',
    'Titled',
    [
      'schema.pg: interface Titled {',
      'schema.pg: node Person implements Titled {',
      'schema.pg: node Company implements Titled {',
    ],
  ],
  [
    'people.gq',
    'query |team',
    'staff',
    ['people.gq: query staff($name: String) {', 'cluster.yaml: staff: { file: people.gq }'],
  ],
  [
    'cluster.yaml',
    '|hire:',
    'employ',
    ['writes.gq: query employ($who: String, $where: String) {', 'cluster.yaml: employ: { file: writes.gq }'],
  ],
])('renames in %s at %s to %s', async (path, context, newName, lines) => {
  expect(await changedLines(path, context, newName)).toEqual(lines);
});

test.each<[Path, string, string, string]>([
  ['schema.pg', 'node |Person', 'person', 'no type name'],
  ['schema.pg', 'node |Person', 'Company', "there is a node 'Company' already"],
  ['schema.pg', 'interface |Named', 'Na med', 'no type name'],
  ['schema.pg', '|nick: String?', 'slug', "node 'Person' has a property 'slug' already"],
  ['schema.pg', '|name: String @index', 'slug', "node 'Person' has a property 'slug' already"],
  ['schema.pg', '|nick: String?', 'id', 'reserved'],
  ['schema.pg', '|nick: String?', 'Nick', 'no property name'],
  ['schema.pg', '|nick: String?', 'true', 'literal'],
  ['schema.pg', '|since: Date?', 'from', 'endpoint'],
  ['schema.pg', 'enum(|lead', 'head', 'enum value'],
  ['people.gq', 'query |team', 'find_person', "a query 'find_person' already"],
  ['people.gq', 'query |team', 'hire', "a query 'hire' already"],
  ['people.gq', 'query |team', 'Team', 'no query name'],
  ['cluster.yaml', '[|hr]', 'people', 'cluster.yaml'],
])('refuses in %s at %s the name %s', async (path, context, newName, reason) => {
  await expect(rename(path, context, newName)).rejects.toThrow(reason);
});

test('edges that differ in case alone collide', async () => {
  const files = { 'schema.pg': 'node A {}\nedge Likes: A -> A\nedge Knows: A -> A\n' };
  await expect(rename('schema.pg', 'edge |Knows', 'LIKES', files)).rejects.toThrow('upper and lower case');
});

test('a declaration that has a hint keeps it: what is stored has the older name', async () => {
  const files = { 'schema.pg': 'node B @rename_from("A") {\n    y: I32 @rename_from("x")\n}\n' };
  expect(await changedLines('schema.pg', 'node |B', 'C', files)).toEqual(['schema.pg: node C @rename_from("A") {']);
  expect(await changedLines('schema.pg', '|y:', 'z', files)).toEqual(['schema.pg: z: I32 @rename_from("x")']);
});

test.each<[Path, string, string | null]>([
  ['schema.pg', 'node Per|son', 'Person'],
  ['people.gq', '$p works|At', 'WorksAt'],
  ['people.gq', '$p.na|me', 'name'],
  ['schema.pg', '@uni|que', null],
  ['schema.pg', ': Str|ing', null],
  ['people.gq', '$sl|ug', null],
])('prepares in %s at %s the name %s', async (path, context, placeholder) => {
  const { workspace } = await openFolder(FILES);
  const document = workspace.document(uriOf(path));
  if (document === undefined) throw new Error(`${path} is not there`);
  const offset = document.text.indexOf(context.replace('|', '')) + context.indexOf('|');
  expect(prepareRenameAt(document, document.lines.position(offset))?.placeholder ?? null).toBe(placeholder);
});

test('with document changes, edits carry versions, and the hint can be declined', async () => {
  const { workspace, context } = await openFolder(FILES, { documentChanges: true, changeAnnotations: true });
  const document = workspace.document(uriOf('schema.pg'));
  if (document === undefined) throw new Error('schema.pg is not there');
  const position = document.lines.position(document.text.indexOf('nick'));
  const edit: WorkspaceEdit | null = await renameAt(context, document, position, 'alias');
  const edits = (edit?.documentChanges ?? []) as readonly TextDocumentEdit[];
  expect(edits.map(({ textDocument }) => [textDocument.uri, textDocument.version])).toEqual([
    [uriOf('schema.pg'), 1],
    [uriOf('people.gq'), 1],
  ]);
  const hints = edits.flatMap((one) => one.edits).filter((one) => 'annotationId' in one);
  expect(hints.map(({ newText }) => newText)).toEqual([' @rename_from("nick")']);
  expect(Object.keys(edit?.changeAnnotations ?? {})).toEqual(['keep-data']);
});
