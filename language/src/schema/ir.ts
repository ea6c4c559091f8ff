/**
 * The identity-bearing form of an accepted schema, version 2: what a graph stores beside the schema's text. Key order
 * here is the order in JSON. schema-language.md §11.
 */
import type {
  Annotation,
  Bound,
  Cardinality,
  Catalog,
  Constraint,
  EdgeType,
  NodeType,
  Property,
  PropertyFlag,
  PropType,
} from './catalog.js';
import { sha256Hex } from './digest.js';
import { boundId, type SchemaType } from './identity.js';
import { byName, compactJson } from './shape.js';

export const IR_VERSION = 2;

interface IrTypeRef {
  readonly type_id: number;
  readonly type_name: string;
}

interface IrPropertyRef {
  readonly owner_type_id: number;
  readonly owner_type_name: string;
  readonly property_id: number;
  readonly property_name: string;
}

type IrField =
  | ({ readonly kind: 'property' } & IrPropertyRef)
  | {
      readonly kind: 'system';
      readonly stable_table_id: number;
      readonly table_type_name: string;
      readonly table_incarnation_id: number;
      readonly role: 'id' | 'src' | 'dst';
    };

type IrConstraint =
  | { readonly kind: 'key' | 'unique' | 'index'; readonly fields: readonly IrField[] }
  | { readonly kind: 'range'; readonly field: IrField; readonly min: Bound | null; readonly max: Bound | null }
  | { readonly kind: 'check'; readonly field: IrField; readonly pattern: string };

interface IrProperty {
  readonly property_id: number;
  readonly name: string;
  readonly prop_type: PropType;
  readonly annotations: readonly Annotation[];
  readonly property_constraints: readonly PropertyFlag[];
  readonly embed_source: { readonly property: IrPropertyRef; readonly model: string | null } | null;
  readonly declared_directly: boolean;
  /** Sorted by property id. */
  readonly satisfies_interface_properties: readonly IrPropertyRef[];
}

interface IrInterface {
  readonly type_id: number;
  readonly name: string;
  readonly properties: readonly IrProperty[];
}

interface IrNode {
  readonly type_id: number;
  readonly table_incarnation_id: number;
  readonly name: string;
  readonly annotations: readonly Annotation[];
  /** Sorted by type id. */
  readonly implements: readonly IrTypeRef[];
  readonly properties: readonly IrProperty[];
  readonly constraints: readonly IrConstraint[];
}

interface IrEdge {
  readonly type_id: number;
  readonly table_incarnation_id: number;
  readonly name: string;
  readonly from_type: IrTypeRef;
  readonly to_type: IrTypeRef;
  readonly cardinality: Cardinality;
  readonly annotations: readonly Annotation[];
  readonly properties: readonly IrProperty[];
  readonly constraints: readonly IrConstraint[];
}

export interface SchemaIr {
  readonly ir_version: typeof IR_VERSION;
  readonly schema_identity_domain: string;
  readonly next_identity_id: number;
  readonly interfaces: readonly IrInterface[];
  readonly nodes: readonly IrNode[];
  readonly edges: readonly IrEdge[];
}

/** The IR of a bound catalog. Throws when it is unbound, which only a bug can cause. */
export function buildIr(catalog: Catalog, domain: string, next: number): SchemaIr {
  return {
    ir_version: IR_VERSION,
    schema_identity_domain: domain,
    next_identity_id: next,
    interfaces: byName(catalog.interfaces).map((type) => ({
      type_id: boundId(type.typeId, type.name),
      name: type.name,
      properties: byName(type.properties).map((property) => irProperty(property, type, catalog)),
    })),
    nodes: byName(catalog.nodes).map((type) => ({
      type_id: boundId(type.typeId, type.name),
      table_incarnation_id: boundId(type.tableIncarnationId, type.name),
      name: type.name,
      annotations: type.annotations,
      implements: type.implements
        .map((name) => typeRef(catalog.interfaces.get(name), name))
        .sort((left, right) => left.type_id - right.type_id),
      properties: byName(type.properties).map((property) => irProperty(property, type, catalog)),
      constraints: type.constraints.map((constraint) => irConstraint(constraint, type)),
    })),
    edges: byName(catalog.edges).map((type) => ({
      type_id: boundId(type.typeId, type.name),
      table_incarnation_id: boundId(type.tableIncarnationId, type.name),
      name: type.name,
      from_type: typeRef(catalog.nodes.get(type.from), type.from),
      to_type: typeRef(catalog.nodes.get(type.to), type.to),
      cardinality: type.cardinality,
      annotations: type.annotations,
      properties: byName(type.properties).map((property) => irProperty(property, type, catalog)),
      constraints: type.constraints.map((constraint) => irConstraint(constraint, type)),
    })),
  };
}

/** `sha256:` + hex of the IR's compact JSON. */
export const schemaIrHash = (ir: SchemaIr): string => `sha256:${sha256Hex(compactJson(ir))}`;

function irProperty(property: Property, owner: SchemaType, catalog: Catalog): IrProperty {
  const { embed } = property;
  return {
    property_id: boundId(property.propertyId, property.name),
    name: property.name,
    prop_type: property.type,
    annotations: property.annotations,
    property_constraints: property.flags,
    embed_source: embed === null ? null : { property: propertyRef(owner, embed.property_name), model: embed.model },
    declared_directly: property.declaredDirectly,
    satisfies_interface_properties: property.satisfies
      .map((origin) => propertyRef(catalog.interfaces.get(origin.owner_name), origin.property_name))
      .sort((left, right) => left.property_id - right.property_id),
  };
}

function irConstraint(constraint: Constraint, owner: NodeType | EdgeType): IrConstraint {
  const field = (name: string): IrField => fieldRef(owner, name);
  if ('Key' in constraint) return { kind: 'key', fields: constraint.Key.map(field) };
  if ('Unique' in constraint) return { kind: 'unique', fields: constraint.Unique.map(field) };
  if ('Index' in constraint) return { kind: 'index', fields: constraint.Index.map(field) };
  if ('Range' in constraint) {
    const { property, min, max } = constraint.Range;
    return { kind: 'range', field: field(property), min, max };
  }
  const { property, pattern } = constraint.Check;
  return { kind: 'check', field: field(property), pattern };
}

function fieldRef(owner: NodeType | EdgeType, name: string): IrField {
  if (owner.kind === 'edge' && (name === 'src' || name === 'dst')) {
    return {
      kind: 'system',
      stable_table_id: boundId(owner.typeId, owner.name),
      table_type_name: owner.name,
      table_incarnation_id: boundId(owner.tableIncarnationId, owner.name),
      role: name,
    };
  }
  return { kind: 'property', ...propertyRef(owner, name) };
}

function typeRef(type: SchemaType | undefined, name: string): IrTypeRef {
  return { type_id: boundId(type?.typeId, name), type_name: name };
}

function propertyRef(owner: SchemaType | undefined, name: string): IrPropertyRef {
  return {
    owner_type_id: boundId(owner?.typeId, `the owner of '${name}'`),
    owner_type_name: owner?.name ?? '',
    property_id: boundId(owner?.properties.get(name)?.propertyId, name),
    property_name: name,
  };
}
