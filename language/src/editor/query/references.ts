/** References, highlights and linked editing: local names inside their declaration, shared ones across files. */
import { type DocumentHighlight, DocumentHighlightKind } from 'vscode-languageserver';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { occurrencesIn, referencesAt, symbolAt } from '../symbols/index.js';
import { bareSpan, introduces, isLocal, nameAt, placesOf } from './name-at.js';

export const queryReferences: Feature<'query'> = (context) => ({
  'textDocument/references': (document, params) => {
    const found = nameAt(document, offsetOf(params.position, document.lines));
    if (found === undefined || !isLocal(found.occurrence)) return referencesAt(context, document, params);
    return placesOf(found.declaration, found.occurrence)
      .filter((one) => params.context.includeDeclaration || !introduces(one))
      .map(({ span }) => ({ uri: document.uri, range: rangeOfSpan(span, document.lines, found.declaration.offset) }));
  },
  'textDocument/documentHighlight': (document, { position }) =>
    highlights(document, offsetOf(position, document.lines)),
  /** Typing in one place of a variable or parameter changes the others with it. */
  'textDocument/linkedEditingRange': (document, { position }) => {
    const found = nameAt(document, offsetOf(position, document.lines));
    if (found === undefined || !isLocal(found.occurrence) || found.occurrence.kind === 'alias') return null;
    const ranges = placesOf(found.declaration, found.occurrence).map((one) =>
      rangeOfSpan(bareSpan(one), document.lines, found.declaration.offset),
    );
    return { ranges, wordPattern: '[a-z_][A-Za-z0-9_]*' };
  },
});

function highlights(document: QueryDocument, offset: number): readonly DocumentHighlight[] | null {
  const found = nameAt(document, offset);
  if (found !== undefined && isLocal(found.occurrence)) {
    return placesOf(found.declaration, found.occurrence).map((one) => ({
      range: rangeOfSpan(one.span, document.lines, found.declaration.offset),
      kind: introduces(one) ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
  }
  const shared = symbolAt(document, offset);
  if (shared === undefined) return null;
  const { symbol } = shared;
  if (symbol.kind === 'query' || symbol.kind === 'graph')
    return [{ range: shared.range, kind: DocumentHighlightKind.Write }];
  return occurrencesIn([document], symbol, document.catalog).map(({ range }) => ({
    range,
    kind: DocumentHighlightKind.Read,
  }));
}
