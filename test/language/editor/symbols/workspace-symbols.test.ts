import { expect, test } from 'vitest';
import { CancellationToken } from 'vscode-languageserver';
import { describeUsage, usageOf, workspaceSymbols } from '../../../../language/src/editor/symbols/index.js';
import { openFolder, uriOf } from './fixture.js';
import { FILES } from './garden.js';

async function symbolsFor(query: string) {
  const { context } = await openFolder(FILES);
  const found = await workspaceSymbols(context)['workspace/symbol']?.({ query }, CancellationToken.None);
  return (found ?? []).map(({ name, containerName }) =>
    containerName === undefined ? name : `${containerName}.${name}`,
  );
}

test.each<[string, readonly string[]]>([
  ['person', ['Person', 'find_person']],
  ['PRSN', ['Person', 'find_person']],
  ['worksat', ['WorksAt']],
  ['nick', ['Person.nick']],
  ['hr', ['hire', 'hr']],
  ['no such name', []],
])('workspace symbols for %s', async (query, names) => {
  expect([...(await symbolsFor(query))].sort()).toEqual([...names].sort());
});

test('an empty query lists everything', async () => {
  expect((await symbolsFor('')).length).toBe(18);
});

test.each([
  ['Person', 'Used in queries `find_person`, `add`.'],
  ['Company', 'Used in query `team`.'],
])('usage of node %s', async (name, text) => {
  const { context } = await openFolder(FILES);
  const symbol = { kind: 'type', schema: uriOf('schema.pg'), entity: 'node', name } as const;
  expect(describeUsage(await usageOf(symbol, context))).toBe(text);
});
