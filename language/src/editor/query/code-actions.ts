/** Code actions of a query: fixes of its diagnostics, changes at the cursor, and all sure fixes at once. */
import { CODE_ACTION_KINDS, codeActions } from '../code-actions.js';
import type { Feature } from '../feature.js';
import { workspaceEdit } from './changes.js';
import { fixesOf } from './fixes.js';
import { refactoringsAt } from './refactorings.js';

export const queryCodeActions: Feature<'query'> = ({ workspace }) => ({
  announces: { codeActionKinds: CODE_ACTION_KINDS },
  'textDocument/codeAction': (document, params) => {
    const schema = workspace.schemaOf(document);
    return codeActions(document, params, {
      fixesOf: (diagnostic) => fixesOf(diagnostic, document, schema),
      refactoringsAt: (offset) => refactoringsAt(document, offset),
      edit: workspaceEdit,
    });
  },
});
