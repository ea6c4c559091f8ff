import { compileQueries, compileSchema, formatQueries } from 'omnigraph-language';
import { expect, test } from 'vitest';

const { catalog } = compileSchema('node Plant { code: String @key }');

test('one byte-order mark at the start is no part of the text, and places count it', () => {
  if (catalog === undefined) throw new Error('the schema does not compile');
  const text = '\uFEFFquery q() { match { $p: Plnt } return { $p.code } }\n';
  const { queries, diagnostics } = compileQueries(text, catalog);
  expect(queries.map(({ name }) => name)).toEqual(['q']);
  expect(diagnostics.map(({ code, range }) => [code, range?.offset])).toContainEqual(['T1', text.indexOf('Plnt')]);
  expect(formatQueries(formatQueries(text))).toBe(formatQueries(text));
});
