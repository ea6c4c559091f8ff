/** The outline of a schema: types with their properties and constraints. */
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { type CompiledSchemaDeclaration, displayType, type SchemaDeclaration } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { TYPE_KINDS } from '../symbols/index.js';

export const schemaDocumentSymbols: Feature<'schema'> = () => ({
  'textDocument/documentSymbol': (document) =>
    document.compiled.declarations.flatMap((declaration) =>
      declaration.syntax === null ? [] : [typeSymbol(document, declaration, declaration.syntax)],
    ),
});

function typeSymbol(
  { lines, text }: SchemaDocument,
  { offset, length }: CompiledSchemaDeclaration,
  syntax: SchemaDeclaration,
): DocumentSymbol {
  const at = (span: { readonly offset: number; readonly length: number }) => rangeOfSpan(span, lines, offset);
  const properties = syntax.properties.map((property) => ({
    name: property.name.text,
    detail: displayType(property.type.type),
    kind: SymbolKind.Property,
    range: at(property.span),
    selectionRange: at(property.name.span),
  }));
  const constraints = (syntax.kind === 'interface' ? [] : syntax.constraints).map(({ span }) => ({
    name: text.slice(offset + span.offset, offset + span.offset + span.length),
    kind: SymbolKind.Key,
    range: at(span),
    selectionRange: at(span),
  }));
  return {
    name: syntax.name.text,
    detail: detailOf(syntax),
    kind: TYPE_KINDS[syntax.kind],
    range: at({ offset: 0, length }),
    selectionRange: at(syntax.name.span),
    children: [...properties, ...constraints],
  };
}

function detailOf(syntax: SchemaDeclaration): string {
  switch (syntax.kind) {
    case 'interface':
      return 'interface';
    case 'node':
      return syntax.implements.map(({ text }) => text).join(', ');
    case 'edge':
      return `${syntax.from?.text ?? '?'} → ${syntax.to?.text ?? '?'}`;
    default:
      return syntax satisfies never;
  }
}
