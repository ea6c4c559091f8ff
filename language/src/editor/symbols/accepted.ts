/**
 * The schema a graph has now, as its last apply left it: what a rename must refer to so that the migration keeps the
 * data. It comes from the plan preview, so it is known only where a plan can be made, and once one was.
 */
import type { Catalog, EdgeType, NodeType, Property, SchemaDeclaration } from '../../schema/index.js';
import type { EditorContext } from '../feature.js';
import { planPreviews } from '../plan/index.js';

/** Never waits; `undefined` when no graph of this schema is known. Asking starts a preview where none was made. */
export function acceptedSchema(schemaUri: string, context: EditorContext): Catalog | undefined {
  for (const owner of context.workspace.ownersOf(schemaUri)) {
    if (owner.role !== 'schema') continue;
    const graph = planPreviews(context).current(owner.cluster).preview?.graphs.get(owner.graph.id);
    if (graph?.kind === 'open') return graph.accepted;
  }
  return undefined;
}

type StoredDeclaration = Exclude<SchemaDeclaration, { readonly kind: 'interface' }>;

/** The accepted type that a declaration means: of its own name, else the one its hint names (§12). */
export function acceptedTypeOf(declaration: StoredDeclaration, accepted: Catalog): NodeType | EdgeType | undefined {
  const types: ReadonlyMap<string, NodeType | EdgeType> = declaration.kind === 'node' ? accepted.nodes : accepted.edges;
  const hint = declaration.annotations.find(({ name }) => name === 'rename_from')?.value?.text;
  return types.get(declaration.name.text) ?? types.get(hint ?? '');
}

/** Accepted types of a kind that no declaration means any more: what the migration would drop. */
export function droppedTypes(
  kind: StoredDeclaration['kind'],
  declarations: readonly SchemaDeclaration[],
  accepted: Catalog,
): readonly (NodeType | EdgeType)[] {
  const kept = new Set(
    declarations.flatMap((declaration) =>
      declaration.kind === kind ? [acceptedTypeOf(declaration, accepted)?.name] : [],
    ),
  );
  const types: readonly (NodeType | EdgeType)[] = [
    ...(kind === 'node' ? accepted.nodes.values() : accepted.edges.values()),
  ];
  return types.filter(({ name }) => !kept.has(name));
}

/** Accepted properties of the type that a declaration means which it has no more, hints included. */
export function droppedProperties(
  declaration: StoredDeclaration,
  current: Catalog,
  accepted: Catalog,
): readonly Property[] {
  const before = acceptedTypeOf(declaration, accepted);
  if (before === undefined) return [];
  const types: ReadonlyMap<string, NodeType | EdgeType> = declaration.kind === 'node' ? current.nodes : current.edges;
  const now = [...(types.get(declaration.name.text)?.properties.values() ?? [])];
  const kept = new Set(now.map(({ name, renameFrom }) => (before.properties.has(name) ? name : (renameFrom ?? name))));
  return [...before.properties.values()].filter(({ name }) => !kept.has(name));
}
