/** `insert`, `update` and `delete` (query-language.md §8.2; T10–T14, T16), with the advice of §10.3. */
import { type Span, suggestion, type Word } from '../../lexis/index.js';
import type { EdgeType, NodeType, PropType } from '../../schema/catalog.js';
import type { Assignment, MutationPredicate, WritePlan, WriteStatement } from '../ir.js';
import type { AssignmentSyntax, PredicateSyntax, StatementSyntax, UpdateSyntax, WriteSyntax } from '../syntax.js';
import type { CheckContext } from './context.js';
import { noteProperty } from './note-property.js';
import { isBlob, plainType } from './property-type.js';
import { checkValue } from './value.js';

/** The plan is complete only if the context holds no error afterwards. */
export function checkWrite(context: CheckContext, syntax: WriteSyntax): WritePlan {
  const statements = syntax.statements.flatMap((statement) => checkStatement(context, statement) ?? []);
  adviseOnMixture(context, syntax.statements);
  return { kind: 'mutation', statements };
}

function checkStatement(context: CheckContext, statement: StatementSyntax): WriteStatement | undefined {
  if (statement.kind === 'update') return checkUpdate(context, statement);
  const type = checkTarget(context, statement.type);
  if (type === undefined) return undefined;
  if (statement.kind === 'delete') {
    const predicate = checkPredicate(context, type, statement.predicate);
    return predicate && { kind: 'delete', entity: type.kind, typeName: type.name, predicate };
  }
  const assignments = checkAssignments(context, type, statement.assignments);
  checkComplete(context, type, statement.assignments, statement.type.span);
  return { kind: 'insert', entity: type.kind, typeName: type.name, assignments };
}

function checkUpdate(context: CheckContext, statement: UpdateSyntax): WriteStatement | undefined {
  const { type: word } = statement;
  const node = context.catalog.node(word.text);
  if (node === undefined && context.catalog.edge(word.text)?.name === word.text) {
    context.error('T16', `\`${word.text}\` is an edge type, and edges cannot be updated`, word.span, {
      remedy: 'delete the edge and insert it anew, in two queries',
    });
    return undefined;
  }
  const type = checkTarget(context, word);
  if (type === undefined || type.kind === 'edge') return undefined;
  const assignments = checkAssignments(context, type, statement.assignments);
  for (const { property } of statement.assignments) {
    if (type.key?.includes(property.text)) adviseOnKey(context, type, property);
  }
  const predicate = checkPredicate(context, type, statement.predicate);
  return predicate && { kind: 'update', entity: 'node', typeName: type.name, assignments, predicate };
}

/** A name shared by a node and an edge type means the node (§10.2). */
function checkTarget(context: CheckContext, word: Word): NodeType | EdgeType | undefined {
  const edge = context.catalog.edge(word.text);
  const type = context.catalog.node(word.text) ?? (edge?.name === word.text ? edge : undefined);
  if (type !== undefined) {
    context.note({ kind: 'type', entity: type.kind, name: type.name, span: word.span });
    return type;
  }
  const what = context.catalog.hasInterface(word.text) ? 'an interface' : 'not a declared node or edge type';
  const names = [...context.catalog.nodeNames(), ...context.catalog.edgeNames()];
  context.error('T10', `\`${word.text}\` is ${what}`, word.span, suggestion(word.text, names));
  return undefined;
}

function checkAssignments(
  context: CheckContext,
  type: NodeType | EdgeType,
  assignments: readonly AssignmentSyntax[],
): readonly Assignment[] {
  const assigned = new Map<string, Span>();
  return assignments.flatMap(({ property, value }): readonly Assignment[] => {
    const first = assigned.get(property.text);
    if (first !== undefined) {
      context.error('T13', `\`${property.text}\` is assigned twice`, property.span, {
        related: { span: first, message: 'first assigned here' },
      });
      return [];
    }
    assigned.set(property.text, property.span);
    const propertyType = checkTargetProperty(context, type, property);
    if (propertyType === undefined) return [];
    const target = { name: `${type.name}.${property.text}`, type: propertyType, use: 'assign' } as const;
    const checked = checkValue(context, value, target);
    return checked === undefined ? [] : [{ property: property.text, type: propertyType, value: checked }];
  });
}

