/** What an editor can do in a `.gq` file. */
import type { Feature } from '../feature.js';
import { queryCodeActions } from './code-actions.js';
import { queryCodeLens } from './code-lens.js';
import { queryCompletion } from './completion.js';
import { queryDefinition } from './definition.js';
import { queryDocumentSymbols } from './document-symbols.js';
import { queryFormatting } from './formatting.js';
import { queryHover } from './hover.js';
import { queryInlayHints } from './inlay-hints.js';
import { queryFolding, querySelection } from './ranges.js';
import { queryReferences } from './references.js';
import { queryRename } from './rename.js';
import { querySemanticTokens } from './semantic-tokens.js';
import { querySignatureHelp } from './signature-help.js';

export const queryFeatures: readonly Feature<'query'>[] = [
  queryCompletion,
  queryHover,
  querySignatureHelp,
  queryDefinition,
  queryReferences,
  queryRename,
  queryDocumentSymbols,
  queryFolding,
  querySelection,
  querySemanticTokens,
  queryFormatting,
  queryCodeActions,
  queryInlayHints,
  queryCodeLens,
];
