/**
 * Declarations → unbound catalog: file order, injected properties last. Built from whatever was recognised, also when
 * there were errors; of repeated names the first counts. schema-language.md §10.
 */

import { buildProperty, renameHint, typeAnnotations } from './build-property.js';
import type {
  Catalog,
  CheckConstraint,
  Constraint,
  EdgeType,
  InterfaceType,
  NodeType,
  Property,
  RangeConstraint,
} from './catalog.js';
import { canonicalConstraints } from './constraint-text.js';
import type {
  ConstraintArgumentDeclaration,
  ConstraintDeclaration,
  EdgeDeclaration,
  InterfaceDeclaration,
} from './declarations.js';
import { type EffectiveNode, type EffectiveProperty, firstByName, ownProperties } from './effective.js';
import { boundOf } from './lower-constraint.js';
import type { Placed, PlacedSchema, SchemaReport } from './placed.js';
import { shapeHash } from './shape.js';

export function buildCatalog(
  source: string,
  schema: PlacedSchema,
  nodes: readonly EffectiveNode[],
  report: SchemaReport,
): Catalog {
  const interfaces = firstOfEachName(schema.interfaces.map((placed) => buildInterface(placed, report)));
  const nodeTypes = firstOfEachName(nodes.map((node) => buildNode(node, report)));
  const edges = firstOfEachName(schema.edges.flatMap((placed) => buildEdge(placed, report) ?? []));
  const edgesByFoldedName = new Map<string, string>();
  for (const name of edges.keys()) {
    const folded = name.toLowerCase();
    if (!edgesByFoldedName.has(folded)) edgesByFoldedName.set(folded, name);
  }
  const types = { interfaces, nodes: nodeTypes, edges };
  let hash: string | undefined;
  return {
    ...types,
    edgesByFoldedName,
    source,
    // Hashing the shape costs more than all checks together, and an editor compiles at every keystroke.
    get shapeHash() {
      hash ??= shapeHash(types);
      return hash;
    },
  };
}

/** What follows from a type's constraints: groups, and for nodes ranges, checks and the key, columns by name (§10). */
export function constraintViews(constraints: readonly Constraint[]): {
  readonly key: readonly string[] | null;
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  readonly ranges: readonly RangeConstraint[];
  readonly checks: readonly CheckConstraint[];
} {
  const key = constraints.flatMap((constraint) => ('Key' in constraint ? [constraint.Key] : []))[0] ?? null;
  const declared = constraints.flatMap((constraint) => ('Index' in constraint ? [constraint.Index] : []));
  const keyIsNew = key !== null && !declared.some((columns) => columns.join() === key.join());
  return {
    key,
    unique: constraints.flatMap((constraint) => ('Unique' in constraint ? [constraint.Unique] : [])),
    indexes: keyIsNew ? [key, ...declared] : declared,
    ranges: constraints.flatMap((constraint) => ('Range' in constraint ? [constraint.Range] : [])),
    checks: constraints.flatMap((constraint) => ('Check' in constraint ? [constraint.Check] : [])),
  };
}

function buildInterface(placed: Placed<InterfaceDeclaration>, report: SchemaReport): InterfaceType {
  const { declaration, offset } = placed;
  const own = firstByName(ownProperties(declaration.properties, offset)).values();
  return {
    kind: 'interface',
    name: declaration.name.text,
    properties: propertyMap(own, report),
    renameFrom: null,
    range: report.range({ offset, span: declaration.name.span }),
  };
}

function buildNode(node: EffectiveNode, report: SchemaReport): NodeType {
  const { declaration, offset } = node.placed;
  const properties = propertyMap(node.byName.values(), report);
  const constraints = canonicalConstraints([
    ...node.constraints.flatMap((constraint) => buildConstraint(constraint) ?? []),
    ...flagConstraints(properties.values()),
  ]);
  const embeds = [...properties.values()].flatMap(({ name, embed }) =>
    embed === null ? [] : [[name, embed] as const],
  );
  return {
    kind: 'node',
    name: node.name,
    implements: [...new Set(declaration.implements.map((reference) => reference.text))].sort(),
    annotations: typeAnnotations(declaration.annotations),
    properties,
    renameFrom: renameHint(declaration.annotations),
    constraints,
    ...constraintViews(constraints),
    embeds: new Map(embeds),
    blobs: blobsOf(properties),
    range: report.range({ offset, span: declaration.name.span }),
  };
}

/** An edge whose endpoints could not be read is left out: nothing can be said about it. */
function buildEdge(placed: Placed<EdgeDeclaration>, report: SchemaReport): EdgeType | undefined {
  const { declaration, offset } = placed;
  if (declaration.from === null || declaration.to === null) return undefined;
  const properties = propertyMap(firstByName(ownProperties(declaration.properties, offset)).values(), report);
  const constraints = canonicalConstraints([
    ...declaration.constraints.flatMap((constraint) => buildConstraint(constraint) ?? []),
    ...flagConstraints(properties.values()),
  ]);
  const { unique, indexes } = constraintViews(constraints);
  return {
    kind: 'edge',
    name: declaration.name.text,
    from: declaration.from.text,
    to: declaration.to.text,
    cardinality: { min: declaration.cardinality?.min ?? 0, max: declaration.cardinality?.max ?? null },
    annotations: typeAnnotations(declaration.annotations),
    properties,
    renameFrom: renameHint(declaration.annotations),
    constraints,
    unique,
    indexes,
    blobs: blobsOf(properties),
    range: report.range({ offset, span: declaration.name.span }),
  };
}

function propertyMap(properties: Iterable<EffectiveProperty>, report: SchemaReport): ReadonlyMap<string, Property> {
  const map = new Map<string, Property>();
  for (const effective of properties) map.set(effective.declaration.name.text, buildProperty(effective, report));
  return map;
}

function blobsOf(properties: ReadonlyMap<string, Property>): ReadonlySet<string> {
  return new Set([...properties.values()].filter(({ type }) => type.scalar === 'Blob').map(({ name }) => name));
}

function* flagConstraints(properties: Iterable<Property>): Generator<Constraint> {
  for (const { name, flags } of properties) {
    for (const flag of flags) {
      if (flag === 'key') yield { Key: [name] };
      else if (flag === 'unique') yield { Unique: [name] };
      else yield { Index: [name] };
    }
  }
}

/** Malformed arguments were reported before; such a constraint means nothing and is left out. */
function buildConstraint(declaration: ConstraintDeclaration): Constraint | undefined {
  const [first, second] = declaration.arguments;
  const columns = [...new Set(declaration.arguments.flatMap(nameText))].sort();
  const property = first === undefined ? undefined : nameText(first)[0];
  switch (declaration.kind) {
    case 'key':
      return columns.length === 0 ? undefined : { Key: columns };
    case 'unique':
      return columns.length === 0 ? undefined : { Unique: columns };
    case 'index':
      return columns.length === 0 ? undefined : { Index: columns };
    case 'range': {
      if (property === undefined || second?.kind !== 'bounds') return undefined;
      const bound = (text: string | null) => (text === null ? null : boundOf(text));
      return { Range: { property, min: bound(second.min), max: bound(second.max) } };
    }
    case 'check':
      if (property === undefined || second?.kind !== 'string') return undefined;
      return { Check: { property, pattern: second.text } };
    default:
      return declaration.kind satisfies never;
  }
}

const nameText = (argument: ConstraintArgumentDeclaration): readonly string[] =>
  argument.kind === 'name' ? [argument.text] : [];

function firstOfEachName<T extends { readonly name: string }>(types: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const type of types) if (!map.has(type.name)) map.set(type.name, type);
  return map;
}
