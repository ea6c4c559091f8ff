/**
 * The canonical shape: what a schema means, free of identities and of everything that may be written one way or
 * another. Its hash says whether two texts are the same schema. schema-language.md §11.
 */
import { stringifyExactJson } from '../json/index.js';
import type { Catalog, EdgeType, InterfaceType, NodeType, Property } from './catalog.js';
import { sha256Hex } from './digest.js';

export type ShapeSource = Pick<Catalog, 'interfaces' | 'nodes' | 'edges'>;

/** `sha256:` + hex of the shape's compact JSON. */
export const shapeHash = (catalog: ShapeSource): string => `sha256:${sha256Hex(shapeText(catalog))}`;

/** The compact JSON of the shape. */
export function shapeText(catalog: ShapeSource): string {
  return compactJson({
    interfaces: byName(catalog.interfaces).map(interfaceShape),
    nodes: byName(catalog.nodes).map(nodeShape),
    edges: byName(catalog.edges).map(edgeShape),
  });
}

/** Values by name, in code-unit order. */
export function byName<T extends { readonly name: string }>(values: ReadonlyMap<string, T>): readonly T[] {
  return [...values.values()].sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/** Compact JSON that keeps integers beyond 2^53 exact. */
export function compactJson(value: unknown): string {
  return stringifyExactJson(value);
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
  constraints: type.constraints,
});

const edgeShape = (type: EdgeType): unknown => ({
  name: type.name,
  from_type: type.from,
  to_type: type.to,
  cardinality: type.cardinality,
  annotations: type.annotations,
  properties: byName(type.properties).map(propertyShape),
  constraints: type.constraints,
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
