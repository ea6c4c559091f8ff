/** Every mention of a name in its own file, and the mentions of a property that change together while one types. */
import { DocumentHighlightKind } from 'vscode-languageserver';
import { declarationAt } from '../declarations.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan, touches } from '../positions.js';
import { mentionAt, mentionsInSchema, occurrencesIn, symbolAt } from '../symbols/index.js';

export const schemaHighlight: Feature<'schema'> = () => ({
  'textDocument/documentHighlight': (document, { position }) => {
    const symbol = symbolAt(document, offsetOf(position, document.lines))?.symbol;
    if (symbol === undefined || symbol.kind === 'query' || symbol.kind === 'graph') return null;
    return occurrencesIn([document], symbol, document.catalog).map(({ range, declares }) => ({
      range,
      kind: declares ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
  },
});

/** A property and its mentions in the constraints and embeddings of the same declaration. */
export const schemaLinkedEditing: Feature<'schema'> = () => ({
  'textDocument/linkedEditingRange': (document, { position }) => {
    const offset = offsetOf(position, document.lines);
    const declaration = declarationAt(document, offset);
    if (declaration === undefined || declaration.syntax === null) return null;
    const mentions = mentionsInSchema(declaration.syntax);
    const found = mentionAt(mentions, offset - declaration.offset);
    if (found?.symbol.kind !== 'property') return null;
    const linked = mentions.byKey.get(found.key) ?? [];
    const declared = linked.some(({ declares }) => declares);
    if (!declared || linked.length < 2 || !linked.some(({ span }) => touches(span, offset - declaration.offset))) {
      return null;
    }
    const ranges = linked.map(({ span }) => rangeOfSpan(span, document.lines, declaration.offset));
    return { ranges, wordPattern: '[a-z_][A-Za-z0-9_]*' };
  },
});
