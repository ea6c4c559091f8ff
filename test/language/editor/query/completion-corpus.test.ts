/**
 * Completion at every token of every corpus query, once with the token taken out of the text and once with everything
 * behind it gone as well: never an error, and where the right word can be known it is among the items.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledQueryDeclaration, compileQueries, createSchemaCompiler } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import type { QueryDocument, SchemaDocument } from '../../../../language/src/editor/documents.js';
import {
  queryCompilation,
  queryDocument,
  schemaDocument,
  sourceText,
} from '../../../../language/src/editor/documents-snapshot.js';
import { completionItems } from '../../../../language/src/editor/query/completion.js';
import { cursorAt } from '../../../../language/src/editor/query/cursor.js';
import type { TokenRole } from '../../../../language/src/editor/query/place.js';
import { isComment, queryTokens } from '../../../../language/src/editor/query/tokens.js';
import { walkQuery } from '../../../../language/src/editor/query/walk.js';
import { CORPUS, hasCorpus } from '../../../support/corpus.js';

const CLIENT = { snippets: true, capabilities: {} };

describe.runIf(hasCorpus)('the corpus', () => {
  test.each(['industry-intel', 'second-brain'])('%s', (cluster) => {
    const schema = schemaOf(cluster);
    const asked = queryTexts(cluster).flatMap((text) =>
      compileQueries(text, schema.catalog).declarations.flatMap((declaration) =>
        askedIn(text.slice(declaration.offset, declaration.offset + declaration.length), declaration, schema),
      ),
    );
    expect(asked.flatMap(({ missed }) => missed)).toEqual([]);
    // So many words can be known: should it fall, the test has lost its eyes.
    expect(asked.filter(({ isKnowable }) => isKnowable).length).toBeGreaterThan(2000);
  });
});

function schemaOf(cluster: string): SchemaDocument {
  const text = readFileSync(join(CORPUS, cluster, 'schema.pg'), 'utf8');
  return schemaDocument(sourceText('file:///schema.pg', 1, text), createSchemaCompiler());
}

const queryTexts = (cluster: string): readonly string[] =>
  readdirSync(join(CORPUS, cluster, 'queries')).map((name) =>
    readFileSync(join(CORPUS, cluster, 'queries', name), 'utf8'),
  );

interface Asked {
  readonly isKnowable: boolean;
  readonly missed: readonly string[];
}

function askedIn(text: string, { symbols }: CompiledQueryDeclaration, schema: SchemaDocument): readonly Asked[] {
  const tokens = queryTokens(text).filter((token) => !isComment(token));
  const { roles } = walkQuery(tokens, text.length);
  const fresh = new Set(
    symbols?.occurrences.flatMap((one) => (one.kind === 'variable' && one.binds ? [one.span.offset] : [])),
  );
  return tokens.flatMap((token, at) => {
    const role = roles[at] ?? 'unknown';
    if (role === 'unknown') return [{ isKnowable: false, missed: [`${text}: ${token.text} has no role`] }];
    const before = text.slice(0, token.offset);
    const behind = text.slice(token.offset + token.text.length);
    return [behind, ''].map((rest): Asked => {
      const labels = labelsAt(`${before}${rest}`, before.length, schema);
      // Against an enum its values are known.
      const isValue = role === 'string' && labels.some((label) => label.length > 2 && label.startsWith('"'));
      const isKnowable = isValue || (KNOWABLE.has(role) && !fresh.has(token.offset) && token.text !== '$_');
      // A parameter is announced by its uses.
      if (!isKnowable || (role === 'parameter' && rest === '')) return { isKnowable: false, missed: [] };
      const word = role === 'edge' ? token.text.toLowerCase() : token.text;
      const found = labels.some((label) => (role === 'edge' ? label.toLowerCase() : label) === word);
      return { isKnowable, missed: found ? [] : [`${before}<|${token.text}|>: ${labels.join(' ')}`] };
    });
  });
}

/** Words that follow from the grammar, the schema or the query; not names that are made up where they stand. */
const KNOWABLE: ReadonlySet<TokenRole> = new Set([
  ...(['keyword', 'type', 'base-type', 'edge', 'property', 'function', 'annotation', 'operator'] as const),
  ...(['literal', 'variable', 'parameter'] as const),
]);

function labelsAt(text: string, offset: number, schema: SchemaDocument): readonly string[] {
  const document: QueryDocument = queryDocument(
    sourceText('file:///q.gq', 1, text),
    { by: 'nearest', uri: schema.uri, document: schema },
    queryCompilation(),
    () => undefined,
  );
  return completionItems(document, cursorAt(document, offset), CLIENT).map(({ label }) => label);
}
