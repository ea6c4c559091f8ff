/** Above each type: how many queries use it, how often it is mentioned, how many nodes implement it. */
import type { CodeLens, Location, Range } from 'vscode-languageserver';
import type { QueryDocument, SchemaDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { locationOf, rangeOfSpan } from '../positions.js';
import { occurrencesIn, usageIn } from '../symbols/index.js';
import { implementersOf } from './navigation.js';

const SHOW_REFERENCES = 'omnigraph.showReferences';

export const schemaCodeLens: Feature<'schema'> = (context) => ({
  'textDocument/codeLens': async (document, _params, cancel) => {
    if (!context.settings().codeLens.enabled) return null;
    const queries = await context.workspace.queriesOf(document.uri);
    return cancel.isCancellationRequested ? null : lensesOf(document, queries, context);
  },
});

function lensesOf(
  document: SchemaDocument,
  queries: readonly QueryDocument[],
  context: EditorContext,
): readonly CodeLens[] {
  return document.compiled.declarations.flatMap(({ offset, syntax }) => {
    if (syntax === null) return [];
    const range = rangeOfSpan(syntax.name.span, document.lines, offset);
    const lens = (title: string, places: readonly Location[]) => lensAt(document, range, title, places, context);
    if (syntax.kind === 'interface') {
      const nodes = implementersOf(syntax.name.text, document);
      const places = nodes.flatMap((node) => (node.range === undefined ? [] : [locationOf(document.uri, node.range)]));
      return [lens(counted(places.length, 'implementation'), places)];
    }
    const symbol = { kind: 'type', schema: document.uri, entity: syntax.kind, name: syntax.name.text } as const;
    const usage = usageIn(occurrencesIn([document, ...queries], symbol, document.catalog));
    const places = usage.queries.map(({ uri, range: name }) => ({ uri, range: name }));
    return [
      lens(usage.queries.length === 0 ? 'no query uses it' : counted(usage.queries.length, 'query'), places),
      lens(counted(usage.references.length, 'reference'), usage.references),
    ];
  });
}

/** Without places, or for a client that cannot show them, the lens is text. */
function lensAt(
  { uri }: SchemaDocument,
  range: Range,
  title: string,
  places: readonly Location[],
  { client }: EditorContext,
): CodeLens {
  const able = places.length > 0 && client.commands.has(SHOW_REFERENCES);
  const command = able
    ? { title, command: SHOW_REFERENCES, arguments: [uri, range.start, [...places]] }
    : { title, command: '' };
  return { range, command };
}

const counted = (count: number, noun: 'query' | 'reference' | 'implementation'): string =>
  `${count} ${count === 1 ? noun : noun === 'query' ? 'queries' : `${noun}s`}`;
