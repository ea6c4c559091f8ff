/** What `@rename_from` may name: what the accepted schema has and this one has no more. */
import { CompletionItemKind } from 'vscode-languageserver';
import { type Catalog, displayType } from '../../schema/index.js';
import type { Choice } from '../choice.js';
import type { SchemaDocument } from '../documents.js';
import { droppedProperties, droppedTypes } from '../symbols/index.js';
import type { Cursor } from './cursor.js';

export function oldNames(
  { walk, inside, declaration }: Cursor,
  document: SchemaDocument,
  accepted: Catalog | undefined,
): readonly Choice[] {
  const syntax = declaration?.syntax;
  if (accepted === undefined || syntax === undefined || syntax === null || syntax.kind === 'interface') return [];
  const written = (name: string): string => (inside === 'string' ? name : `"${name}"`);
  if (walk.inBody) {
    return droppedProperties(syntax, document.catalog, accepted).map(({ name, type }) => ({
      label: name,
      kind: CompletionItemKind.Field,
      detail: displayType(type),
      documentation: 'Applied, and no more in this schema.',
      text: written(name),
    }));
  }
  const declarations = document.compiled.declarations.flatMap((one) => one.syntax ?? []);
  return droppedTypes(syntax.kind, declarations, accepted).map(({ name, kind }) => ({
    label: name,
    kind: kind === 'node' ? CompletionItemKind.Class : CompletionItemKind.Event,
    documentation: 'Applied, and no more in this schema.',
    text: written(name),
  }));
}
