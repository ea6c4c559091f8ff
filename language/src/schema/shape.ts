/**
 * The canonical shape: what a schema means, free of identities and of everything that may be written one way or
 * another. Its hash says whether two texts are the same schema. schema-language.md §11.
 */
import { stringifyExactJson } from '../json/index.js';
import type { Bound, Catalog, Constraint, EdgeType, InterfaceType, NodeType, Property } from './catalog.js';
import { sha256Hex } from './digest.js';

export type ShapeSource = Pick<Catalog, 'interfaces' | 'nodes' | 'edges'>;

/** `sha256:` + hex of the shape's compact JSON. */
export const shapeHash = (catalog: ShapeSource): string => `sha256:${sha256Hex(shapeText(catalog))}`;

/** The compact JSON of the shape. */
function shapeText(catalog: ShapeSource): string {
  const tables = [...catalog.nodes.values(), ...catalog.edges.values()];
  const hasWideBounds = tables.some((type) => type.constraints.some(isWide));
  const shape = {
    interfaces: byName(catalog.interfaces).map(interfaceShape),
    nodes: byName(catalog.nodes).map(nodeShape),
    edges: byName(catalog.edges).map(edgeShape),
  };
  return compactShapeJson(shape, hasWideBounds);
}

/** Values by name, in code-unit order. */
export function byName<T extends { readonly name: string }>(values: ReadonlyMap<string, T>): readonly T[] {
  return [...values.values()].sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/** Compact JSON that keeps integers beyond 2^53 exact. */
export const compactJson = (value: unknown): string => stringifyExactJson(value);

/**
 * The same text, by the engine's own serializer where no integer needs more than a double: this one runs at every
 * keystroke in an editor.
 */
function compactShapeJson(value: unknown, hasWideBounds: boolean): string {
  return hasWideBounds ? compactJson(value) : JSON.stringify(value);
}

const interfaceShape = (type: InterfaceType): unknown => ({
  name: type.name,
  properties: byName(type.properties).map(propertyShape),
});

const nodeShape = (type: NodeType): unknown => ({
  name: type.name,
  annotations: type.annotations,
  implements: type.implements,
  properties: byName(type.properties).map(propertyShape),
  constraints: type.constraints.map(constraintShape),
});

const edgeShape = (type: EdgeType): unknown => ({
  name: type.name,
  from_type: type.from,
  to_type: type.to,
  cardinality: type.cardinality,
  annotations: type.annotations,
  properties: byName(type.properties).map(propertyShape),
  constraints: type.constraints.map(constraintShape),
});

const propertyShape = (property: Property): unknown => ({
  name: property.name,
  prop_type: property.type,
  annotations: property.annotations,
  property_constraints: property.flags,
  embed_source: property.embed,
  declared_directly: property.declaredDirectly,
  satisfies_interface_properties: property.satisfies,
});

const isWide = (constraint: Constraint): boolean =>
  'Range' in constraint && [constraint.Range.min, constraint.Range.max].some((bound) => !isNarrow(bound));

const isNarrow = (bound: Bound | null): boolean =>
  bound === null || !('Integer' in bound) || Number.isSafeInteger(Number(bound.Integer));

function constraintShape(constraint: Constraint): unknown {
  if (!('Range' in constraint) || isWide(constraint)) return constraint;
  const { property, min, max } = constraint.Range;
  return { Range: { property, min: boundShape(min), max: boundShape(max) } };
}

const boundShape = (bound: Bound | null): unknown =>
  bound !== null && 'Integer' in bound ? { Integer: Number(bound.Integer) } : bound;
