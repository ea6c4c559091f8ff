/** Formatting `.gq`: the whole, the declarations a selection touches, the declaration whose brace was just typed. */
import { formatQueries } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { formattedDeclaration, formattingOfParts, smallestEdit } from '../formatting.js';

export const queryFormatting: Feature<'query'> = () => ({
  ...formattingOfParts(formatQueries),
  'textDocument/formatting': (document) => {
    const whole = formatQueries(document.text);
    // A syntax error keeps the text as a whole as it is; the declarations beside it can be formatted all the same.
    if (whole !== document.text || !isBroken(document)) return smallestEdit(document, 0, document.text, whole);
    return document.compiled.declarations.flatMap((each) => formattedDeclaration(document, each, formatQueries));
  },
});

const isBroken = ({ compiled }: QueryDocument): boolean => compiled.diagnostics.some(({ stage }) => stage === 'P');
