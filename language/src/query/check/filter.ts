/** Filters (query-language.md §3.5): both sides scalar, then the table of operators. */
import type { Span } from '../../lexis/index.js';
import { displayType, type PropType } from '../../schema/catalog.js';
import type { Filter, FilterOperator, ScalarExpr } from '../ir.js';
import type { ExprSyntax, FilterSyntax } from '../syntax.js';
import type { CheckContext, Scope } from './context.js';
import { checkExpression } from './expression.js';
import { elementOf, isCompatible, isStringScalar, isVector } from './property-type.js';
import { asScalar, type Names, type TypedExpr } from './typed-expr.js';

interface Operand {
  readonly expr: ScalarExpr;
  readonly type: PropType;
  readonly span: Span;
}

export function checkFilter(context: CheckContext, clause: FilterSyntax, scope: Scope): Filter | undefined {
  // Both sides are read before either is judged, so that a Blob on the right comes before a wrong left (T24).
  const names: Names = { scope, aliases: NO_ALIASES };
  const [leftTyped, rightTyped] = [clause.left, clause.right].map((side) => checkExpression(context, side, names));
  const left = leftTyped && checkOperand(context, clause.left, leftTyped);
  const right = rightTyped && checkOperand(context, clause.right, rightTyped);
  if (left === undefined || right === undefined) return undefined;
  const operator = checkOperator(context, clause.operator, left, right);
  return operator && { left: left.expr, operator, right: right.expr };
}

function checkOperand(context: CheckContext, syntax: ExprSyntax, typed: TypedExpr): Operand | undefined {
  const expr = asScalar(typed.expr);
  if (typed.type.kind === 'scalar' && expr !== undefined) return { expr, type: typed.type.type, span: syntax.span };
  context.error('T7', `a filter compares scalar operands, and ${describe(syntax)} is none`, syntax.span, {
    ...remedyFor(syntax),
  });
  return undefined;
}

const NO_ALIASES: ReadonlyMap<string, undefined> = new Map();

function describe(syntax: ExprSyntax): string {
  switch (syntax.kind) {
    case 'variable':
      return `node \`$${syntax.name}\``;
    case 'alias':
      return `the word \`${syntax.name}\``;
    case 'call':
      return `\`${syntax.name}(…)\``;
    default:
      return 'this';
  }
}

function remedyFor(syntax: ExprSyntax): { readonly remedy?: string } {
  if (syntax.kind === 'variable') return { remedy: `compare one of its properties: \`$${syntax.name}.property\`` };
  if (syntax.kind !== 'alias') return {};
  if (syntax.name === 'null') return { remedy: 'there is no null: write `not { $x.p = $x.p }` for "is null"' };
  return { remedy: `put a text in quotes ("${syntax.name}") or a parameter's \`$\` before the name` };
}

/** The operator of the plan, `contains` resolved by the left side; `undefined` when refused (T7). */
function checkOperator(
  context: CheckContext,
  operator: FilterSyntax['operator'],
  left: Operand,
  right: Operand,
): FilterOperator | undefined {
  switch (operator) {
    case 'contains':
      return checkContains(context, left, right);
    case 'starts_with':
      for (const [side, operand] of [
        ['left', left],
        ['right', right],
      ] as const) {
        if (!isStringScalar(operand.type)) {
          const found = displayType(operand.type);
          return refuse(context, `the ${side} side of \`starts_with\` must be a String, not ${found}`, operand.span);
        }
      }
      return 'starts_with';
    default:
      return checkComparison(context, operator, left, right);
  }
}

function checkContains(context: CheckContext, left: Operand, right: Operand): FilterOperator | undefined {
  const found = displayType(right.type);
  if (left.type.list && !isVector(left.type)) {
    const element = elementOf(left.type);
    if (right.type.list)
      return refuse(context, `a list \`contains\` a single value, not the list ${found}`, right.span);
    if (isVector(right.type)) return refuse(context, 'a list cannot contain a vector', right.span);
    if (isCompatible(right.type, element)) return 'contains_item';
    return refuse(context, `${displayType(left.type)} cannot contain ${found}`, right.span);
  }
  if (isStringScalar(left.type)) {
    if (isStringScalar(right.type)) return 'contains_text';
    return refuse(context, `a String \`contains\` a String, not ${found}`, right.span);
  }
  const message = `the left side of \`contains\` must be a list or a String, not ${displayType(left.type)}`;
  return refuse(context, message, left.span);
}

function checkComparison(
  context: CheckContext,
  operator: Exclude<FilterSyntax['operator'], 'contains' | 'starts_with'>,
  left: Operand,
  right: Operand,
): FilterOperator | undefined {
  for (const { type, span } of [left, right]) {
    if (type.list || isVector(type)) {
      return refuse(context, `\`${operator}\` compares single values, not ${displayType(type)}`, span);
    }
  }
  if (isCompatible(left.type, right.type)) return operator;
  const [one, other] = [displayType(left.type), displayType(right.type)];
  return refuse(context, `cannot compare ${one} with ${other}`, right.span);
}

function refuse(context: CheckContext, message: string, span: Span): undefined {
  context.error('T7', message, span);
}
