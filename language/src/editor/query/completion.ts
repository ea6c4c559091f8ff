/**
 * Completion in `.gq`: what may stand at the cursor, and of that what fits, ranked in the order of the list. Works on
 * whatever text there is: places come from the tokens before the cursor, meanings from the compiler.
 */
import type { CompletionItem } from 'vscode-languageserver';
import { completionItem } from '../choice.js';
import type { QueryDocument } from '../documents.js';
import type { ClientFacts, Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { choicesAt } from './choices.js';
import { type Cursor, cursorAt } from './cursor.js';
import { scopeAt } from './scope.js';

export const queryCompletion: Feature<'query'> = ({ client }) => ({
  announces: { completionTriggers: ['$', '.', ':', '@', '"', '(', '{', ',', '<', ' '] },
  'textDocument/completion': (document, { position, context }) => {
    const offset = offsetOf(position, document.lines);
    const cursor = cursorAt(document, offset);
    if (context?.triggerCharacter === ' ' && !asksAfterBlank(cursor)) return null;
    return { isIncomplete: false, items: completionItems(document, cursor, client) };
  },
});

/** Never throws on any text. */
export function completionItems(
  document: QueryDocument,
  cursor: Cursor,
  client: Pick<ClientFacts, 'snippets' | 'capabilities'>,
): CompletionItem[] {
  if (cursor.inside === 'comment') return [];
  const scope = scopeAt(cursor, document.catalog);
  const replace = replacement(document, cursor, client);
  return choicesAt({ document, cursor, scope }).map((choice, rank) =>
    completionItem(choice, rank, replace, client.snippets),
  );
}

/** A blank is typed everywhere; behind a variable, an edge or an operator there is something to say. */
function asksAfterBlank({ walk: { place }, inside }: Cursor): boolean {
  if (inside !== 'code') return false;
  return place.at === 'after-variable' || place.at === 'target' || place.at === 'operator' || place.at === 'type';
}

type Replacement = (newText: string) => NonNullable<CompletionItem['textEdit']>;

function replacement(
  { lines }: QueryDocument,
  { word, offset, inside }: Cursor,
  { capabilities }: Pick<ClientFacts, 'capabilities'>,
): Replacement {
  // Inside quotes the quotes stay.
  const quoted = inside === 'string';
  const start = word.offset + (quoted ? 1 : 0);
  const end = quoted ? offset : word.end;
  const insert = rangeOfSpan({ offset: start, length: offset - start }, lines);
  const replace = rangeOfSpan({ offset: start, length: Math.max(end, offset) - start }, lines);
  const both = capabilities.textDocument?.completion?.completionItem?.insertReplaceSupport === true;
  return (newText) => (both ? { newText, insert, replace } : { newText, range: insert });
}
