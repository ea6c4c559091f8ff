/**
 * Rename across `.pg`, `.gq` and `cluster.yaml`. A declaration of the schema that is renamed gets
 * `@rename_from("Old")` beside its new name, so that the migration renames what is stored and keeps the data
 * (schema-language.md §12). What is stored may still have an older name: then the hint it has stays.
 */
import type { ChangeAnnotation, Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Span } from '../../lexis/index.js';
import type { AnnotationDeclaration, Catalog, SchemaDeclaration } from '../../schema/index.js';
import type { EditorDocument, SchemaDocument } from '../documents.js';
import type { EditorContext } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { acceptedSchema, acceptedTypeOf } from './accepted.js';
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
  const accepted = acceptedSchema(schema.uri, context);
  const hints = declared.flatMap((occurrence) => renameHint(schema, occurrence, target, accepted) ?? []);
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

/**
 * What is stored has the name that the accepted schema knows: the one that is being replaced, or that of a hint from an
 * earlier rename. A declaration that it does not know at all is new, and needs no hint.
 */
function renameHint(
  schema: SchemaDocument,
  { range }: Occurrence,
  symbol: EditorSymbol,
  accepted: Catalog | undefined,
): PlacedEdit | undefined {
  const at = schema.lines.offset(range.start);
  for (const { offset, length, syntax } of schema.compiled.declarations) {
    if (syntax === null || at < offset || at >= offset + length) continue;
    const hinted =
      symbol.kind === 'type' ? hintedType(syntax, accepted) : hintedProperty(syntax, at - offset, accepted);
    if (hinted === undefined) return undefined;
    const { hint, end, stored } = hinted;
    const edit = (span: Span, newText: string): PlacedEdit => ({
      document: schema,
      edit: { range: rangeOfSpan(span, schema.lines, offset), newText },
      purpose: 'hint',
    });
    if (stored === 'new') return undefined;
    const text = `@rename_from("${symbol.name}")`;
    if (hint === undefined) return edit({ offset: end, length: 0 }, ` ${text}`);
    return stored === 'by this name' ? edit(hint.span, text) : undefined;
  }
  return undefined;
}

interface Hinted {
  readonly hint: AnnotationDeclaration | undefined;
  /** Where a hint would stand. */
  readonly end: number;
  readonly stored: 'by this name' | 'by its hint' | 'new' | 'unknown';
}

/** Behind a node's name; behind an edge's endpoints and cardinality, which stand first (§3). Interfaces take no hint. */
function hintedType(declaration: SchemaDeclaration, accepted: Catalog | undefined): Hinted | undefined {
  if (declaration.kind === 'interface') return undefined;
  const last = declaration.kind === 'node' ? declaration.name : (declaration.cardinality ?? declaration.to);
  if (last === null) return undefined;
  const stored = accepted && acceptedTypeOf(declaration, accepted)?.name;
  return {
    hint: hintOf(declaration.annotations),
    end: last.span.offset + last.span.length,
    stored: storedAs(accepted, stored, declaration.name.text),
  };
}

function hintedProperty(declaration: SchemaDeclaration, at: number, accepted: Catalog | undefined): Hinted | undefined {
  const property = declaration.properties.find(({ name }) => name.span.offset === at);
  if (property === undefined) return undefined;
  const owner =
    accepted === undefined
      ? undefined
      : declaration.kind === 'interface'
        ? accepted.interfaces.get(declaration.name.text)
        : acceptedTypeOf(declaration, accepted);
  const hint = hintOf(property.annotations);
  const stored = owner?.properties.get(property.name.text) ?? owner?.properties.get(hint?.value?.text ?? '');
  return {
    hint,
    end: property.type.span.offset + property.type.span.length,
    stored: storedAs(accepted, stored?.name, property.name.text),
  };
}

function storedAs(accepted: Catalog | undefined, stored: string | undefined, name: string): Hinted['stored'] {
  if (accepted === undefined) return 'unknown';
  if (stored === undefined) return 'new';
  return stored === name ? 'by this name' : 'by its hint';
}

const hintOf = (annotations: readonly AnnotationDeclaration[]): AnnotationDeclaration | undefined =>
  annotations.find(({ name }) => name === 'rename_from');

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
