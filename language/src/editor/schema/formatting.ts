/** Formatting a schema: the whole, the declarations a selection touches, the declaration whose brace was just typed. */
import type { TextEdit } from 'vscode-languageserver';
import { type CompiledSchemaDeclaration, formatSchema } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { declarationAt } from './cursor.js';

export const schemaFormatting: Feature<'schema'> = () => ({
  announces: { onTypeTriggers: ['}'] },
  'textDocument/formatting': (document) => smallestEdit(document, 0, document.text, formatSchema(document.text)),
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

/** A declaration on its own; nothing when it has syntax errors, which the formatter leaves alone. */
function formatted(document: SchemaDocument, { offset, length }: CompiledSchemaDeclaration): readonly TextEdit[] {
  const text = document.text.slice(offset, offset + length);
  return smallestEdit(document, offset, text, formatSchema(text).trimEnd());
}

/** One edit without what both texts begin and end with, so that cursors and folds stay. */
function smallestEdit({ lines }: SchemaDocument, base: number, before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const range = rangeOfSpan({ offset: start, length: before.length - end - start }, lines, base);
  return [{ range, newText: after.slice(start, after.length - end) }];
}
