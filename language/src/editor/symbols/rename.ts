/**
 * Rename across `.pg`, `.gq` and `cluster.yaml`. A declaration of the schema that is renamed gets
 * `@rename_from("Old")` beside its new name, so that the migration renames what is stored and keeps the data
 * (schema-language.md §12); one that has such a hint keeps it, since what is stored still has the older name.
 */
import type { ChangeAnnotation, Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { SchemaDeclaration } from '../../schema/index.js';
import type { EditorDocument, SchemaDocument } from '../documents.js';
import type { EditorContext } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { refuse, refuseQueryName, refuseSchemaName } from './names.js';
import { type Occurrence, occurrencesOf, schemaDocumentOf, symbolAt } from './occurrences.js';
import { displaySymbol, type EditorSymbol } from './symbol.js';

/** The word that a rename at a cursor replaces; `null` where no other file knows the name. Throws `RequestRefused`. */
export function prepareRenameAt(
  document: EditorDocument,
  position: Position,
): { readonly range: Range; readonly placeholder: string } | null {
  const found = symbolAt(document, offsetOf(position, document.lines));
  if (found === undefined) return null;
  renameable(found.symbol);
  return { range: found.range, placeholder: found.symbol.name };
}

/** Edits that give the symbol at a cursor another name everywhere. Throws `RequestRefused` with the reason. */
export async function renameAt(
  context: EditorContext,
  document: EditorDocument,
  position: Position,
  newName: string,
): Promise<WorkspaceEdit | null> {
  const found = symbolAt(document, offsetOf(position, document.lines));
  return found === undefined ? null : renameSymbol(context, found.symbol, newName);
}

export async function renameSymbol(
  context: EditorContext,
  symbol: EditorSymbol,
  newName: string,
): Promise<WorkspaceEdit | null> {
  const { workspace } = context;
  const target = renameable(symbol);
  if (target.name === newName) return null;
  const occurrences = await occurrencesOf(target, workspace);
  if (target.kind === 'query') {
    await refuseQueryName(target.file, newName, workspace);
    return workspaceEdit(
      context,
      occurrences.map((occurrence) => replacement(occurrence, newName)),
    );
  }
  const schema = await schemaDocumentOf(target, workspace);
  if (schema === undefined) return null;
  if (!occurrences.some(({ declares }) => declares)) refuse(`${displaySymbol(target)} is not declared`);
  refuseSchemaName(target, newName, schema, occurrences);
  const named = occurrences.map((occurrence) => replacement(occurrence, wordFor(target, occurrence, newName)));
  const declared = occurrences.filter(({ declares, document }) => declares && document.kind === 'schema');
  const hints = declared.flatMap((occurrence) => renameHint(schema, occurrence, target) ?? []);
  return workspaceEdit(context, [...named, ...hints]);
}

function renameable(symbol: EditorSymbol): Extract<EditorSymbol, { readonly kind: 'type' | 'property' | 'query' }> {
  switch (symbol.kind) {
    case 'type':
    case 'property':
    case 'query':
      return symbol;
    case 'enum-value':
      return refuse('an enum value cannot be renamed: what is stored keeps it. Add the new value beside it');
    case 'graph':
      return refuse('a graph is renamed in its cluster.yaml');
    default:
      return symbol satisfies never;
  }
}

/** A traversal names an edge in lower case by custom, `worksAt`; what stood there in lower case stays so. */
function wordFor(symbol: EditorSymbol, { text, document }: Occurrence, newName: string): string {
  const isEdge = symbol.kind === 'type' && symbol.entity === 'edge';
  if (!isEdge || document.kind !== 'query' || /^[A-Z]/.test(text)) return newName;
  return newName.charAt(0).toLowerCase() + newName.slice(1);
}

interface PlacedEdit {
  readonly document: EditorDocument;
  readonly edit: TextEdit;
  readonly purpose: 'name' | 'hint';
}

const replacement = ({ document, range }: Occurrence, newText: string): PlacedEdit => ({
  document,
  edit: { range, newText },
  purpose: 'name',
});

/** Interfaces take no annotations, and have no data of their own. */
function renameHint(schema: SchemaDocument, { range }: Occurrence, symbol: EditorSymbol): PlacedEdit | undefined {
  const at = schema.lines.offset(range.start);
  for (const { offset, length, syntax } of schema.compiled.declarations) {
    if (syntax === null || at < offset || at >= offset + length) continue;
    const end = symbol.kind === 'type' ? hintPlaceOfType(syntax) : hintPlaceOfProperty(syntax, at - offset);
    if (end === undefined) return undefined;
    const range = rangeOfSpan({ offset: end, length: 0 }, schema.lines, offset);
    return { document: schema, edit: { range, newText: ` @rename_from("${symbol.name}")` }, purpose: 'hint' };
  }
  return undefined;
}

/** Behind a node's name; behind an edge's endpoints and cardinality, which stands first (§3). */
function hintPlaceOfType(declaration: SchemaDeclaration): number | undefined {
  if (declaration.kind === 'interface' || hasHint(declaration.annotations)) return undefined;
  const last = declaration.kind === 'node' ? declaration.name : (declaration.cardinality ?? declaration.to);
  return last === null ? undefined : last.span.offset + last.span.length;
}

function hintPlaceOfProperty({ properties }: SchemaDeclaration, at: number): number | undefined {
  const property = properties.find(({ name }) => name.span.offset === at);
  if (property === undefined || hasHint(property.annotations)) return undefined;
  return property.type.span.offset + property.type.span.length;
}

const hasHint = (annotations: readonly { readonly name: string }[]): boolean =>
  annotations.some(({ name }) => name === 'rename_from');

function workspaceEdit({ client }: EditorContext, edits: readonly PlacedEdit[]): WorkspaceEdit {
  const byDocument = new Map<EditorDocument, PlacedEdit[]>();
  for (const placed of edits) {
    const list = byDocument.get(placed.document);
    if (list === undefined) byDocument.set(placed.document, [placed]);
    else list.push(placed);
  }
  if (!client.documentChanges) {
    const changes = [...byDocument].map(([{ uri }, placed]) => [uri, placed.map(({ edit }) => edit)] as const);
    return { changes: Object.fromEntries(changes) };
  }
  const annotated = client.changeAnnotations;
  const documentChanges = [...byDocument].map(([{ uri, version }, placed]) => ({
    textDocument: { uri, version: version ?? null },
    edits: placed.map(({ edit, purpose }) =>
      annotated && purpose === 'hint' ? { ...edit, annotationId: HINT_ANNOTATION } : edit,
    ),
  }));
  const hinted = annotated && edits.some(({ purpose }) => purpose === 'hint');
  return { documentChanges, ...(hinted && { changeAnnotations: { [HINT_ANNOTATION]: KEEP_DATA } }) };
}

const HINT_ANNOTATION = 'keep-data';
const KEEP_DATA: ChangeAnnotation = {
  label: 'Keep the data: @rename_from',
  description: 'The migration renames what is stored instead of dropping it and starting empty.',
  needsConfirmation: false,
};