/** `from` and `to` of an edge are node ids, so Strings, even where an edge declares properties of these names. */
function checkTargetProperty(context: CheckContext, type: NodeType | EdgeType, word: Word): PropType | undefined {
  if (type.kind === 'edge' && (word.text === 'from' || word.text === 'to')) {
    context.note({ kind: 'endpoint', typeName: type.name, name: word.text, span: word.span });
    return plainType('String');
  }
  const property = type.properties.get(word.text);
  if (property !== undefined) {
    noteProperty(context, type, word);
    return property.type;
  }
  const candidates = [...type.properties.keys(), ...(type.kind === 'edge' ? ['from', 'to'] : [])];
  const message = `${type.kind} type \`${type.name}\` has no property \`${word.text}\``;
  context.error('T11', message, word.span, suggestion(word.text, candidates));
  return undefined;
}

/** T12, naming everything that is missing, in declaration order. */
function checkComplete(
  context: CheckContext,
  type: NodeType | EdgeType,
  assignments: readonly AssignmentSyntax[],
  at: Span,
): void {
  const assigned = new Set(assignments.map(({ property }) => property.text));
  const required = [...type.properties.values()].filter(
    ({ name, type: { nullable } }) => !nullable && !isEmbedded(type, name, assigned),
  );
  const needed = [...(type.kind === 'edge' ? ['from', 'to'] : []), ...required.map(({ name }) => name)];
  const missing = needed.filter((name) => !assigned.has(name));
  if (missing.length === 0) return;
  const names = missing.map((name) => `\`${name}\``).join(', ');
  context.error('T12', `insert of \`${type.name}\` lacks required ${names}`, at);
}

/** A vector that is filled from an assigned source need not be assigned itself. */
function isEmbedded(type: NodeType | EdgeType, property: string, assigned: ReadonlySet<string>): boolean {
  const source = type.kind === 'node' ? type.embeds.get(property) : undefined;
  return source !== undefined && assigned.has(source.property_name);
}

function checkPredicate(
  context: CheckContext,
  type: NodeType | EdgeType,
  { property, operator, value }: PredicateSyntax,
): MutationPredicate | undefined {
  const propertyType = checkTargetProperty(context, type, property);
  if (propertyType === undefined) return undefined;
  const name = `${type.name}.${property.text}`;
  if (isBlob(propertyType)) {
    context.error('T11', `Blob property \`${name}\` cannot be compared`, property.span);
    return undefined;
  }
  if (propertyType.list) {
    context.advise('list-predicate', `\`${name}\` is a list, and a list never matches a predicate`, property.span);
  }
  const checked = checkValue(context, value, { name, type: propertyType, use: 'predicate' });
  return checked && { property: property.text, type: propertyType, operator, value: checked };
}

function adviseOnKey(context: CheckContext, type: NodeType, property: Word): void {
  const message = `\`${type.name}.${property.text}\` is part of the \`@key\`: updating it fails when the query runs`;
  context.advise('update-of-key', message, property.span, { remedy: 'delete the node and insert it anew' });
}

function adviseOnMixture(context: CheckContext, statements: readonly StatementSyntax[]): void {
  const first = statements[0];
  const other = statements.find(({ kind }) => (kind === 'delete') !== (first?.kind === 'delete'));
  if (first === undefined || other === undefined) return;
  context.advise(
    'mixed-mutation',
    'inserts or updates are mixed with deletes: this fails when the query runs',
    { offset: other.span.offset, length: other.kind.length },
    { remedy: 'split it into separate queries' },
  );
}
