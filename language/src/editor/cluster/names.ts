/**
 * Where `cluster.yaml` declares and mentions graphs, providers and policies. Read off the syntax tree and not off the
 * decoded model, since an entry that lacks a field still has a name.
 */
import { isScalar } from 'yaml';
import { type ConfigPath, PROVIDER_PREFIX } from '../../cluster/index.js';
import type { ClusterDocument } from '../documents.js';
import { entriesOf, type YamlEntry } from '../yaml/tree.js';
import { clusterYaml } from './yaml-text.js';

export type NameKind = 'graph' | 'provider' | 'policy';

interface NameOccurrence {
  readonly kind: NameKind;
  readonly name: string;
  readonly isDeclaration: boolean;
  /** Of the name alone: without quotes and without `graph.` before it. */
  readonly offset: number;
  readonly length: number;
  readonly path: ConfigPath;
}

/** Every declaration and mention, in file order. */
export const nameOccurrences = (document: ClusterDocument): readonly NameOccurrence[] =>
  [...entriesOf(clusterYaml(document))].flatMap((entry) => occurrenceIn(entry, document.text) ?? []);

/** The name under a cursor. */
export const nameAt = (document: ClusterDocument, offset: number): NameOccurrence | undefined =>
  nameOccurrences(document).find((each) => offset >= each.offset && offset <= each.offset + each.length);

/** Declared names of a kind, in file order. */
export const declaredNames = (document: ClusterDocument, kind: NameKind): readonly string[] => [
  ...new Set(
    nameOccurrences(document).flatMap((each) => (each.kind === kind && each.isDeclaration ? [each.name] : [])),
  ),
];

function occurrenceIn({ path, key, value }: YamlEntry, text: string): NameOccurrence | undefined {
  const declared = declaredKind(path);
  if (declared !== undefined && key !== undefined) {
    return { kind: declared, name: String(path.at(-1)), isDeclaration: true, path, ...inQuotes(key.range, text) };
  }
  if (!isScalar(value) || typeof value.value !== 'string') return undefined;
  const mention = mentioned(path, value.value);
  if (mention === undefined) return undefined;
  const { offset, length } = inQuotes(value.range, text);
  const skipped = value.value.length - mention.name.length;
  return { ...mention, isDeclaration: false, path, offset: offset + skipped, length: length - skipped };
}

function declaredKind(path: ConfigPath): NameKind | undefined {
  if (path.length === 2 && path[0] === 'graphs') return 'graph';
  if (path.length === 2 && path[0] === 'policies') return 'policy';
  return path.length === 3 && path[0] === 'providers' && path[1] === 'embedding' ? 'provider' : undefined;
}

function mentioned(path: ConfigPath, text: string): Pick<NameOccurrence, 'kind' | 'name'> | undefined {
  if (path.length === 4 && path[0] === 'policies' && path[2] === 'applies_to') {
    if (text === 'cluster') return undefined;
    return { kind: 'graph', name: without('graph.', text) };
  }
  const isProvider = path.length === 3 && path[0] === 'graphs' && path[2] === 'embedding_provider';
  return isProvider ? { kind: 'provider', name: without(PROVIDER_PREFIX, text) } : undefined;
}

const without = (prefix: string, text: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : text);

function inQuotes(
  range: readonly [number, number, number] | null | undefined,
  text: string,
): { readonly offset: number; readonly length: number } {
  const [start, end] = range ?? [0, 0];
  const quoted = text[start] === '"' || text[start] === "'" ? 1 : 0;
  return { offset: start + quoted, length: Math.max(0, end - start - 2 * quoted) };
}
