/** `match` and `not` blocks: bindings, traversals, filters, negations, in source order (query-language.md §§3.3–3.6). */
import { suggestion, type Word } from '../../lexis/index.js';
import type { NodeType } from '../../schema/catalog.js';
import type { Filter, MatchBlock, PropertyMatch } from '../ir.js';
import type { BindingSyntax, ClauseSyntax, NegationSyntax, TextSearchSyntax } from '../syntax.js';
import { BlockBuilder, introduceNode, noteVariable } from './block.js';
import type { CheckContext, Scope } from './context.js';
import { checkExpression } from './expression.js';
import { checkFilter } from './filter.js';
import { mentionsAny } from './mentions.js';
import { noteProperty } from './note-property.js';
import { plainType } from './property-type.js';
import { checkTraversal } from './traversal.js';
import { asScalar } from './typed-expr.js';
import { checkValue } from './value.js';

/** Adds what the block binds to `scope`; `end` is the offset of the block's end. The plan is complete only if the context holds no error afterwards. */
export function checkBlock(
  context: CheckContext,
  clauses: readonly ClauseSyntax[],
  scope: Scope,
  end: number,
): MatchBlock {
  const block = new BlockBuilder(end);
  for (const clause of clauses) checkClause(context, clause, scope, block);
  return block.build();
}

function checkClause(context: CheckContext, clause: ClauseSyntax, scope: Scope, block: BlockBuilder): void {
  switch (clause.kind) {
    case 'binding':
      checkBinding(context, clause, scope, block);
      return;
    case 'traversal':
      checkTraversal(context, clause, scope, block);
      return;
    case 'filter': {
      const filter = checkFilter(context, clause, scope);
      if (filter !== undefined) block.filters.push(filter);
      return;
    }
    case 'text-search': {
      const filter = checkTextSearch(context, clause, scope);
      if (filter !== undefined) block.filters.push(filter);
      return;
    }
    case 'negation':
      checkNegation(context, clause, scope, block);
      return;
  }
}

/** `search(…)` alone means `search(…) = true` (§2). */
function checkTextSearch(context: CheckContext, clause: TextSearchSyntax, scope: Scope): Filter | undefined {
  const typed = checkExpression(context, clause.call, { scope, aliases: new Map() });
  const left = typed && asScalar(typed.expr);
  return (
    left && {
      left,
      operator: '=',
      right: { kind: 'literal', literal: { kind: 'bool', value: true }, type: plainType('Bool') },
    }
  );
}

function checkBinding(context: CheckContext, clause: BindingSyntax, scope: Scope, block: BlockBuilder): void {
  const type = checkNodeType(context, clause.type);
  const variable = bindNode(context, clause.variable, type, scope, block);
  noteVariable(context, clause.variable, scope);
  if (type === undefined) return;
  const matches = clause.matches.flatMap((match): readonly PropertyMatch[] => {
    const property = type.properties.get(match.property.text);
    if (property === undefined) {
      context.error(
        'T2',
        `node type \`${type.name}\` has no property \`${match.property.text}\``,
        match.property.span,
        {
          ...suggestion(match.property.text, type.properties.keys()),
        },
      );
      return [];
    }
    noteProperty(context, type, match.property);
    const target = { name: `${type.name}.${property.name}`, type: property.type, use: 'match' } as const;
    const value = checkValue(context, match.value, target);
    if (value === undefined) return [];
    return [{ property: property.name, type: property.type, mode: property.type.list ? 'member' : 'equals', value }];
  });
  if (variable !== undefined) block.bind(variable, type.name, matches);
}

function checkNodeType(context: CheckContext, word: Word): NodeType | undefined {
  const type = context.catalog.node(word.text);
  if (type !== undefined) {
    context.note({ kind: 'type', entity: 'node', name: type.name, span: word.span });
    return type;
  }
  const other = context.catalog.hasInterface(word.text)
    ? 'an interface, and only node types can be bound'
    : context.catalog.edge(word.text)?.name === word.text
      ? 'an edge type, and only node types can be bound'
      : 'not a declared node type';
  context.error('T1', `\`${word.text}\` is ${other}`, word.span, suggestion(word.text, context.catalog.nodeNames()));
  return undefined;
}

/** The variable's name in the plan; `undefined` when the name is taken by something else. */
function bindNode(
  context: CheckContext,
  variable: Word,
  type: NodeType | undefined,
  scope: Scope,
  block: BlockBuilder,
): string | undefined {
  const { text: name, span } = variable;
  if (name === '_') {
    const fresh = context.freshName();
    if (type !== undefined) block.introduce({ name: fresh, entity: 'node', typeName: type.name, anonymous: true });
    return fresh;
  }
  const bound = scope.get(name);
  if (bound === undefined || bound.entity === 'unknown') {
    introduceNode(context, variable, type, scope, block);
    return name;
  }
  const related = { span: bound.span, message: `\`$${name}\` is bound here` };
  if (bound.entity === 'edge') {
    context.error('T23', `edge variable \`$${name}\` cannot be bound as a node`, span, { related });
    return undefined;
  }
  if (type === undefined || bound.type.name === type.name) return name;
  context.error(
    'rebound-variable',
    `variable \`$${name}\` is already a \`${bound.type.name}\` and cannot be a \`${type.name}\` too`,
    span,
    { related },
  );
  return undefined;
}

/** Checked in a copy of the scope, so what it introduces vanishes with it. */
function checkNegation(context: CheckContext, clause: NegationSyntax, scope: Scope, block: BlockBuilder): void {
  const errorsBefore = context.errorCount;
  block.negations.push(checkBlock(context, clause.clauses, new Map(scope), clause.span.offset + clause.span.length));
  if (context.errorCount > errorsBefore || mentionsAny(clause.clauses, scope)) return;
  const message = 'a `not` block must mention a variable bound outside it in one of its own clauses';
  context.error('T9', message, { offset: clause.span.offset, length: 'not'.length });
}
