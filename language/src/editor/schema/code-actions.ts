/** Code actions of a schema: fixes of its diagnostics, changes at the cursor, and all sure fixes at once. */
import { CODE_ACTION_KINDS, codeActions } from '../code-actions.js';
import type { Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { acceptedSchema } from '../symbols/index.js';
import { fixesOf } from './fixes.js';
import { refactoringsAt } from './refactorings.js';

export const schemaCodeActions: Feature<'schema'> = (context) => ({
  announces: { codeActionKinds: CODE_ACTION_KINDS },
  'textDocument/codeAction': (document, params) =>
    codeActions(document, params, {
      fixesOf: (diagnostic) => fixesOf(diagnostic, document),
      refactoringsAt: (offset) => refactoringsAt(document, offset, acceptedSchema(document.uri, context)),
      edit: (changes) => ({
        changes: {
          [document.uri]: changes.map((change) => ({
            range: rangeOfSpan(change, document.lines),
            newText: change.text,
          })),
        },
      }),
    }),
});
