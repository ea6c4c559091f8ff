/** The difference of two bound catalogs, type by type. schema-language.md §13. */
import type { Catalog, Constraint, EdgeType, NodeType } from './catalog.js';
import { constraintKeyText } from './constraint-text.js';
import { type SchemaType, typeKey } from './identity.js';
import { diffAnnotations, unsupported } from './migration-parts.js';
import type { MigrationStep } from './migration-plan.js';
import { diffProperties } from './migration-properties.js';
import { byName } from './shape.js';

/** Steps in plan order: interfaces, nodes, edges; in each the desired by name, then the removed by accepted name. */
export function diffTypes(accepted: Catalog, desired: Catalog): readonly MigrationStep[] {
  return [
    ...diffKind(accepted.interfaces, desired.interfaces, accepted, desired),
    ...diffKind(accepted.nodes, desired.nodes, accepted, desired),
    ...diffKind(accepted.edges, desired.edges, accepted, desired),
  ];
}

function diffKind<T extends SchemaType>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  accepted: Catalog,
  desired: Catalog,
): readonly MigrationStep[] {
  const beforeById = new Map([...before.values()].map((type) => [type.typeId, type]));
  const kept = new Set([...after.values()].map((type) => type.typeId));
  const present = byName(after).flatMap((type): readonly MigrationStep[] => {
    const previous = beforeById.get(type.typeId);
    return previous === undefined
      ? [{ kind: 'add_type', type_kind: type.kind, name: type.name }]
      : diffType(previous, type, accepted, desired);
  });
  const removed = byName(before).flatMap((type): readonly MigrationStep[] => {
    if (kept.has(type.typeId)) return [];
    if (type.kind === 'interface') return [unsupported(typeKey(type), 'removing an interface is not supported')];
    return [{ kind: 'drop_type', type_kind: type.kind, name: type.name, mode: 'soft' }];
  });
  return [...present, ...removed];
}

function diffType(
  before: SchemaType,
  after: SchemaType,
  accepted: Catalog,
  desired: Catalog,
): readonly MigrationStep[] {
  const steps: MigrationStep[] = [];
  if (before.name !== after.name) {
    steps.push({ kind: 'rename_type', type_kind: after.kind, from: before.name, to: after.name });
  }
  if (before.kind === 'node' && after.kind === 'node') steps.push(...diffImplements(before, after, accepted, desired));
  if (before.kind === 'edge' && after.kind === 'edge') steps.push(...diffEdge(before, after, accepted, desired));
  if (before.kind !== 'interface' && after.kind !== 'interface') steps.push(...diffTypeMetadata(before, after));
  const properties = diffProperties(before, after, accepted, desired);
  steps.push(...properties.steps);
  if (before.kind !== 'interface' && after.kind !== 'interface') {
    steps.push(...diffConstraints(before, after, properties.indexed));
  }
  return steps;
}

function diffImplements(
  before: NodeType,
  after: NodeType,
  accepted: Catalog,
  desired: Catalog,
): readonly MigrationStep[] {
  const ids = (node: NodeType, catalog: Catalog): string =>
    node.implements
      .map((name) => catalog.interfaces.get(name)?.typeId ?? 0)
      .sort((left, right) => left - right)
      .join();
  if (ids(before, accepted) === ids(after, desired)) return [];
  return [unsupported(typeKey(after), 'changing the implemented interfaces of an existing node is not supported')];
}

function diffEdge(before: EdgeType, after: EdgeType, accepted: Catalog, desired: Catalog): readonly MigrationStep[] {
  const steps: MigrationStep[] = [];
  const ends = (edge: EdgeType, { nodes }: Catalog): string =>
    `${nodes.get(edge.from)?.typeId}-${nodes.get(edge.to)?.typeId}`;
  if (ends(before, accepted) !== ends(after, desired)) {
    const reason = `changing the endpoints from ${before.from} -> ${before.to} to ${after.from} -> ${after.to} is not supported`;
    steps.push(unsupported(typeKey(after), reason));
  }
  const [old, wanted] = [before.cardinality, after.cardinality];
  if (old.min !== wanted.min || old.max !== wanted.max) {
    const reason = `changing the cardinality from ${old.min}..${old.max ?? ''} to ${wanted.min}..${wanted.max ?? ''} is not supported`;
    steps.push(unsupported(typeKey(after), reason));
  }
  return steps;
}

function diffTypeMetadata(before: NodeType | EdgeType, after: NodeType | EdgeType): readonly MigrationStep[] {
  const { metadata, opaque } = diffAnnotations(before.annotations, after.annotations);
  const steps: MigrationStep[] = [];
  if (metadata !== undefined) {
    steps.push({ kind: 'update_type_metadata', type_kind: after.kind, name: after.name, annotations: metadata });
  }
  if (opaque) {
    const reason = 'changing annotations other than @description and @instruction is not supported';
    steps.push(unsupported(typeKey(after), reason));
  }
  return steps;
}

/** One step for all that is removed, then the additions in key order; `indexed` are told already by their property. */
function diffConstraints(
  before: NodeType | EdgeType,
  after: NodeType | EdgeType,
  indexed: ReadonlySet<string>,
): readonly MigrationStep[] {
  const old = new Map(before.constraints.map((constraint) => [identityText(constraint, before), constraint]));
  const wanted = new Map(after.constraints.map((constraint) => [identityText(constraint, after), constraint]));
  const removed = [...old].flatMap(([text, constraint]) => (wanted.has(text) ? [] : [constraintKeyText(constraint)]));
  const steps: MigrationStep[] = [];
  if (removed.length > 0) {
    const names = removed.map((text) => `'${text}'`).join(', ');
    steps.push(unsupported(typeKey(after), `removing constraints is not supported: ${names}`));
  }
  for (const [text, constraint] of wanted) {
    if (old.has(text)) continue;
    if ('Index' in constraint) {
      const [only, second] = constraint.Index;
      if (second === undefined && only !== undefined && indexed.has(only)) continue;
      steps.push({ kind: 'add_constraint', type_kind: after.kind, type_name: after.name, constraint });
    } else {
      const reason = `adding constraint '${constraintKeyText(constraint)}' is not supported`;
      steps.push(unsupported(typeKey(after), reason));
    }
  }
  return steps;
}

/** A constraint's key text over property ids instead of names, so that a rename changes nothing. */
function identityText(constraint: Constraint, type: NodeType | EdgeType): string {
  const id = (name: string): string => String(type.properties.get(name)?.propertyId ?? name);
  const ids = (names: readonly string[]): readonly string[] => names.map(id).sort();
  if ('Key' in constraint) return constraintKeyText({ Key: ids(constraint.Key) });
  if ('Unique' in constraint) return constraintKeyText({ Unique: ids(constraint.Unique) });
  if ('Index' in constraint) return constraintKeyText({ Index: ids(constraint.Index) });
  if ('Range' in constraint) {
    return constraintKeyText({ Range: { ...constraint.Range, property: id(constraint.Range.property) } });
  }
  return constraintKeyText({ Check: { ...constraint.Check, property: id(constraint.Check.property) } });
}
