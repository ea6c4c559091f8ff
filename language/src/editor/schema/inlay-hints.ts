/** What a schema says without writing it: injected properties, keys declared elsewhere, how many edges a node may have. */
import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import { displayType, type EdgeDeclaration, type NodeDeclaration, type NodeType } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { describeCardinality } from './describe.js';

export const schemaInlayHints: Feature<'schema'> = ({ settings }) => ({
  'textDocument/inlayHint': (document, { range }) => (settings().inlayHints.enabled ? hintsIn(document, range) : null),
});

function hintsIn(document: SchemaDocument, range: Range): readonly InlayHint[] {
  const { lines, compiled, catalog } = document;
  const [from, to] = [lines.offset(range.start), lines.offset(range.end)];
  return compiled.declarations
    .filter(({ offset, length }) => offset + length >= from && offset <= to)
    .flatMap(({ offset, syntax }): readonly Hint[] => {
      if (syntax === null || syntax.kind === 'interface') return [];
      if (syntax.kind === 'edge') return placed(offset, edgeHints(syntax));
      const node = catalog.nodes.get(syntax.name.text);
      return node === undefined ? [] : placed(offset, [...injectedHints(syntax, node), ...keyHints(syntax, node)]);
    })
    .map(({ at, label, tooltip }) => ({
      position: lines.position(at),
      label,
      kind: InlayHintKind.Type,
      paddingLeft: true,
      ...(tooltip !== undefined && { tooltip: { kind: 'markdown', value: tooltip } }),
    }));
}

interface Hint {
  readonly at: number;
  readonly label: string;
  readonly tooltip?: string;
}

const placed = (base: number, hints: readonly Hint[]): readonly Hint[] =>
  hints.map((hint) => ({ ...hint, at: base + hint.at }));

const endOf = ({ span }: { readonly span: { readonly offset: number; readonly length: number } }): number =>
  span.offset + span.length;

/** Behind each interface what the node gets from it, its key marked. */
function injectedHints({ implements: interfaces }: NodeDeclaration, node: NodeType): readonly Hint[] {
  return interfaces.flatMap((reference) => {
    const injected = [...node.properties.values()].filter(
      ({ declaredDirectly, satisfies }) =>
        !declaredDirectly && satisfies.some(({ owner_name }) => owner_name === reference.text),
    );
    if (injected.length === 0) return [];
    const names = injected.map(({ name }) => (node.key?.includes(name) ? `${name} (key)` : name));
    const tooltip = injected.map(({ name, type }) => `- \`${name}: ${displayType(type)}\``).join('\n');
    return [{ at: endOf(reference), label: `gives ${names.join(', ')}`, tooltip }];
  });
}

/** Properties that a `@key(…)` in the body names: their own line does not say it. */
function keyHints({ properties, constraints }: NodeDeclaration, { key }: NodeType): readonly Hint[] {
  if (key === null || !constraints.some(({ kind }) => kind === 'key')) return [];
  return properties
    .filter(({ name }) => key.includes(name.text))
    .map((property) => ({
      at: endOf(property.type),
      label: key.length > 1 ? 'key part' : 'key',
      tooltip: `Ids are derived from ${key.map((name) => `\`${name}\``).join(', ')}.`,
    }));
}

function edgeHints({ from, to, cardinality }: EdgeDeclaration): readonly Hint[] {
  if (from === null || to === null) return [];
  const count = describeCardinality(cardinality ?? { min: 0, max: null });
  return [{ at: endOf(cardinality ?? to), label: `${count} per ${from.text}` }];
}
