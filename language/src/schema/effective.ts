/**
 * Interface expansion: the properties a type really has. A node's own properties first, in written order, then what
 * its interfaces inject, with the interface's annotations. schema-language.md §8.
 */
import { suggestion } from '../lexis/index.js';
import { displayType, type PropertyOrigin, type PropType } from './catalog.js';
import type {
  AnnotationDeclaration,
  ConstraintDeclaration,
  InterfaceDeclaration,
  NodeDeclaration,
  PropertyDeclaration,
} from './declarations.js';
import type { Placed, PlacedSchema, SchemaReport } from './placed.js';

export interface EffectiveProperty {
  readonly declaration: PropertyDeclaration;
  /** Start of the declaration the property is written in: the type itself, or the interface. */
  readonly offset: number;
  /** The interface that injects it, or null when the type declares it. */
  readonly injectedBy: string | null;
  readonly satisfies: readonly PropertyOrigin[];
}

/** A type with all its properties. `properties` holds a repeated name twice; `byName` the first of each. */
export interface EffectiveType {
  readonly kind: 'node' | 'edge';
  readonly name: string;
  readonly offset: number;
  /** False when a syntax error may have hidden members. */
  readonly complete: boolean;
  readonly properties: readonly EffectiveProperty[];
  readonly byName: ReadonlyMap<string, EffectiveProperty>;
  readonly constraints: readonly ConstraintDeclaration[];
}

export interface EffectiveNode extends EffectiveType {
  readonly kind: 'node';
  readonly placed: Placed<NodeDeclaration>;
}

/** Expands every node, in file order, reporting unknown interfaces and properties whose types disagree (S1 c). */
export function expandNodes(schema: PlacedSchema, report: SchemaReport): readonly EffectiveNode[] {
  const interfaces = new Map<string, Placed<InterfaceDeclaration>>();
  for (const placed of schema.interfaces) {
    const { text } = placed.declaration.name;
    if (!interfaces.has(text)) interfaces.set(text, placed);
  }
  return schema.nodes.map((placed) => expandNode(placed, interfaces, report));
}

/** A type that has only what it declares. */
export function ownProperties(
  properties: readonly PropertyDeclaration[],
  offset: number,
): readonly EffectiveProperty[] {
  return properties.map((declaration) => ({ declaration, offset, injectedBy: null, satisfies: [] }));
}

export function firstByName(properties: readonly EffectiveProperty[]): ReadonlyMap<string, EffectiveProperty> {
  const byName = new Map<string, EffectiveProperty>();
  for (const property of properties) {
    const name = property.declaration.name.text;
    if (!byName.has(name)) byName.set(name, property);
  }
  return byName;
}

function expandNode(
  placed: Placed<NodeDeclaration>,
  interfaces: ReadonlyMap<string, Placed<InterfaceDeclaration>>,
  report: SchemaReport,
): EffectiveNode {
  const { declaration, offset } = placed;
  const properties = [...ownProperties(declaration.properties, offset)];
  const byName = new Map(firstByName(properties));
  const origins = new Map<string, PropertyOrigin[]>();
  const seen = new Set<string>();
  let complete = declaration.complete;
  for (const reference of declaration.implements) {
    if (seen.has(reference.text)) continue;
    seen.add(reference.text);
    const found = interfaces.get(reference.text);
    if (found === undefined) {
      complete = false;
      report.error(
        'S1',
        { offset, span: reference.span },
        {
          code: 'unknown-interface',
          message: `unknown interface '${reference.text}' on node '${declaration.name.text}'`,
          ...suggestion(reference.text, interfaces.keys()),
        },
      );
      continue;
    }
    complete &&= found.declaration.complete;
    for (const supplied of firstByName(ownProperties(found.declaration.properties, found.offset)).values()) {
      const name = supplied.declaration.name.text;
      const origin = { owner_name: reference.text, property_name: name };
      origins.set(name, [...(origins.get(name) ?? []), origin]);
      const present = byName.get(name);
      if (present === undefined) {
        const injected: EffectiveProperty = { ...supplied, injectedBy: reference.text };
        byName.set(name, injected);
        properties.push(injected);
      } else {
        checkAgreement(placed, reference.text, present, supplied, report);
      }
    }
  }
  const withOrigins = properties.map((property) => ({
    ...property,
    satisfies: [...(origins.get(property.declaration.name.text) ?? [])].sort((left, right) =>
      left.owner_name < right.owner_name ? -1 : 1,
    ),
  }));
  return {
    kind: 'node',
    name: declaration.name.text,
    offset,
    complete,
    placed,
    properties: withOrigins,
    byName: firstByName(withOrigins),
    constraints: declaration.constraints,
  };
}

/** §8 step 2: the full type must be equal. */
function checkAgreement(
  node: Placed<NodeDeclaration>,
  interfaceName: string,
  present: EffectiveProperty,
  supplied: EffectiveProperty,
  report: SchemaReport,
): void {
  const [own, wanted] = [present.declaration.type, supplied.declaration.type];
  if (!own.known || !wanted.known || sameType(own.type, wanted.type)) return;
  const nodeName = node.declaration.name.text;
  const property = present.declaration.name.text;
  const place =
    present.injectedBy === null
      ? { offset: present.offset, span: own.span }
      : { offset: node.offset, span: node.declaration.name.span };
  report.error('S1', place, {
    code: 'interface-type-mismatch',
    message: `property '${nodeName}.${property}' is ${displayType(own.type)}, but interface '${interfaceName}' declares it as ${displayType(wanted.type)}`,
    remedy: `make both types equal, or drop '${interfaceName}' from the implements list`,
    related: report.related(
      { offset: supplied.offset, span: wanted.span },
      `declared by interface '${interfaceName}' here`,
    ),
  });
}

/** Scalar, dimension, list, nullability and enum set are all equal. */
export function sameType(left: PropType, right: PropType): boolean {
  return displayType(left) === displayType(right);
}

export const hasAnnotation = (annotations: readonly AnnotationDeclaration[], name: string): boolean =>
  annotations.some((annotation) => annotation.name === name);
