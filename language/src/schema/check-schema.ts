/**
 * Rules between declarations: duplicates, endpoints, name collisions (S2), shape conflicts (S3) and repeated node
 * properties (S4). schema-language.md §§8–9.
 */
import type { Stage } from '../diagnostics/index.js';
import { nearest } from '../lexis/index.js';
import { propertyMeaning } from './build-property.js';
import type { Declaration, PropertyDeclaration } from './declarations.js';
import { type EffectiveNode, sameType } from './effective.js';
import type { Placed, PlacedSchema, SchemaReport } from './placed.js';

/** S2: node and edge names, endpoints. */
export function checkSourceCatalog(schema: PlacedSchema, report: SchemaReport): void {
  const nodeNames = new Set(schema.nodes.map((placed) => placed.declaration.name.text));
  refuseDuplicates(schema.nodes, report, 'S2', 'duplicate-node', (name) => `duplicate node type: ${name}`);
  const byFolded = new Map<string, Placed>();
  const byName = new Map<string, Placed>();
  for (const placed of schema.edges) {
    const { name, from, to } = placed.declaration;
    const folded = name.text.toLowerCase();
    const other = byFolded.get(folded);
    const same = byName.get(name.text);
    if (same !== undefined) {
      duplicate(placed, same, report, 'S2', 'duplicate-edge', `duplicate edge type: ${name.text}`);
    } else if (other !== undefined) {
      report.error(
        'S2',
        { offset: placed.offset, span: name.span },
        {
          code: 'edge-name-collision',
          message: `edge types '${other.declaration.name.text}' and '${name.text}' collide after case folding`,
          remedy: 'edge names match case-insensitively: rename one',
          related: firstDeclaration(other, report),
        },
      );
    }
    if (!byFolded.has(folded)) byFolded.set(folded, placed);
    if (!byName.has(name.text)) byName.set(name.text, placed);
    for (const [end, reference] of [['source', from] as const, ['target', to] as const]) {
      if (reference === null || nodeNames.has(reference.text)) continue;
      const near = nearest(reference.text, nodeNames);
      const isInterface = schema.interfaces.some((found) => found.declaration.name.text === reference.text);
      report.error(
        'S2',
        { offset: placed.offset, span: reference.span },
        {
          code: 'unknown-endpoint',
          message: `edge '${name.text}' has unknown ${end} type '${reference.text}'`,
          remedy: isInterface
            ? 'endpoints are node types: name one that implements the interface'
            : near === undefined
              ? `declare \`node ${reference.text} { … }\``
              : `did you mean \`${near}\`?`,
        },
      );
    }
  }
}

/** S3: interface names, repeated properties of interfaces and edges, interfaces that disagree about what they inject. */
export function checkShape(schema: PlacedSchema, nodes: readonly EffectiveNode[], report: SchemaReport): void {
  const message = (name: string): string => `duplicate interface name: ${name}`;
  refuseDuplicates(schema.interfaces, report, 'S3', 'duplicate-interface', message);
  for (const placed of [...schema.interfaces, ...schema.edges]) {
    const owner = placed.declaration.name.text;
    refuseRepeatedProperties(placed, report, 'S3', (name) => `duplicate property '${name}' for '${owner}'`);
  }
  for (const node of nodes) checkContributions(node, schema, report);
}

/** S4: repeated properties of nodes. */
export function checkIdentity(schema: PlacedSchema, report: SchemaReport): void {
  for (const placed of schema.nodes) {
    const owner = placed.declaration.name.text;
    refuseRepeatedProperties(placed, report, 'S4', (name) => `duplicate property '${owner}.${name}'`);
  }
}

/** §8: interfaces that inject one property must agree on everything it means, not on its type alone. */
function checkContributions(node: EffectiveNode, schema: PlacedSchema, report: SchemaReport): void {
  for (const property of node.byName.values()) {
    if (property.injectedBy === null || property.satisfies.length < 2) continue;
    const name = property.declaration.name.text;
    const wanted = propertyMeaning(property.declaration);
    const differs = property.satisfies.some((origin) => {
      const owner = schema.interfaces.find((found) => found.declaration.name.text === origin.owner_name);
      const supplied = owner?.declaration.properties.find((candidate) => candidate.name.text === name);
      // Types that disagree are an S1 error already.
      const comparable = supplied?.type.known === true && sameType(supplied.type.type, property.declaration.type.type);
      return comparable && propertyMeaning(supplied) !== wanted;
    });
    if (!differs) continue;
    const suppliers = property.satisfies.map((origin) => `'${origin.owner_name}'`).join(', ');
    report.error(
      'S3',
      { offset: node.offset, span: node.placed.declaration.name.span },
      {
        code: 'conflicting-contributions',
        message: `incompatible semantics among the interfaces that supply '${node.name}.${name}': ${suppliers}`,
        remedy: `make the interfaces agree on '${name}', or declare it in the node itself`,
      },
    );
  }
}

function refuseDuplicates(
  declarations: readonly Placed[],
  report: SchemaReport,
  stage: Stage,
  code: string,
  message: (name: string) => string,
): void {
  const first = new Map<string, Placed>();
  for (const placed of declarations) {
    const name = placed.declaration.name.text;
    const other = first.get(name);
    if (other === undefined) first.set(name, placed);
    else duplicate(placed, other, report, stage, code, message(name));
  }
}

function duplicate(
  placed: Placed,
  other: Placed,
  report: SchemaReport,
  stage: Stage,
  code: string,
  message: string,
): void {
  report.error(
    stage,
    { offset: placed.offset, span: placed.declaration.name.span },
    {
      code,
      message,
      remedy: 'rename or remove one of them',
      related: firstDeclaration(other, report),
    },
  );
}

function refuseRepeatedProperties(
  placed: Placed<Declaration>,
  report: SchemaReport,
  stage: Stage,
  message: (name: string) => string,
): void {
  // Error recovery may read one member twice; only a text that parses says what is declared.
  if (!placed.declaration.complete) return;
  const first = new Map<string, PropertyDeclaration>();
  for (const property of placed.declaration.properties) {
    const name = property.name.text;
    const other = first.get(name);
    if (other === undefined) first.set(name, property);
    else {
      report.error(
        stage,
        { offset: placed.offset, span: property.name.span },
        {
          code: 'duplicate-property',
          message: message(name),
          remedy: 'rename or remove one of them',
          related: report.related({ offset: placed.offset, span: other.name.span }, 'first declared here'),
        },
      );
    }
  }
}

const firstDeclaration = (placed: Placed, report: SchemaReport) =>
  report.related({ offset: placed.offset, span: placed.declaration.name.span }, 'first declared here');
