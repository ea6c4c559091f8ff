/** What an editor can do in a `.pg` file. */
import type { Feature } from '../feature.js';
import { schemaCodeActions } from './code-actions.js';
import { schemaCodeLens } from './code-lens.js';
import { schemaCompletion } from './completion.js';
import { schemaDocumentSymbols } from './document-symbols.js';
import { schemaFormatting } from './formatting.js';
import { schemaHighlight, schemaLinkedEditing } from './highlight.js';
import { schemaHover } from './hover.js';
import { schemaInlayHints } from './inlay-hints.js';
import { schemaDefinition, schemaReferences, schemaRename } from './navigation.js';
import { schemaFolding, schemaSelection } from './ranges.js';
import { schemaSemanticTokens } from './semantic-tokens.js';
import { schemaSignatureHelp } from './signature-help.js';

export { describeProperty, describeType } from './describe.js';
export { describeSymbol } from './hover.js';

export const schemaFeatures: readonly Feature<'schema'>[] = [
  schemaCompletion,
  schemaHover,
  schemaSignatureHelp,
  schemaDefinition,
  schemaReferences,
  schemaRename,
  schemaHighlight,
  schemaLinkedEditing,
  schemaDocumentSymbols,
  schemaFolding,
  schemaSelection,
  schemaSemanticTokens,
  schemaFormatting,
  schemaCodeActions,
  schemaInlayHints,
  schemaCodeLens,
];
