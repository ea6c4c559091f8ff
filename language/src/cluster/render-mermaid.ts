/** The resources of a cluster and what each depends on, as a Mermaid flowchart. Beyond cluster.md. */
import type { ResourceKind } from './address.js';
import type { GraphReport } from './report.js';

/** Lines of Mermaid: a node per resource, in address order, and an arrow from each resource to what it needs. */
export function renderDependencyGraph({
  resources,
  dependencies,
}: Pick<GraphReport, 'resources' | 'dependencies'>): readonly string[] {
  const ids = new Map(resources.map(({ address }, at) => [address, `r${at}`]));
  const nodes = resources.map(({ address, kind }) => {
    const [open, close] = SHAPES[kind];
    return `  ${ids.get(address)}${open}"${quoted(address)}"${close}`;
  });
  const arrows = dependencies.flatMap(({ from, to }) => {
    const [source, target] = [ids.get(from), ids.get(to)];
    // What does not check has no resource, and an arrow to nowhere says nothing.
    return source === undefined || target === undefined ? [] : [`  ${source} --> ${target}`];
  });
  return ['flowchart LR', ...nodes, ...arrows];
}

const SHAPES: Readonly<Record<ResourceKind, readonly [open: string, close: string]>> = {
  graph: ['[(', ')]'],
  schema: ['[', ']'],
  query: ['([', '])'],
  policy: ['{{', '}}'],
  embedding_provider: ['>', ']'],
};

const quoted = (text: string): string => text.replaceAll('"', '#quot;');
