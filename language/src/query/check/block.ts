/** A `match` or `not` block under construction. */
import type { EdgeType, NodeType } from '../../schema/catalog.js';
import type { Filter, MatchBlock, NodeBinding, PropertyMatch, Traversal, Variable } from '../ir.js';
import type { Span, Word } from '../span.js';
import type { Scope } from './context.js';

/** Repeated bindings of a variable come together in one. */
export class BlockBuilder {
  readonly #variables: Variable[] = [];
  readonly #bindings = new Map<string, { readonly typeName: string; readonly matches: PropertyMatch[] }>();
  readonly traversals: Traversal[] = [];
  readonly filters: Filter[] = [];
  readonly negations: MatchBlock[] = [];

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
  name: string,
  span: Span,
  type: NodeType | undefined,
  scope: Scope,
  block: BlockBuilder,
): void {
  scope.set(name, type === undefined ? { entity: 'unknown', span } : { entity: 'node', type, span });
  if (type !== undefined) block.introduce({ name, entity: 'node', typeName: type.name, anonymous: false });
}

export function introduceEdge(variable: Word, type: EdgeType, scope: Scope, block: BlockBuilder): void {
  scope.set(variable.text, { entity: 'edge', type, span: variable.span });
  block.introduce({ name: variable.text, entity: 'edge', typeName: type.name, anonymous: false });
}
