/** The traversals of a declaration and the way each goes, read off the types its variables have (query-language.md §3.4). */
import type { ClauseSyntax, CompiledQueryDeclaration, TraversalSyntax } from '../../query/index.js';

interface DirectedTraversal {
  readonly clause: TraversalSyntax;
  readonly direction: 'forward' | 'backward' | 'undirected';
}

/** Those that the checker accepted, in order of place: `direction` of the plan where there is one. */
export function traversalsOf(
  declaration: CompiledQueryDeclaration,
  endsOf: (edge: string) => { readonly from: string; readonly to: string } | undefined,
): readonly DirectedTraversal[] {
  const { syntax } = declaration;
  if (syntax?.body.kind !== 'read') return [];
  return clausesOf(syntax.body.clauses).flatMap((clause) => {
    if (clause.kind !== 'traversal') return [];
    const direction = directionOf(clause, declaration, endsOf);
    return direction === undefined ? [] : [{ clause, direction }];
  });
}

/** Every clause, those inside `not` included, in order of place. */
export const clausesOf = (clauses: readonly ClauseSyntax[]): readonly ClauseSyntax[] =>
  clauses.flatMap((clause) => (clause.kind === 'negation' ? [clause, ...clausesOf(clause.clauses)] : [clause]));

function directionOf(
  clause: TraversalSyntax,
  declaration: CompiledQueryDeclaration,
  endsOf: (edge: string) => { readonly from: string; readonly to: string } | undefined,
): DirectedTraversal['direction'] | undefined {
  const edge = endsOf(clause.edge.text);
  if (edge === undefined) return undefined;
  if (clause.undirected) return 'undirected';
  const [left, right] = [typeAt(clause.from.span.offset, declaration), typeAt(clause.to.span.offset, declaration)];
  if (left !== undefined) return left === edge.from ? 'forward' : left === edge.to ? 'backward' : undefined;
  if (right !== undefined) return right === edge.to ? 'forward' : right === edge.from ? 'backward' : undefined;
  return 'forward';
}

/** `undefined` for `$_` and for a variable the checker knows nothing of. */
function typeAt(offset: number, { symbols }: CompiledQueryDeclaration): string | undefined {
  const found = symbols?.occurrences.find(({ span, kind }) => kind === 'variable' && span.offset === offset);
  return found?.kind === 'variable' ? (symbols?.variables[found.variable]?.typeName ?? undefined) : undefined;
}
