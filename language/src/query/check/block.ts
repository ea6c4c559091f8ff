/** A `match` or `not` block under construction. */
import type { Word } from '../../lexis/index.js';
import type { EdgeType, NodeType } from '../../schema/catalog.js';
import type { Filter, MatchBlock, NodeBinding, PropertyMatch, Traversal, Variable } from '../ir.js';
import type { CheckContext, Scope } from './context.js';

/** Repeated bindings of a variable come together in one. */
export class BlockBuilder {
  readonly #variables: Variable[] = [];
  readonly #bindings = new Map<string, { readonly typeName: string; readonly matches: PropertyMatch[] }>();
  readonly traversals: Traversal[] = [];
  readonly filters: Filter[] = [];
  readonly negations: MatchBlock[] = [];
  /** Offset of the end of the block, where the variables it introduces vanish. */
  readonly end: number;

  constructor(end: number) {
    this.end = end;
  }

  introduce(variable: Variable): void {
    this.#variables.push(variable);
  }

  bind(variable: string, typeName: string, matches: readonly PropertyMatch[]): void {
    const known = this.#bindings.get(variable);
    if (known === undefined) this.#bindings.set(variable, { typeName, matches: [...matches] });
    else known.matches.push(...matches);
  }

  build(): MatchBlock {
    const bindings: NodeBinding[] = [...this.#bindings].map(([variable, binding]) => ({ variable, ...binding }));
    const { traversals, filters, negations } = this;
    return { variables: this.#variables, bindings, traversals, filters, negations };
  }
}

/** A variable of an unknown type is bound too, so that its later uses are not reported again. */
export function introduceNode(
  context: CheckContext,
  variable: Word,
  type: NodeType | undefined,
  scope: Scope,
  block: BlockBuilder,
): void {
  context.bind(variable, type === undefined ? { entity: 'unknown' } : { entity: 'node', type }, scope, block.end);
  if (type !== undefined) {
    block.introduce({ name: variable.text, entity: 'node', typeName: type.name, anonymous: false });
  }
}

export function introduceEdge(
  context: CheckContext,
  variable: Word,
  type: EdgeType,
  scope: Scope,
  block: BlockBuilder,
): void {
  context.bind(variable, { entity: 'edge', type }, scope, block.end);
  block.introduce({ name: variable.text, entity: 'edge', typeName: type.name, anonymous: false });
}

/** Binds a name whose binding was refused, so that its uses are not reported too. */
export function introduceRefused(context: CheckContext, variable: Word, scope: Scope, block: BlockBuilder): void {
  if (variable.text !== '_' && !scope.has(variable.text)) {
    context.bind(variable, { entity: 'unknown' }, scope, block.end);
  }
}

/** Records a mention of a variable that may be in scope. */
export function noteVariable(context: CheckContext, { text, span }: Word, scope: Scope): void {
  const bound = scope.get(text);
  if (bound === undefined) return;
  const binds = bound.span.offset === span.offset;
  context.note({ kind: 'variable', variable: bound.variable, binds, span });
}
