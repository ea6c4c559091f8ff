/** Lenses over every query: run it, and what it touches in the schema. */
import type { CodeLens, Location } from 'vscode-languageserver';
import { type CompiledQueryDeclaration, describeQuery } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { locationOf, rangeOfSpan } from '../positions.js';
import { schemaUriOf } from '../symbols/index.js';

const RUN_QUERY = 'omnigraph.runQuery';
const SHOW_REFERENCES = 'omnigraph.showReferences';

export const queryCodeLens: Feature<'query'> = (context) => ({
  'textDocument/codeLens': (document) => {
    if (!context.settings().codeLens.enabled) return null;
    return document.compiled.declarations.flatMap((declaration) => [
      ...runLens(document, declaration, context),
      ...typesLens(document, declaration, context),
    ]);
  },
});

/** Only for a client that runs queries. Arguments: the document, the query's name, its descriptor. */
function runLens(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
  { client }: EditorContext,
): readonly CodeLens[] {
  const { query, syntax } = declaration;
  if (query?.plan === undefined || syntax === undefined || !client.commands.has(RUN_QUERY)) return [];
  const descriptor = describeQuery(query);
  const title = descriptor.mutation ? '$(warning) Run mutation' : '$(play) Run query';
  const range = rangeOfSpan(syntax.name.span, document.lines, declaration.offset);
  return [{ range, command: { title, command: RUN_QUERY, arguments: [document.uri, descriptor.name, descriptor] } }];
}

/** The types a query depends on: change one, and the query is checked again. */
function typesLens(
  document: QueryDocument,
  { offset, syntax, query }: CompiledQueryDeclaration,
  { client }: EditorContext,
): readonly CodeLens[] {
  if (syntax === undefined || query === undefined) return [];
  const { catalog } = document;
  const types = query.touched.flatMap((name) => catalog.nodes.get(name) ?? catalog.edges.get(name) ?? []);
  if (types.length === 0) return [];
  const schema = schemaUriOf(document);
  const places = types.flatMap(({ range }): readonly Location[] =>
    range === undefined || schema === undefined ? [] : [locationOf(schema, range)],
  );
  const verb = syntax.body.kind === 'mutation' ? 'writes or reads' : 'reads';
  const names = types.map(({ name }) => name);
  const shown = names.length > MOST_NAMED ? `${names.length} types` : names.join(', ');
  const title = `${verb} ${shown}`;
  const range = rangeOfSpan(syntax.name.span, document.lines, offset);
  const able = places.length > 0 && client.commands.has(SHOW_REFERENCES);
  const command = able
    ? { title, command: SHOW_REFERENCES, arguments: [document.uri, range.start, places] }
    : { title, command: '' };
  return [{ range, command }];
}

const MOST_NAMED = 3;
