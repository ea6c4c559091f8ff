/**
 * The catalog as one query sees it: every look-up is noted with a fingerprint of what it found, so that a cached
 * result is reusable exactly while a later catalog answers all of them alike.
 */
import { type Catalog, type EdgeType, findEdge, type NodeType } from '../../schema/catalog.js';

/** One look-up and the fingerprint of its answer; `undefined`: nothing was found. */
export interface Dependency {
  readonly kind: 'node' | 'edge' | 'interface' | 'names';
  readonly name: string;
  readonly fingerprint: string | undefined;
}

export class TrackedCatalog {
  readonly #catalog: Catalog;
  readonly #dependencies = new Map<string, Dependency>();
  readonly #touched = new Set<string>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  node(name: string): NodeType | undefined {
    const node = this.#catalog.nodes.get(name);
    this.#note('node', name);
    this.#touched.add(name);
    return node;
  }

  /** By declared name or by the word a traversal uses. */
  edge(word: string): EdgeType | undefined {
    const edge = findEdge(this.#catalog, word);
    this.#note('edge', word);
    this.#touched.add(edge?.name ?? word);
    return edge;
  }

  hasInterface(name: string): boolean {
    this.#note('interface', name);
    return this.#catalog.interfaces.has(name);
  }

  /** For suggestions: the result then depends on every name. */
  nodeNames(): Iterable<string> {
    this.#note('names', 'node');
    return this.#catalog.nodes.keys();
  }

  edgeNames(): Iterable<string> {
    this.#note('names', 'edge');
    return this.#catalog.edges.keys();
  }

  get dependencies(): readonly Dependency[] {
    return [...this.#dependencies.values()];
  }

  /** Declared names of the types looked up, and words that named none, sorted. */
  get touched(): readonly string[] {
    return [...this.#touched].sort();
  }

  #note(kind: Dependency['kind'], name: string): void {
    const key = `${kind} ${name}`;
    if (this.#dependencies.has(key)) return;
    this.#dependencies.set(key, { kind, name, fingerprint: fingerprint(this.#catalog, kind, name) });
  }
}

/** Whether `catalog` answers every look-up as it was answered when the dependencies were noted. */
export const stillHold = (dependencies: readonly Dependency[], catalog: Catalog): boolean =>
  dependencies.every(({ kind, name, fingerprint: noted }) => fingerprint(catalog, kind, name) === noted);

const typeFingerprints = new WeakMap<NodeType | EdgeType, string>();
const nameFingerprints = new WeakMap<Catalog, { readonly node: string; readonly edge: string }>();

function fingerprint(catalog: Catalog, kind: Dependency['kind'], name: string): string | undefined {
  switch (kind) {
    case 'node':
      return typeFingerprint(catalog.nodes.get(name));
    case 'edge':
      return typeFingerprint(findEdge(catalog, name));
    case 'interface':
      return catalog.interfaces.has(name) ? name : undefined;
    case 'names': {
      const known = nameFingerprints.get(catalog) ?? {
        node: [...catalog.nodes.keys()].join(' '),
        edge: [...catalog.edges.keys()].join(' '),
      };
      nameFingerprints.set(catalog, known);
      return name === 'node' ? known.node : known.edge;
    }
  }
}

/** Everything of a type that checking reads, and nothing that moves when another declaration is edited. */
function typeFingerprint(type: NodeType | EdgeType | undefined): string | undefined {
  if (type === undefined) return undefined;
  const known = typeFingerprints.get(type);
  if (known !== undefined) return known;
  const properties = [...type.properties.values()].map((property) => [property.name, property.type]);
  const rest = type.kind === 'node' ? [type.key, [...type.embeds]] : [type.from, type.to];
  const made = JSON.stringify([type.kind, type.name, properties, rest]);
  typeFingerprints.set(type, made);
  return made;
}
