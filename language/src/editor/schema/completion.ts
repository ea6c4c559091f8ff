/**
 * Completion in `.pg`: what may stand at the cursor, and of that what fits. Ranked in the order of the list. Works on
 * whatever text there is: places come from the tokens before the cursor, names from the catalog, which is as complete as
 * the text allows.
 */
import type { CompletionItem } from 'vscode-languageserver';
import type { Catalog } from '../../schema/index.js';
import { completionItem } from '../choice.js';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { acceptedSchema } from '../symbols/index.js';
import { choicesAt } from './choices.js';
import { cursorAt } from './cursor.js';
import { oldNames } from './old-names.js';

export const schemaCompletion: Feature<'schema'> = (context) => ({
  announces: { completionTriggers: ['@', ':', '(', ',', '[', '"', '>'] },
  'textDocument/completion': (document, { position }) => ({
    isIncomplete: false,
    items: completionsAt(document, offsetOf(position, document.lines), context.client, () =>
      acceptedSchema(document.uri, context),
    ),
  }),
});

/** Never throws on any text. `accepted` is asked only where old names may stand. */
export function completionsAt(
  document: SchemaDocument,
  offset: number,
  client: { readonly snippets: boolean },
  accepted: () => Catalog | undefined = () => undefined,
): CompletionItem[] {
  const cursor = cursorAt(document, offset);
  const { prefix } = cursor;
  const range = rangeOfSpan({ offset: prefix.offset, length: offset - prefix.offset }, document.lines);
  const choices = choicesAt(cursor, document.catalog) ?? oldNames(cursor, document, accepted());
  return choices.map((choice, rank) =>
    // What is asked again fits the snippet's first place only.
    completionItem(
      { ...choice, retrigger: client.snippets && choice.retrigger === true },
      rank,
      (newText) => ({ range, newText }),
      client.snippets,
    ),
  );
}
