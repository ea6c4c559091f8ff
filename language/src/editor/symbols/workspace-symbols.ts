/** Every declared name of the workspace by a fuzzy part of it: types, their properties, queries, graphs. */
import { SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import type { EditorDocument } from '../documents.js';
import type { WorkspaceFeature } from '../feature.js';
import { rangeOf, rangeOfSpan } from '../positions.js';

export const workspaceSymbols: WorkspaceFeature = ({ workspace }) => ({
  'workspace/symbol': async ({ query }, cancel) => {
    const documents = await workspace.all();
    const found: WorkspaceSymbol[] = [];
    for (const document of documents) {
      if (cancel.isCancellationRequested) return null;
      for (const symbol of declaredIn(document)) if (isSubsequence(query, symbol.name)) found.push(symbol);
      if (found.length >= LIMIT) break;
    }
    return found.slice(0, LIMIT);
  },
});

const LIMIT = 2_000;

/** As editors match: the letters in order, whatever their case. */
export function isSubsequence(query: string, name: string): boolean {
  const folded = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = folded.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function declaredIn(document: EditorDocument): readonly WorkspaceSymbol[] {
  const { uri, lines } = document;
  switch (document.kind) {
    case 'schema':
      return document.compiled.declarations.flatMap(({ offset, syntax }): readonly WorkspaceSymbol[] => {
        if (syntax === null) return [];
        const type = { name: syntax.name.text, kind: TYPE_KINDS[syntax.kind] };
        const at = (span: { offset: number; length: number }) => ({ uri, range: rangeOfSpan(span, lines, offset) });
        const properties = syntax.properties.map(({ name }) => ({
          name: name.text,
          kind: SymbolKind.Property,
          containerName: syntax.name.text,
          location: at(name.span),
        }));
        return [{ ...type, location: at(syntax.name.span) }, ...properties];
      });
    case 'query':
      return document.compiled.declarations.flatMap(({ offset, syntax }) =>
        syntax === undefined
          ? []
          : [
              {
                name: syntax.name.text,
                kind: SymbolKind.Function,
                location: { uri, range: rangeOfSpan(syntax.name.span, lines, offset) },
              },
            ],
      );
    case 'cluster':
      return [...(document.config?.graphs.values() ?? [])].map(({ id }) => ({
        name: id.value,
        kind: SymbolKind.Module,
        location: { uri, range: rangeOf(id.range) },
      }));
    case 'policy':
    case 'policy-tests':
      return [];
    default:
      return document satisfies never;
  }
}

export const TYPE_KINDS = {
  node: SymbolKind.Class,
  edge: SymbolKind.Event,
  interface: SymbolKind.Interface,
} as const;
