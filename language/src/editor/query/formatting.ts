/** Formatting `.gq`: the whole, the declarations a selection touches, the declaration whose brace was just typed. */
import type { TextEdit } from 'vscode-languageserver';
import { type CompiledQueryDeclaration, formatQueries } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { declarationAt } from './cursor.js';

export const queryFormatting: Feature<'query'> = () => ({
  announces: { onTypeTriggers: ['}'] },
  'textDocument/formatting': (document) => {
    const whole = formatQueries(document.text);
    // A syntax error keeps the text as a whole as it is; the declarations beside it can be formatted all the same.
    if (whole !== document.text || !isBroken(document)) return smallestEdit(document, 0, document.text, whole);
    return document.compiled.declarations.flatMap((declaration) => formatted(document, declaration));
  },
  'textDocument/rangeFormatting': (document, { range }) => {
    const [from, to] = [offsetOf(range.start, document.lines), offsetOf(range.end, document.lines)];
    return document.compiled.declarations
      .filter(({ offset, length }) => offset <= to && offset + length >= from)
      .flatMap((declaration) => formatted(document, declaration));
  },
  'textDocument/onTypeFormatting': (document, { position }) => {
    const offset = offsetOf(position, document.lines);
    const declaration = declarationAt(document, offset);
    const closed = declaration !== undefined && declaration.offset + declaration.length === offset;
    return closed ? formatted(document, declaration) : [];
  },
});

const isBroken = ({ compiled }: QueryDocument): boolean => compiled.diagnostics.some(({ stage }) => stage === 'P');

/** A declaration on its own; nothing when it has a syntax error. */
function formatted(document: QueryDocument, { offset, length }: CompiledQueryDeclaration): readonly TextEdit[] {
  const text = document.text.slice(offset, offset + length);
  return smallestEdit(document, offset, text, formatQueries(text).trimEnd());
}

/** One edit without what both texts begin and end with, so that cursors and folds stay. */
function smallestEdit({ lines }: QueryDocument, base: number, before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const range = rangeOfSpan({ offset: start, length: before.length - end - start }, lines, base);
  return [{ range, newText: after.slice(start, after.length - end) }];
}
