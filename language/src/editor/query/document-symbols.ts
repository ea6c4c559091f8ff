/** The outline of a `.gq` file: queries with their parameters, the variables they bind and the columns they return. */
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { type Span, spanBetween } from '../../lexis/index.js';
import type { CompiledQueryDeclaration, QuerySyntax } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { parameterType, returnItems, typeText } from './expression-type.js';

export const queryDocumentSymbols: Feature<'query'> = () => ({
  'textDocument/documentSymbol': (document) =>
    document.compiled.declarations.flatMap((declaration) =>
      declaration.syntax === undefined ? [] : [querySymbol(document, declaration, declaration.syntax)],
    ),
});

function querySymbol(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
  syntax: QuerySyntax,
): DocumentSymbol {
  const { lines, catalog } = document;
  const symbol = (name: string, kind: SymbolKind, detail: string | undefined, whole: Span, word: Span) => ({
    name,
    kind,
    ...(detail !== undefined && { detail }),
    range: rangeOfSpan(whole, lines, declaration.offset),
    selectionRange: rangeOfSpan(word, lines, declaration.offset),
  });
  const params = syntax.params.map(({ variable, type }) => {
    const detail = parameterType(declaration, variable.text);
    return symbol(
      `$${variable.text}`,
      SymbolKind.TypeParameter,
      detail,
      spanBetween(variable.span, type.span),
      variable.span,
    );
  });
  const variables = (declaration.symbols?.variables ?? []).map(({ name, typeName, span }) =>
    symbol(`$${name}`, SymbolKind.Variable, typeName ?? undefined, span, span),
  );
  const columns = returnItems(syntax).map(({ expression, alias, span }) => {
    const written = document.text.slice(
      declaration.offset + span.offset,
      declaration.offset + span.offset + span.length,
    );
    const type = typeText(expression, { declaration, catalog });
    return symbol(alias?.text ?? written, SymbolKind.Field, type, span, alias?.span ?? span);
  });
  const statements =
    syntax.body.kind === 'read'
      ? []
      : syntax.body.statements.map(({ kind, type, span }) =>
          symbol(`${kind} ${type.text}`, SymbolKind.Operator, undefined, span, type.span),
        );
  const detail = declaration.query?.description ?? (syntax.body.kind === 'mutation' ? 'mutation' : undefined);
  const kind = syntax.body.kind === 'mutation' ? SymbolKind.Method : SymbolKind.Function;
  return {
    ...symbol(syntax.name.text, kind, detail, { offset: 0, length: declaration.length }, syntax.name.span),
    children: [...params, ...variables, ...columns, ...statements],
  };
}
