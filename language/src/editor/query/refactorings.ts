/** Changes at the cursor that keep the meaning of a query. */
import type { BindingSyntax, ClauseSyntax, CompiledQueryDeclaration, FilterSyntax } from '../../query/index.js';
import { declarationAt } from '../declarations.js';
import type { QueryDocument } from '../documents.js';
import { touches } from '../positions.js';
import { type Change, insertion, removal } from './changes.js';
import { parameterEnd } from './undeclared.js';

export interface Refactoring {
  readonly title: string;
  readonly changes: readonly Change[];
}

export function refactoringsAt(document: QueryDocument, offset: number): readonly Refactoring[] {
  const declaration = declarationAt(document, offset);
  if (declaration?.syntax === undefined) return [];
  return [...filterToMatch(document, declaration, offset), ...addDescription(document, declaration, offset)];
}

/** `$p.code = "x"` beside `$p: Plant` becomes `$p: Plant { code: "x" }`. */
function filterToMatch(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
  offset: number,
): readonly Refactoring[] {
  const { body } = declaration.syntax ?? {};
  if (body?.kind !== 'read') return [];
  const found = filterAt(body.clauses, offset - declaration.offset);
  if (found === undefined) return [];
  const { filter, binding, property } = found;
  const source = (span: { readonly offset: number; readonly length: number }): string =>
    document.text.slice(declaration.offset + span.offset, declaration.offset + span.offset + span.length);
  const match = `${property}: ${source(filter.right.span)}`;
  const last = binding.matches.at(-1);
  const behind = last === undefined ? binding.type.span : last.value.span;
  const text = last === undefined ? ` { ${match} }` : `, ${match}`;
  const added = insertion(document, declaration.offset + behind.offset + behind.length, text);
  const gone = removal(document, { offset: declaration.offset + filter.span.offset, length: filter.span.length });
  // Side by side they are one edit: what is inserted where something is removed may land on either side of it.
  const changes = added.offset === gone.offset ? [{ ...gone, text }] : [added, gone];
  return [{ title: 'Convert to a property match', changes }];
}

interface Convertible {
  readonly filter: FilterSyntax;
  readonly binding: BindingSyntax;
  readonly property: string;
}

/** A filter by equality with a value, whose variable the same block binds. */
function filterAt(clauses: readonly ClauseSyntax[], at: number): Convertible | undefined {
  for (const clause of clauses) {
    if (!touches(clause.span, at)) continue;
    if (clause.kind === 'negation') return filterAt(clause.clauses, at);
    if (clause.kind !== 'filter' || clause.operator !== '=') continue;
    const { left, right } = clause;
    if (left.kind !== 'property' || right.kind === 'property' || right.kind === 'alias') continue;
    if (right.kind === 'call' && right.name !== 'now') continue;
    const binding = clauses.find(
      (one): one is BindingSyntax => one.kind === 'binding' && one.variable.text === left.variable.text,
    );
    if (binding !== undefined) return { filter: clause, binding, property: left.property.text };
  }
  return undefined;
}

/** On the name of a query that says nothing of itself. */
function addDescription(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
  offset: number,
): readonly Refactoring[] {
  const { syntax } = declaration;
  if (syntax === undefined || !touches(syntax.name.span, offset - declaration.offset)) return [];
  if (syntax.annotations.some(({ name }) => name === '@description')) return [];
  const end = parameterEnd(document, declaration);
  if (end === undefined) return [];
  const text = '\n    @description("")\n';
  return [{ title: 'Add a @description', changes: [insertion(document, declaration.offset + end, text)] }];
}
