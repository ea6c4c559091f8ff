/** `insert`, `update` and `delete` statements of the plain model (query-language.md §2). */
import type { AstNode } from 'langium';
import { buildValue } from './expression-builder.js';
import type * as Ast from './generated/ast.js';
import type { ComparisonOperator } from './ir.js';
import type { Report } from './literal-text.js';
import { parseProblem } from './problem.js';
import type { AssignmentSyntax, PredicateSyntax, StatementSyntax } from './syntax.js';
import { partSpan, spanOf, wordOf } from './tree-place.js';

export function buildStatement(node: Ast.Statement, report: Report): StatementSyntax | undefined {
  const type = wordOf(node, 'type');
  if (type === undefined) return undefined;
  const span = spanOf(node);
  if (node.$type === 'Insert') {
    return { kind: 'insert', type, assignments: buildAssignments(node, node.assignments, report), span };
  }
  const predicate = buildPredicate(node.predicate, report);
  if (predicate === undefined) return undefined;
  if (node.$type === 'Delete') return { kind: 'delete', type, predicate, span };
  return { kind: 'update', type, assignments: buildAssignments(node, node.assignments, report), predicate, span };
}

function buildAssignments(
  statement: AstNode,
  assignments: readonly Ast.Assignment[],
  report: Report,
): readonly AssignmentSyntax[] {
  if (assignments.length === 0) {
    report(
      parseProblem('expected at least one assignment', partSpan(statement, 'end') ?? spanOf(statement), 'empty-block'),
    );
  }
  return assignments.flatMap((node) => {
    const [property, value] = [wordOf(node, 'property'), buildValue(node.value, report)];
    return property === undefined || value === undefined ? [] : { property, value };
  });
}

function buildPredicate(node: Ast.Predicate | undefined, report: Report): PredicateSyntax | undefined {
  if (node === undefined) return undefined;
  const [property, value] = [wordOf(node, 'property'), buildValue(node.value, report)];
  if (property === undefined || value === undefined || node.operator === undefined) return undefined;
  return { property, operator: node.operator as ComparisonOperator, value };
}
