/** From a mention to what it names: graphs, providers, and the files of the cluster. */
import type { DocumentHighlight, Location } from 'vscode-languageserver';
import type { SourceRange } from '../../diagnostics/index.js';
import type { ClusterDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { locationOf, rangeOfSpan } from '../positions.js';
import { referencesAt } from '../symbols/index.js';
import type { Workspace } from '../workspace.js';
import { type NamedFile, namedFiles } from './files.js';
import { nameAt, nameOccurrences } from './names.js';

export const clusterDefinition: Feature<'cluster'> = (editor) => ({
  'textDocument/definition': (document, { position }) => {
    const offset = document.lines.offset(position);
    const name = nameAt(document, offset);
    if (name !== undefined) {
      return sameName(document, offset)
        .filter(({ isDeclaration }) => isDeclaration)
        .map(placed(document));
    }
    const file = namedFiles(document).find(({ start, end }) => offset >= start && offset <= end);
    return file === undefined
      ? queryDefinition(document, offset, editor.workspace)
      : fileLocation(file, editor.workspace);
  },

  'textDocument/references': (document, params) => {
    const named = sameName(document, document.lines.offset(params.position));
    if (named.length === 0) return referencesAt(editor, document, params);
    return named
      .filter(({ isDeclaration }) => params.context.includeDeclaration || !isDeclaration)
      .map(placed(document));
  },

  'textDocument/documentHighlight': (document, { position }) =>
    sameName(document, document.lines.offset(position)).map(
      (each): DocumentHighlight => ({ range: rangeOfSpan(each, document.lines) }),
    ),
});

function sameName(document: ClusterDocument, offset: number): ReturnType<typeof nameOccurrences> {
  const under = nameAt(document, offset);
  if (under === undefined) return [];
  return nameOccurrences(document).filter(({ kind, name }) => kind === under.kind && name === under.name);
}

const placed =
  (document: ClusterDocument) =>
  (span: { readonly offset: number; readonly length: number }): Location => ({
    uri: document.uri,
    range: rangeOfSpan(span, document.lines),
  });

/** The start of a file; `null` for a folder, which no editor can show as a document. */
async function fileLocation({ uri }: NamedFile, workspace: Workspace): Promise<Location | null> {
  const document = await workspace.load(uri);
  return document === undefined ? null : { uri: document.uri, range: START };
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The key of a query mapping names a declaration in the file beside it. */
async function queryDefinition(
  document: ClusterDocument,
  offset: number,
  workspace: Workspace,
): Promise<Location | null> {
  for (const graph of document.config?.graphs.values() ?? []) {
    if (graph.queries?.form !== 'map') continue;
    for (const { name, file } of graph.queries.entries.values()) {
      if (!holds(name.range, offset)) continue;
      const named = namedFiles(document).find(({ start }) => start === file.range.offset);
      const target = named && (await workspace.load(named.uri));
      if (target?.kind !== 'query') return null;
      for (const { offset: base, syntax } of target.compiled.declarations) {
        if (syntax?.name.text !== name.value) continue;
        const { offset: at, length } = syntax.name.span;
        return locationOf(target.uri, target.lines.range(base + at, length));
      }
    }
  }
  return null;
}

const holds = ({ offset, length }: SourceRange, at: number): boolean => at >= offset && at <= offset + length;
