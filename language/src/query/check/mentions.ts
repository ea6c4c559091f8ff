/** Which variables the direct clauses of a `not` block mention (query-language.md §3.6, T9). */
import type { ClauseSyntax, ExprSyntax } from '../syntax.js';
import type { Scope } from './context.js';

/** Looks at traversal endpoints, filter operands and re-bindings, not into nested `not` blocks. */
export const mentionsAny = (clauses: readonly ClauseSyntax[], scope: Scope): boolean =>
  clauses.some((clause) => mentioned(clause).some((name) => scope.has(name)));

function mentioned(clause: ClauseSyntax): readonly string[] {
  switch (clause.kind) {
    case 'negation':
      return [];
    case 'binding':
      return [clause.variable.text];
    case 'traversal':
      return [clause.from.text, clause.to.text];
    case 'filter':
      return [...variablesOf(clause.left), ...variablesOf(clause.right)];
    case 'text-search':
      return variablesOf(clause.call);
  }
}

function variablesOf(expression: ExprSyntax): readonly string[] {
  switch (expression.kind) {
    case 'variable':
      return [expression.name];
    case 'property':
      return [expression.variable.text];
    case 'call':
      return expression.args.flatMap(variablesOf);
    default:
      return [];
  }
}
