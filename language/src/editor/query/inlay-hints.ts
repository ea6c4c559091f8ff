/** Inlay hints in `.gq`: the types of columns and of variables that a traversal binds, the way a traversal goes. */
import { type InlayHint, InlayHintKind } from 'vscode-languageserver';
import type { CompiledQueryDeclaration } from '../../query/index.js';
import { findEdge } from '../../schema/index.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { describeCardinality } from '../schema/describe.js';
import { returnItems, typeText } from './expression-type.js';
import { traversalsOf } from './traversals.js';

export const queryInlayHints: Feature<'query'> = ({ settings }) => ({
  'textDocument/inlayHint': (document, { range }) => {
    if (!settings().inlayHints.enabled) return null;
    const { lines } = document;
    const [from, to] = [lines.offset(range.start), lines.offset(range.end)];
    return document.compiled.declarations
      .filter(({ offset, length }) => offset <= to && offset + length >= from)
      .flatMap((declaration) => hintsIn(document, declaration));
  },
});

function hintsIn(document: QueryDocument, declaration: CompiledQueryDeclaration): readonly InlayHint[] {
  return [...columnHints(document, declaration), ...traversalHints(document, declaration)];
}

function columnHints(document: QueryDocument, declaration: CompiledQueryDeclaration): readonly InlayHint[] {
  const { catalog, lines } = document;
  return returnItems(declaration.syntax).flatMap(({ expression, alias }): readonly InlayHint[] => {
    const type = alias === null ? undefined : typeText(expression, { declaration, catalog });
    if (alias === null || type === undefined) return [];
    const { end } = rangeOfSpan(alias.span, lines, declaration.offset);
    return [{ position: end, label: `: ${type}`, kind: InlayHintKind.Type }];
  });
}

function traversalHints(document: QueryDocument, declaration: CompiledQueryDeclaration): readonly InlayHint[] {
  const { catalog, lines } = document;
  const bound = new Map(declaration.symbols?.variables.map(({ span, typeName }) => [span.offset, typeName]));
  return traversalsOf(declaration, (word) => findEdge(catalog, word)).flatMap(({ clause, direction }) => {
    const edge = findEdge(catalog, clause.edge.text);
    if (edge === undefined) return [];
    const arrow: InlayHint = {
      position: rangeOfSpan(clause.edge.span, lines, declaration.offset).end,
      label: ARROWS[direction],
      tooltip: {
        kind: 'markdown',
        value: `\`${edge.name}: ${edge.from} -> ${edge.to}\`, from each \`${edge.from}\` ${describeCardinality(edge.cardinality)}. ${WAYS[direction]}`,
      },
      paddingLeft: true,
    };
    const ends = [clause.from, clause.to].flatMap(({ text, span }): readonly InlayHint[] => {
      const type = bound.get(span.offset);
      if (type === undefined || type === null || text === '_') return [];
      const { end } = rangeOfSpan(span, lines, declaration.offset);
      return [{ position: end, label: `: ${type}`, kind: InlayHintKind.Type }];
    });
    return [arrow, ...ends];
  });
}

const ARROWS = { forward: '→', backward: '←', undirected: '↔' } as const;

const WAYS = {
  forward: 'Here it is followed from left to right.',
  backward: 'Here it is followed against its direction.',
  undirected: 'Here it is followed in both directions.',
} as const;
