/** Find references and definitions across all files of a cluster, for every kind of document that mentions a symbol. */
import type { Location, Position, ReferenceParams } from 'vscode-languageserver';
import type { EditorDocument } from '../documents.js';
import type { EditorContext } from '../feature.js';
import { offsetOf } from '../positions.js';
import { definitionsOf, type Occurrence, occurrencesOf, symbolAt } from './occurrences.js';

/** Every mention of the symbol at a cursor; `null` when there is none that other files know. */
export async function referencesAt(
  { workspace }: EditorContext,
  document: EditorDocument,
  { position, context: { includeDeclaration } }: ReferenceParams,
): Promise<readonly Location[] | null> {
  const found = symbolAt(document, offsetOf(position, document.lines));
  if (found === undefined) return null;
  const occurrences = await occurrencesOf(found.symbol, workspace);
  return occurrences.filter(({ declares }) => includeDeclaration || !declares).map(locationOfOccurrence);
}

/** Where the symbol at a cursor is declared. */
export async function definitionsAt(
  { workspace }: EditorContext,
  document: EditorDocument,
  position: Position,
): Promise<readonly Location[] | null> {
  const found = symbolAt(document, offsetOf(position, document.lines));
  return found === undefined ? null : (await definitionsOf(found.symbol, workspace)).map(locationOfOccurrence);
}

export const locationOfOccurrence = ({ uri, range }: Occurrence): Location => ({ uri, range });
