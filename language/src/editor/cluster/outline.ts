/** Symbols, foldings, selections, colours and links of `cluster.yaml`. */
import { SymbolKind } from 'vscode-languageserver';
import { isScalar } from 'yaml';
import type { Feature } from '../feature.js';
import { clusterOf } from '../plan/index.js';
import { rangeOfSpan } from '../positions.js';
import { documentSymbols, foldingRanges, type SymbolFacts, selectionRange, semanticTokens } from '../yaml/structure.js';
import type { YamlEntry } from '../yaml/tree.js';
import { namedFiles } from './files.js';
import { CLUSTER_SHAPE } from './keys.js';
import { clusterYaml } from './yaml-text.js';

export const clusterOutline: Feature<'cluster'> = (context) => ({
  'textDocument/documentSymbol': (document) => documentSymbols(clusterYaml(document), symbolOf),
  'textDocument/foldingRange': (document) => foldingRanges(clusterYaml(document)),
  'textDocument/selectionRange': (document, { positions }) =>
    positions.map((position) => selectionRange(clusterYaml(document), position)),
  'textDocument/semanticTokens': (document) => semanticTokens(clusterYaml(document), CLUSTER_SHAPE),
  'textDocument/documentLink': async (document) => {
    const cluster = clusterOf(document, context);
    const folder = cluster && context.workspace.configFolder(cluster);
    const files = await Promise.all(
      namedFiles(document).map(async (file) => {
        const listing = await folder?.list(file.name);
        // No editor shows a folder as a document.
        return listing?.kind === 'entries' ? [] : [file];
      }),
    );
    return files.flat().map(({ uri, start, end, name }) => ({
      range: rangeOfSpan({ offset: start, length: end - start }, document.lines),
      target: uri,
      tooltip: name,
    }));
  },
});

function symbolOf({ path, value }: YamlEntry): SymbolFacts | undefined {
  const name = String(path.at(-1));
  const detail = isScalar(value) && value.value !== null ? { detail: String(value.value) } : {};
  const [section] = path;
  if (path.length === 1) return { name, kind: SymbolKind.Module, ...detail };
  if (section === 'providers') {
    if (path.length === 2) return undefined;
    return path.length === 3
      ? { name, kind: SymbolKind.Interface }
      : { name, kind: SymbolKind.Property, ...hidden(name, detail) };
  }
  if (path.length === 2 && section === 'graphs') return { name, kind: SymbolKind.Class };
  if (path.length === 2 && section === 'policies') return { name, kind: SymbolKind.Event };
  if (section === 'graphs' && path[2] === 'queries' && path.length === 4 && typeof path[3] === 'string') {
    return { name, kind: SymbolKind.Function };
  }
  return path.length === 3 || (path.length === 2 && section !== 'graphs' && section !== 'policies')
    ? { name, kind: SymbolKind.Property, ...detail }
    : undefined;
}

/** A key that someone wrote into the file by mistake is not shown once more. */
const hidden = (name: string, detail: { readonly detail?: string }): { readonly detail?: string } =>
  name === 'api_key' ? {} : detail;
