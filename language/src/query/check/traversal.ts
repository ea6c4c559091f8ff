/** Traversals: edge look-up, hop bounds, direction from types, edge variables (query-language.md §3.4). */
import { type Span, suggestion, type Word } from '../../lexis/index.js';
import type { EdgeType } from '../../schema/catalog.js';
import type { Traversal } from '../ir.js';
import type { TraversalSyntax } from '../syntax.js';
import { type BlockBuilder, introduceEdge, introduceNode, introduceRefused, noteVariable } from './block.js';
import type { CheckContext, Scope } from './context.js';

export function checkTraversal(
  context: CheckContext,
  clause: TraversalSyntax,
  scope: Scope,
  block: BlockBuilder,
): void {
  const edge = context.catalog.edge(clause.edge.text);
  if (edge === undefined) {
    context.error('T4', `there is no edge \`${clause.edge.text}\``, clause.edge.span, {
      ...suggestion(clause.edge.text, lowerFirst(context.catalog.edgeNames())),
    });
    refuseAll(context, clause, scope, block);
    return;
  }
  context.note({ kind: 'type', entity: 'edge', name: edge.name, span: clause.edge.span });
  const hops = checkHops(context, clause);
  if (clause.undirected && edge.from !== edge.to) {
    const shape = `${edge.name}: ${edge.from} -> ${edge.to}`;
    context.error(
      'T22',
      `\`<${clause.edge.text}>\` needs an edge between equal types, but it is \`${shape}\``,
      clause.edge.span,
    );
  }
  // Before the endpoints are bound: an edge variable must not take the name of one of them.
  const bindsEdge = checkEdgeVariable(context, clause, scope, block);
  const direction = inferDirection(context, clause, edge, scope);
  if (direction === undefined) {
    refuseAll(context, clause, scope, block);
    return;
  }
  const [left, right] = direction === 'backward' ? [edge.to, edge.from] : [edge.from, edge.to];
  const from = bindEndpoint(context, clause.from, left, scope, block);
  const to = bindEndpoint(context, clause.to, right, scope, block);
  const { edgeVariable } = clause;
  if (bindsEdge && edgeVariable !== null) introduceEdge(context, edgeVariable, edge, scope, block);
  for (const word of mentioned(clause)) noteVariable(context, word, scope);
  block.traversals.push({
    from,
    to,
    edge: edge.name,
    edgeVariable: bindsEdge && edgeVariable !== null ? edgeVariable.text : null,
    direction,
    ...hops,
  });
}

function* lowerFirst(names: Iterable<string>): Iterable<string> {
  for (const name of names) yield name.charAt(0).toLowerCase() + name.slice(1);
}

const mentioned = ({ from, to, edgeVariable }: TraversalSyntax): readonly Word[] =>
  edgeVariable === null ? [from, to] : [from, to, edgeVariable];

function refuseAll(context: CheckContext, clause: TraversalSyntax, scope: Scope, block: BlockBuilder): void {
  for (const word of mentioned(clause)) {
    introduceRefused(context, word, scope, block);
    noteVariable(context, word, scope);
  }
}

function checkHops(context: CheckContext, { hops }: TraversalSyntax): Pick<Traversal, 'min' | 'max'> {
  if (hops === null) return { min: 1, max: 1 };
  const { min, max, span } = hops;
  const remedy = 'write `{min,max}` with 1 ≤ min ≤ max';
  if (min === 0) context.error('T15', 'a traversal takes at least one hop', span, { remedy });
  else if (max === null) context.error('T15', 'the upper hop bound is open', span, { remedy });
  else if (max < min)
    context.error('T15', `the upper hop bound ${max} is below the lower bound ${min}`, span, { remedy });
  return { min, max: max ?? min };
}

/** Whether the traversal binds an edge variable; refusals are reported (T23). `$_:` counts as none. */
function checkEdgeVariable(context: CheckContext, clause: TraversalSyntax, scope: Scope, block: BlockBuilder): boolean {
  const { edgeVariable, hops } = clause;
  if (edgeVariable === null) return false;
  const { text: name, span } = edgeVariable;
  const refuse = (message: string, at: Span = span): false => {
    context.error('T23', message, at);
    introduceRefused(context, edgeVariable, scope, block);
    return false;
  };
  if (hops !== null && (hops.min !== 1 || hops.max !== 1)) {
    return refuse('an edge variable needs a single hop: it cannot be combined with hop bounds', hops.span);
  }
  if (name === '_') return false;
  if (name === clause.from.text || name === clause.to.text) {
    return refuse(`edge variable \`$${name}\` has the name of one of its endpoints`);
  }
  const bound = scope.get(name);
  if (bound === undefined) return true;
  return bound.entity === 'unknown' ? false : refuse(`edge variable \`$${name}\` is already bound`);
}

/** From the type of the first bound end, left before right; `undefined` when an end cannot stand there (reported). */
function inferDirection(
  context: CheckContext,
  clause: TraversalSyntax,
  edge: EdgeType,
  scope: Scope,
): Traversal['direction'] | undefined {
  const left = endpointType(context, clause.from, scope);
  const right = endpointType(context, clause.to, scope);
  if (left === 'refused' || right === 'refused') return undefined;
  const forward = { from: edge.from, to: edge.to };
  const backward = { from: edge.to, to: edge.from };
  const chosen =
    left !== undefined
      ? [forward, backward].find(({ from }) => from === left)
      : right !== undefined
        ? [forward, backward].find(({ to }) => to === right)
        : forward;
  const shape = `\`${edge.name}: ${edge.from} -> ${edge.to}\``;
  if (chosen === undefined) {
    const [end, type] = left !== undefined ? [clause.from, left] : [clause.to, right];
    context.error('T5', `\`$${end.text}\` is a \`${type}\`, which is no endpoint of ${shape}`, end.span);
    return undefined;
  }
  if (right !== undefined && chosen.to !== right) {
    const message = `\`$${clause.to.text}\` is a \`${right}\`, but this end of ${shape} must be a \`${chosen.to}\``;
    context.error('T5', message, clause.to.span);
    return undefined;
  }
  if (clause.undirected) return 'undirected';
  return chosen === forward ? 'forward' : 'backward';
}

/** `undefined`: free. `refused`: nothing sensible can follow. */
function endpointType(context: CheckContext, { text: name, span }: Word, scope: Scope): string | 'refused' | undefined {
  const bound = name === '_' ? undefined : scope.get(name);
  switch (bound?.entity) {
    case undefined:
      return undefined;
    case 'node':
      return bound.type.name;
    case 'edge':
      context.error('T23', `edge variable \`$${name}\` cannot be an endpoint of a traversal`, span);
      return 'refused';
    case 'unknown':
      return 'refused';
  }
}

/** The name of the endpoint in the plan. */
function bindEndpoint(context: CheckContext, word: Word, typeName: string, scope: Scope, block: BlockBuilder): string {
  const { text: name } = word;
  if (name === '_') {
    const fresh = context.freshName();
    block.introduce({ name: fresh, entity: 'node', typeName, anonymous: true });
    return fresh;
  }
  if (!scope.has(name)) introduceNode(context, word, context.catalog.node(typeName), scope, block);
  return name;
}
