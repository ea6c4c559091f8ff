/**
 * The checks of a `cluster.yaml` that come before it is interpreted: repeated keys at any depth and keys that are
 * reserved or gone. Contract: cluster.md §3.8, steps 2 and 3, and H7.
 */
import { isMap, isSeq, type Node } from 'yaml';
import type { Diagnostic } from '../diagnostics/index.js';
import { resolveAlias } from '../yaml/index.js';
import { clusterError } from './cluster-diagnostic.js';
import { type ClusterSource, membersOf } from './cluster-source.js';

/** `duplicate_yaml_key`, in file order. Siblings in different list items are independent. */
export function findDuplicateKeys(source: ClusterSource): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (node: Node | null, path: string): void => {
    if (isSeq(node)) for (const item of node.items) visit(item as Node, `${path}[]`);
    if (!isMap(node)) return;
    const firstLines = new Map<string, number>();
    for (const { name, value } of membersOf(node, source)) {
      const here = path === '' ? name.value : `${path}.${name.value}`;
      const line = name.range.start.line + 1;
      const first = firstLines.get(name.value);
      if (first === undefined) firstLines.set(name.value, line);
      else {
        found.push(
          clusterError(
            'duplicate_yaml_key',
            here,
            `key "${name.value}" on line ${line} repeats the one on line ${first}`,
            {
              uri: source.uri,
              range: name.range,
              remedy: 'keep one of them',
            },
          ),
        );
      }
      visit(value, here);
    }
  };
  visit(source.document.contents, '');
  return found;
}

const RESERVED_KEYS: ReadonlySet<string> = new Set([
  'apply',
  'env_file',
  'pipelines',
  'embeddings',
  'ui',
  'aliases',
  'bindings',
]);

/** `future_phase_field` and `removed_streaming_declaration`, in file order. */
export function findReservedKeys(source: ClusterSource): readonly Diagnostic[] {
  const root = resolveAlias(source.document.contents, source.document);
  if (!isMap(root)) return [];
  return membersOf(root, source).flatMap(({ name, value }) => {
    if (RESERVED_KEYS.has(name.value)) {
      return [
        clusterError('future_phase_field', name.value, `"${name.value}" is reserved and has no meaning yet`, {
          uri: source.uri,
          range: name.range,
          remedy: 'remove it',
        }),
      ];
    }
    return name.value === 'graphs' ? streamingDeclarations(value, source) : [];
  });
}

function streamingDeclarations(graphs: Node | null, source: ClusterSource): readonly Diagnostic[] {
  const map = resolveAlias(graphs, source.document);
  if (!isMap(map)) return [];
  return membersOf(map, source).flatMap((graph) => {
    const body = resolveAlias(graph.value, source.document);
    if (!isMap(body)) return [];
    return membersOf(body, source)
      .filter(({ name }) => name.value === 'streaming')
      .map(({ name }) =>
        clusterError(
          'removed_streaming_declaration',
          `graphs.${graph.name.value}.streaming`,
          'streaming declarations no longer exist',
          { uri: source.uri, range: name.range, remedy: 'remove the key; load data with `omnigraph load`' },
        ),
      );
  });
}
