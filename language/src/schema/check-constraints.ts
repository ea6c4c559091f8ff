/** Constraint rules of nodes and edges (S1 e). schema-language.md §7. */
import { suggestion } from '../lexis/index.js';
import { displayType, type PropType, vectorDimension } from './catalog.js';
import type { ArgumentDeclaration, ConstraintDeclaration, Name } from './declarations.js';
import type { EffectiveProperty, EffectiveType } from './effective.js';
import type { Place, SchemaReport } from './placed.js';

const NUMERIC = new Set(['I32', 'I64', 'U32', 'U64', 'F32', 'F64']);
const ENDPOINTS = new Set(['src', 'dst']);

/** Body constraints in written order, then what property-level `@key` adds: its column rules, and one key per node. */
export function checkConstraints(type: EffectiveType, report: SchemaReport): void {
  const keys: Place[] = [];
  for (const constraint of type.constraints) {
    const place = { offset: type.offset, span: constraint.span };
    if (type.kind === 'edge' && constraint.kind !== 'unique' && constraint.kind !== 'index') {
      report.error('S1', place, {
        code: 'constraint-not-on-edges',
        message: `@${constraint.kind} is not allowed on edges (edge ${type.name})`,
        remedy: 'edges take @unique and @index only',
      });
      continue;
    }
    if (constraint.kind === 'key') keys.push(place);
    checkConstraint(type, constraint, report);
  }
  if (type.kind === 'node') {
    for (const property of type.properties) keys.push(...propertyKeys(type, property, report));
  }
  for (const place of keys.slice(1)) {
    report.error('S1', place, {
      code: 'multiple-keys',
      message: `multiple @key on node ${type.name}; one allowed`,
      remedy: 'for a composite key write one `@key(a, b)`; use @unique for the others',
    });
  }
}

function checkConstraint(type: EffectiveType, constraint: ConstraintDeclaration, report: SchemaReport): void {
  switch (constraint.kind) {
    case 'key':
    case 'unique':
    case 'index':
      for (const column of constraint.arguments) {
        if (column.kind === 'name') checkColumn(type, constraint.kind, column, report);
      }
      return;
    case 'range':
      checkScalar(type, constraint, 'a numeric', (scalar) => NUMERIC.has(String(scalar)), report);
      return;
    case 'check':
      checkScalar(type, constraint, 'String', (scalar) => scalar === 'String', report);
      return;
    default:
      constraint.kind satisfies never;
  }
}

function checkColumn(
  type: EffectiveType,
  kind: 'key' | 'unique' | 'index',
  column: ArgumentDeclaration,
  report: SchemaReport,
): void {
  if (type.kind === 'edge' && ENDPOINTS.has(column.text)) return;
  const property = findProperty(type, kind, column, report);
  if (property === undefined || !property.declaration.type.known) return;
  const place = { offset: type.offset, span: column.span };
  if (kind === 'key') refuseNullableKey(type, property, place, report);
  const family = unsupportedFamily(kind, property.declaration.type.type);
  if (family === undefined) return;
  report.error('S1', place, {
    code: `${kind}-on-${family}`,
    message: `@${kind} is not supported on ${family} property ${type.name}.${column.text}`,
    remedy: 'leave this property out',
  });
}

/** Which kinds of column a constraint cannot take. A vector index is the one thing a vector is good for. */
function unsupportedFamily(kind: 'key' | 'unique' | 'index', type: PropType): string | undefined {
  if (type.list) return 'list';
  if (vectorDimension(type) !== undefined && kind !== 'index') return 'vector';
  return type.scalar === 'Blob' ? 'blob' : undefined;
}

/** Lists, vectors and Blobs under a property-level `@key` are refused with its annotation. */
function propertyKeys(type: EffectiveType, property: EffectiveProperty, report: SchemaReport): readonly Place[] {
  const key = property.declaration.annotations.find((annotation) => annotation.name === 'key');
  if (key === undefined) return [];
  const place = { offset: property.offset, span: key.span };
  refuseNullableKey(type, property, place, report);
  return [place];
}

function refuseNullableKey(type: EffectiveType, property: EffectiveProperty, place: Place, report: SchemaReport): void {
  const declared = property.declaration.type;
  if (!declared.known || !declared.type.nullable) return;
  report.error('S1', place, {
    code: 'nullable-key',
    message: `@key property ${type.name}.${property.declaration.name.text} cannot be nullable`,
    remedy: 'remove the `?`, or key the node by another property',
  });
}

function checkScalar(
  type: EffectiveType,
  constraint: ConstraintDeclaration,
  wanted: string,
  accepts: (scalar: PropType['scalar']) => boolean,
  report: SchemaReport,
): void {
  const [column] = constraint.arguments;
  if (column === undefined || column.kind !== 'name') return;
  const property = findProperty(type, constraint.kind, column, report);
  if (property === undefined || !property.declaration.type.known) return;
  const declared = property.declaration.type.type;
  if (accepts(declared.scalar)) return;
  report.error(
    'S1',
    { offset: type.offset, span: column.span },
    {
      code: `${constraint.kind}-type`,
      message: `@${constraint.kind} on ${type.name}.${column.text} requires ${wanted} type, got ${displayType(declared)}`,
      remedy: constraint.kind === 'range' ? 'bound a number property' : 'check a String property',
    },
  );
}

function findProperty(
  type: EffectiveType,
  kind: ConstraintDeclaration['kind'],
  column: Name,
  report: SchemaReport,
): EffectiveProperty | undefined {
  const property = type.byName.get(column.text);
  if (property === undefined && type.complete) {
    report.error(
      'S1',
      { offset: type.offset, span: column.span },
      {
        code: 'unknown-property',
        message: `@${kind} on ${type.name}: unknown property '${column.text}'`,
        ...suggestion(column.text, type.byName.keys()),
      },
    );
  }
  return property;
}
