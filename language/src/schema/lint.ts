/** Warnings about schemas that are valid and probably not what was meant. schema-language.md §19. */
import { nearest } from '../lexis/index.js';
import type { AnnotationDeclaration, ConstraintDeclaration, Declaration } from './declarations.js';
import { type EffectiveNode, hasAnnotation } from './effective.js';
import { boundOf } from './lower-constraint.js';
import type { Finding, Placed, PlacedSchema, SchemaReport } from './placed.js';

const KNOWN_ANNOTATIONS = [
  'key',
  'unique',
  'index',
  'embed',
  'description',
  'instruction',
  'rename_from',
  'range',
  'check',
  'card',
];

/** All lints, declarations in file order. */
export function lintSchema(schema: PlacedSchema, nodes: readonly EffectiveNode[], report: SchemaReport): void {
  const effective = new Map(nodes.map((node) => [node.offset, node]));
  const firstOfName = new Map<string, Placed>();
  for (const placed of schema.all) {
    lintSharedName(placed, firstOfName, report);
    if (placed.declaration.kind !== 'interface') {
      for (const annotation of placed.declaration.annotations) lintAnnotation(placed, annotation, report);
    }
    lintProperties(placed, report);
    if (placed.declaration.kind !== 'interface') {
      for (const constraint of placed.declaration.constraints) lintConstraint(placed, constraint, report);
    }
    lintEdge(placed, report);
    const node = effective.get(placed.offset);
    if (node !== undefined) lintNode(node, schema, report);
  }
}

function lintSharedName(placed: Placed, firstOfName: Map<string, Placed>, report: SchemaReport): void {
  const { name, kind } = placed.declaration;
  const other = firstOfName.get(name.text);
  if (other === undefined) firstOfName.set(name.text, placed);
  else if (other.declaration.kind !== kind) {
    report.lint(
      { offset: placed.offset, span: name.span },
      {
        code: 'shared-name',
        message: `the ${kind} '${name.text}' has the name of ${article(other.declaration.kind)}: a query that names it is ambiguous`,
        remedy: 'rename one of them',
        related: report.related({ offset: other.offset, span: other.declaration.name.span }, 'the other one'),
      },
    );
  }
}

const article = (kind: Declaration['kind']): string => (kind === 'node' ? 'a node' : `an ${kind}`);

function lintAnnotation(placed: Placed, annotation: AnnotationDeclaration, report: SchemaReport): void {
  const finding = annotationFinding(annotation.name);
  if (finding !== undefined) report.lint({ offset: placed.offset, span: annotation.span }, finding);
}

function annotationFinding(name: string): Finding | undefined {
  switch (name) {
    case 'card':
      return {
        code: 'card-without-bounds',
        message: '@card without `min..max` is an ordinary annotation: the cardinality stays `0..`',
        remedy: 'write `@card(0..1)` first in an edge header',
      };
    case 'range':
    case 'check':
      return {
        code: 'bare-constraint',
        message: `@${name} without arguments is an ordinary annotation and checks nothing`,
        remedy: name === 'range' ? 'write `@range(property, min..max)`' : 'write `@check(property, "pattern")`',
      };
    case 'default':
      return {
        code: 'default-has-no-effect',
        message: '@default has no effect: no value is filled in',
        remedy: 'make the property nullable, or write the value',
      };
    default: {
      if (KNOWN_ANNOTATIONS.includes(name)) return undefined;
      const near = nearest(name, KNOWN_ANNOTATIONS);
      if (near === undefined) return undefined;
      return {
        code: 'unknown-annotation',
        message: `@${name} is not a known annotation and has no effect`,
        remedy: `did you mean \`@${near}\`?`,
      };
    }
  }
}

function lintProperties(placed: Placed, report: SchemaReport): void {
  const { declaration, offset } = placed;
  for (const property of declaration.properties) {
    for (const annotation of property.annotations) lintAnnotation(placed, annotation, report);
    const place = { offset, span: property.name.span };
    if (property.name.text === '_tombstone') {
      report.lint(place, {
        code: 'tombstone-property',
        message: "loads refuse records with a member '_tombstone': this property can never be loaded",
        remedy: 'choose another name',
      });
    }
    if (declaration.kind !== 'edge') continue;
    if (property.name.text === 'from' || property.name.text === 'to') {
      report.lint(place, {
        code: 'unreachable-edge-property',
        message: `in a mutation '${property.name.text}' means the endpoint: this property cannot be set there`,
        remedy: 'choose another name',
      });
    }
    const index = property.annotations.find((annotation) => annotation.name === 'index');
    if (index !== undefined) lintEdgeIndex({ offset, span: index.span }, report);
  }
}

