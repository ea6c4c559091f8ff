/**
 * The catalog: what a schema means, as plain data without syntax nodes, shared by the checker, the planner, the
 * engine and the editor. Contract: schema-language.md §§4–12. Maps (not objects) everywhere a user chooses the key,
 * since `__proto__` and `constructor` are legal names.
 */
import type { SourceRange } from '../diagnostics/index.js';

export type BaseScalar =
  | 'String'
  | 'Bool'
  | 'I32'
  | 'I64'
  | 'U32'
  | 'U64'
  | 'F32'
  | 'F64'
  | 'Date'
  | 'DateTime'
  | 'Blob';

export type Scalar = BaseScalar | { readonly Vector: number };

/** §4: exactly these keys, in this order, in plan steps and in the IR. */
export interface PropType {
  readonly scalar: Scalar;
  readonly nullable: boolean;
  readonly list: boolean;
  /** Sorted by code point; `null` when not an enum. */
  readonly enum_values: readonly string[] | null;
}

/** §6: literals are kept as strings; `kwargs` is present only when not empty, keys sorted. */
export interface Annotation {
  readonly name: string;
  readonly value: string | null;
  readonly kwargs?: Readonly<Record<string, string>>;
}

export type Bound = { readonly Integer: bigint } | { readonly Float: number };

/** §7. Columns are sorted by name; `src` and `dst` may stand among an edge's columns. */
export type Constraint =
  | { readonly Key: readonly string[] }
  | { readonly Unique: readonly string[] }
  | { readonly Index: readonly string[] }
  | { readonly Range: { readonly property: string; readonly min: Bound | null; readonly max: Bound | null } }
  | { readonly Check: { readonly property: string; readonly pattern: string } };

export type PropertyFlag = 'key' | 'unique' | 'index';

export interface EmbedSource {
  readonly property_name: string;
  readonly model: string | null;
}

export interface PropertyOrigin {
  readonly owner_name: string;
  readonly property_name: string;
}

export interface Property {
  readonly name: string;
  readonly type: PropType;
  /** Everything but `@rename_from`, `@embed`, `@key`, `@unique`, `@index`: sorted by JSON text, unique. */
  readonly annotations: readonly Annotation[];
  /** Property-level `@key`, `@unique`, `@index`, in that order. */
  readonly flags: readonly PropertyFlag[];
  readonly embed: EmbedSource | null;
  readonly declaredDirectly: boolean;
  /** The interface properties this one satisfies, sorted. */
  readonly satisfies: readonly PropertyOrigin[];
  readonly renameFrom: string | null;
  /** Stable id (§12); absent while the catalog is unbound. */
  readonly propertyId?: number;
  /** Where its name stands; absent when injected or when read from a stored form. */
  readonly range?: SourceRange;
}

interface DeclaredType {
  readonly name: string;
  /** Insertion order: file order with injected ones last (unbound), by name (bound). */
  readonly properties: ReadonlyMap<string, Property>;
  readonly renameFrom: string | null;
  readonly typeId?: number;
  readonly range?: SourceRange;
}

export interface InterfaceType extends DeclaredType {
  readonly kind: 'interface';
}

interface TableType extends DeclaredType {
  /** Everything but `@rename_from`: sorted by JSON text, unique. */
  readonly annotations: readonly Annotation[];
  /** All constraints, property-level ones included as one-column constraints; sorted by key text, unique (§11). */
  readonly constraints: readonly Constraint[];
  readonly unique: readonly (readonly string[])[];
  /** The key's group included. */
  readonly indexes: readonly (readonly string[])[];
  readonly blobs: ReadonlySet<string>;
  /** The lifetime of the stored table (§12); absent while unbound. */
  readonly tableIncarnationId?: number;
}

export interface RangeConstraint {
  readonly property: string;
  readonly min: Bound | null;
  readonly max: Bound | null;
}

export interface CheckConstraint {
  readonly property: string;
  readonly pattern: string;
}

export interface NodeType extends TableType {
  readonly kind: 'node';
  readonly implements: readonly string[];
  /** Bound: ascending stable property id (§18), the order of composite ids. Unbound: by name. `null`: no key. */
  readonly key: readonly string[] | null;
  readonly ranges: readonly RangeConstraint[];
  readonly checks: readonly CheckConstraint[];
  /** Target vector property → its source. */
  readonly embeds: ReadonlyMap<string, EmbedSource>;
}

export interface Cardinality {
  readonly min: number;
  readonly max: number | null;
}

export interface EdgeType extends TableType {
  readonly kind: 'edge';
  readonly from: string;
  readonly to: string;
  readonly cardinality: Cardinality;
}

export interface Catalog {
  readonly nodes: ReadonlyMap<string, NodeType>;
  readonly edges: ReadonlyMap<string, EdgeType>;
  readonly interfaces: ReadonlyMap<string, InterfaceType>;
  /** Lower-cased edge name → declared name (§9). Use `findEdge`. */
  readonly edgesByFoldedName: ReadonlyMap<string, string>;
  /** The schema text it was compiled from, byte for byte as given. */
  readonly source: string;
  /** `sha256:…` of the canonical shape (§11). */
  readonly shapeHash: string;
}

/** Exact name first, then lower-cased (§9). */
export function findEdge(catalog: Catalog, name: string): EdgeType | undefined {
  const exact = catalog.edges.get(name);
  if (exact !== undefined) return exact;
  const declared = catalog.edgesByFoldedName.get(name.toLowerCase());
  return declared === undefined ? undefined : catalog.edges.get(declared);
}

export const vectorDimension = (type: PropType): number | undefined =>
  typeof type.scalar === 'object' ? type.scalar.Vector : undefined;

/** §4 display: `String?`, `[I32]`, `Vector(3)`, `enum(a, b)`. */
export function displayType(type: PropType): string {
  const dimension = vectorDimension(type);
  const core =
    type.enum_values !== null
      ? `enum(${type.enum_values.join(', ')})`
      : dimension !== undefined
        ? `Vector(${dimension})`
        : String(type.scalar);
  return `${type.list ? `[${core}]` : core}${type.nullable ? '?' : ''}`;
}
