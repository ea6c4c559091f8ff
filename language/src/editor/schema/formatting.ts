/** Formatting a schema: the whole, the declarations a selection touches, the declaration whose brace was just typed. */
import { formatSchema } from '../../schema/index.js';
import type { Feature } from '../feature.js';
import { formattingOfParts, smallestEdit } from '../formatting.js';

export const schemaFormatting: Feature<'schema'> = () => ({
  ...formattingOfParts(formatSchema),
  'textDocument/formatting': (document) => smallestEdit(document, 0, document.text, formatSchema(document.text)),
});
