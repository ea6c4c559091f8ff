/** Symbols, foldings, selections and colours of policy bundles and their tests. */
import { SymbolKind } from 'vscode-languageserver';
import { isMap, isScalar } from 'yaml';
import type { DocumentHandlers, Feature } from '../feature.js';
import type { YamlShape } from '../yaml/shape.js';
import { documentSymbols, foldingRanges, type SymbolFacts, selectionRange, semanticTokens } from '../yaml/structure.js';
import type { YamlEntry } from '../yaml/tree.js';
import { POLICY_SHAPE, POLICY_TESTS_SHAPE } from './keys.js';
import { policyYaml } from './source.js';

export const policyOutline: Feature<'policy'> = () => outline<'policy'>(POLICY_SHAPE, SymbolKind.Event);

export const policyTestsOutline: Feature<'policy-tests'> = () =>
  outline<'policy-tests'>(POLICY_TESTS_SHAPE, SymbolKind.Method);

const outline = <K extends 'policy' | 'policy-tests'>(shape: YamlShape, itemKind: SymbolKind): DocumentHandlers<K> => ({
  'textDocument/documentSymbol': (document) =>
    documentSymbols(policyYaml(document), (entry) => symbolOf(entry, itemKind)),
  'textDocument/foldingRange': (document) => foldingRanges(policyYaml(document)),
  'textDocument/selectionRange': (document, { positions }) =>
    positions.map((position) => selectionRange(policyYaml(document), position)),
  'textDocument/semanticTokens': (document) => semanticTokens(policyYaml(document), shape),
});

function symbolOf({ path, value }: YamlEntry, itemKind: SymbolKind): SymbolFacts | undefined {
  const [section] = path;
  if (path.length === 1) {
    const detail = isScalar(value) ? { detail: String(value.value) } : {};
    return { name: String(section), kind: SymbolKind.Module, ...detail };
  }
  if (section === 'groups' && path.length === 2) return { name: String(path[1]), kind: SymbolKind.Class };
  if (path.length !== 2 || !isMap(value)) return undefined;
  const id: unknown = value.get('id');
  return { name: typeof id === 'string' ? id : `#${Number(path[1]) + 1}`, kind: itemKind };
}
