/** Where the parts of a parser's tree stand. Every answer may be missing: error recovery leaves holes. */
import { type AstNode, GrammarUtils } from 'langium';
import type { Span, Word } from '../lexis/index.js';

export const spanOf = (node: AstNode): Span => {
  const place = node.$cstNode;
  return { offset: place?.offset ?? 0, length: Math.max(1, place?.length ?? 0) };
};

/** The place of the first token assigned to `property`. */
export function partSpan(node: AstNode, property: string): Span | undefined {
  const place = GrammarUtils.findNodeForProperty(node.$cstNode, property);
  return place === undefined ? undefined : { offset: place.offset, length: place.length };
}

/** The text assigned to `property`, as written. */
export function wordOf(node: AstNode, property: string): Word | undefined {
  const place = GrammarUtils.findNodeForProperty(node.$cstNode, property);
  // A token that recovery invented has no text.
  if (place === undefined || place.length === 0) return undefined;
  return { text: place.text, span: { offset: place.offset, length: place.length } };
}

/** As `wordOf`, without the `$`; the span keeps it. */
export function variableOf(node: AstNode, property: string): Word | undefined {
  const word = wordOf(node, property);
  return word === undefined ? undefined : { text: word.text.slice(1), span: word.span };
}
