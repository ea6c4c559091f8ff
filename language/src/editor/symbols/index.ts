/**
 * Names that several files share: where they are declared and mentioned, renaming them, who uses them. Features of a
 * document kind ask here for everything that leaves their own file.
 */
export { acceptedSchema, acceptedTypeOf, droppedProperties, droppedTypes } from './accepted.js';
export { type Mention, type Mentions, mentionAt, mentionsInQuery, mentionsInSchema } from './mentions.js';
export {
  definitionsOf,
  type Occurrence,
  occurrencesIn,
  occurrencesOf,
  type SymbolAt,
  schemaUriOf,
  symbolAt,
} from './occurrences.js';
export { definitionsAt, locationOfOccurrence, referencesAt } from './references.js';
export { prepareRenameAt, renameAt, renameSymbol } from './rename.js';
export { displaySymbol, type EditorSymbol, type PropertyName, propertyFamily, type SchemaSymbol } from './symbol.js';
export { describeUsage, type QueryUse, type Usage, usageIn, usageOf } from './usage.js';
export { isSubsequence, TYPE_KINDS, workspaceSymbols } from './workspace-symbols.js';
