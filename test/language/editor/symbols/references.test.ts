import { expect, test } from 'vitest';
import { definitionsAt, referencesAt, symbolAt } from '../../../../language/src/editor/symbols/index.js';
import { openFolder, uriOf } from './fixture.js';
import { FILES } from './garden.js';

type Path = keyof typeof FILES;

/** `file:line:column` of every place, for the word that follows the marked context in a file. */
async function placesOf(path: Path, context: string, what: 'references' | 'declarations') {
  const { workspace, context: editor } = await openFolder(FILES);
  const document = workspace.document(uriOf(path));
  if (document === undefined) throw new Error(`${path} is not there`);
  const at = context.indexOf('|');
  const offset = document.text.indexOf(context.replace('|', '')) + at;
  const position = document.lines.position(offset);
  const found =
    what === 'references'
      ? await referencesAt(editor, document, {
          textDocument: { uri: document.uri },
          position,
          context: { includeDeclaration: true },
        })
      : await definitionsAt(editor, document, position);
  return found?.map(
    ({ uri, range: { start } }) => `${uri.slice(uriOf('').length)}:${start.line + 1}:${start.character}`,
  );
}

const PERSON = ['schema.pg:5:5', 'schema.pg:18:14', 'people.gq:2:16', 'writes.gq:6:11'];
const NAME = [
  ...['schema.pg:2:4', 'schema.pg:15:4'],
  ...['people.gq:3:16', 'people.gq:8:22', 'people.gq:11:25', 'writes.gq:6:33'],
];
const WORKS_AT = ['schema.pg:18:5', 'people.gq:9:11', 'writes.gq:2:11', 'writes.gq:10:11'];

test.each<[Path, string, readonly string[]]>([
  ['schema.pg', 'node |Person', PERSON],
  ['schema.pg', ': Per|son ->', PERSON],
  ['people.gq', '$p: Person| {', PERSON],
  ['writes.gq', 'insert |Person', PERSON],
  ['schema.pg', '|name: String @index', NAME],
  ['people.gq', '$p.|name', NAME],
  ['people.gq', '$c.name|', NAME],
  [
    'schema.pg',
    '|slug: String @key\n    role',
    ['schema.pg:6:4', 'people.gq:2:25', 'people.gq:11:16', 'writes.gq:6:20'],
  ],
  ['schema.pg', '@embed(|nick)', ['schema.pg:8:4', 'schema.pg:9:27', 'schema.pg:10:12', 'people.gq:3:25']],
  ['schema.pg', '(src, |since)', ['schema.pg:19:4', 'schema.pg:20:17', 'writes.gq:2:45']],
  ['schema.pg', 'edge |WorksAt', WORKS_AT],
  ['people.gq', 'works|At', WORKS_AT],
  ['schema.pg', 'implements |Named', ['schema.pg:1:10', 'schema.pg:5:23', 'schema.pg:13:24']],
  ['schema.pg', 'enum(|lead', ['schema.pg:7:15', 'people.gq:2:45']],
  ['people.gq', '"le|ad"', ['schema.pg:7:15', 'people.gq:2:45']],
  ['writes.gq', '"|member"', ['schema.pg:7:21', 'writes.gq:6:53']],
  ['people.gq', 'query |find_person', ['people.gq:1:6', 'cluster.yaml:8:6']],
  ['cluster.yaml', 'te|am:', ['people.gq:6:6', 'cluster.yaml:9:6']],
  ['cluster.yaml', '[h|r]', ['cluster.yaml:5:2', 'cluster.yaml:14:17']],
])('references in %s of %s', async (path, context, places) => {
  expect(await placesOf(path, context, 'references')).toEqual(places);
});

test.each<[Path, string, readonly string[] | undefined]>([
  ['people.gq', '$p: |Person', ['schema.pg:5:5']],
  ['people.gq', '$p.|name', ['schema.pg:2:4']],
  ['people.gq', '$c.|name', ['schema.pg:15:4']],
  ['people.gq', '$p |worksAt', ['schema.pg:18:5']],
  ['writes.gq', '|since:', ['schema.pg:19:4']],
  ['cluster.yaml', '|hire:', ['writes.gq:1:6']],
  ['cluster.yaml', '[|hr]', ['cluster.yaml:5:2']],
  ['people.gq', '$|slug: String', undefined],
  ['schema.pg', '@unique(|src', undefined],
])('definition in %s of %s', async (path, context, places) => {
  expect(await placesOf(path, context, 'declarations')).toEqual(places);
});

test('a name that no other file knows is no symbol', async () => {
  const { workspace } = await openFolder(FILES);
  const document = workspace.document(uriOf('writes.gq'));
  if (document === undefined) throw new Error('writes.gq is not there');
  expect(symbolAt(document, document.text.indexOf('from:'))).toBeUndefined();
});