function lintEdgeIndex(place: Parameters<SchemaReport['lint']>[0], report: SchemaReport): void {
  report.lint(place, {
    code: 'edge-index',
    message: 'an index on edge properties is recorded, but none is built',
    remedy: 'reads are correct without it; remove it unless it is meant for later',
  });
}

function lintConstraint(placed: Placed, constraint: ConstraintDeclaration, report: SchemaReport): void {
  const { declaration, offset } = placed;
  const place = { offset, span: constraint.span };
  if (constraint.kind === 'index' && declaration.kind === 'edge') {
    lintEdgeIndex(place, report);
    return;
  }
  if (constraint.kind === 'index' && new Set(constraint.arguments.map(argumentText)).size > 1) {
    report.lint(place, {
      code: 'composite-index',
      message: 'an index over several columns is recorded, but none is built',
      remedy: 'index the columns one by one',
    });
  }
  if (constraint.kind !== 'range' && constraint.kind !== 'check') return;
  const [column, bounds] = constraint.arguments;
  const property = declaration.properties.find(
    (candidate) => column?.kind === 'name' && candidate.name.text === column.text,
  );
  if (property?.type.type.list === true) {
    report.lint(place, {
      code: 'constraint-on-list',
      message: `@${constraint.kind} on the list '${property.name.text}' is never checked`,
      remedy: 'remove it',
    });
  }
  if (bounds?.kind === 'bounds' && bounds.min !== null && bounds.max !== null && isAbove(bounds.min, bounds.max)) {
    report.lint(place, {
      code: 'inverted-range',
      message: `the range ${bounds.min}..${bounds.max} is empty: every value is refused`,
      remedy: 'write the smaller bound first',
    });
  }
}

const argumentText = (argument: ConstraintDeclaration['arguments'][number]): string =>
  argument.kind === 'bounds' ? '' : argument.text;

function isAbove(low: string, high: string): boolean {
  const [left, right] = [boundOf(low), boundOf(high)];
  const number = (bound: typeof left) => ('Integer' in bound ? bound.Integer : bound.Float);
  return number(left) > number(right);
}

function lintEdge({ declaration, offset }: Placed, report: SchemaReport): void {
  if (declaration.kind !== 'edge' || declaration.cardinality === null || declaration.cardinality.min === 0) return;
  report.lint(
    { offset, span: declaration.cardinality.span },
    {
      code: 'minimum-cardinality',
      message: `the minimum of edge '${declaration.name.text}' is not enforced when a source is created, only when its edges change`,
      remedy: 'use `0..` unless that is what you want',
    },
  );
}

function lintNode(node: EffectiveNode, schema: PlacedSchema, report: SchemaReport): void {
  const { name } = node.placed.declaration;
  const hasKey =
    node.constraints.some((constraint) => constraint.kind === 'key') ||
    node.properties.some((property) => hasAnnotation(property.declaration.annotations, 'key'));
  for (const property of node.properties) {
    if (property.injectedBy !== null || hasAnnotation(property.declaration.annotations, 'key')) continue;
    const loser = property.satisfies.find((origin) => isKeyOf(schema, origin.owner_name, origin.property_name));
    if (loser === undefined || hasKey) continue;
    report.lint(
      { offset: node.offset, span: property.declaration.name.span },
      {
        code: 'lost-interface-key',
        message: `'${node.name}.${loser.property_name}' is declared again, so the @key of interface '${loser.owner_name}' does not apply`,
        remedy: 'add `@key` here, or remove the declaration',
      },
    );
  }
  if (hasKey || !node.complete) return;
  report.lint(
    { offset: node.offset, span: name.span },
    {
      code: 'node-without-key',
      message: `node '${node.name}' has no @key: its ids are random`,
      remedy: 'mark the property that identifies it with `@key`',
    },
  );
}

function isKeyOf(schema: PlacedSchema, owner: string, property: string): boolean {
  const found = schema.interfaces.find((placed) => placed.declaration.name.text === owner);
  const declared = found?.declaration.properties.find((candidate) => candidate.name.text === property);
  return declared !== undefined && hasAnnotation(declared.annotations, 'key');
}
