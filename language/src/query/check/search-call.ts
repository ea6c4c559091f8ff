/** Search and rank calls: T15 `nearest`, T19–T21, T23 on edge variables (query-language.md §§3.2, 3.8, 7.3). */
import { displayType, vectorDimension } from '../../schema/catalog.js';
import type { RankArm, RankExpr, ScalarExpr, TextFilter } from '../ir.js';
import type { CallSyntax, ExprSyntax, PropertyAccessSyntax } from '../syntax.js';
import { noteVariable } from './block.js';
import type { CheckContext, Scope } from './context.js';
import { noteProperty } from './note-property.js';
import { elementOf, isBlob, isIntegerScalar, isNumericScalar, isStringScalar } from './property-type.js';
import { asScalar, type TypedExpr } from './typed-expr.js';

/** A call where it stands. `argument` types one of its arguments there; `undefined` when refused (reported). */
export interface CallSite {
  readonly context: CheckContext;
  readonly call: CallSyntax;
  readonly scope: Scope;
  readonly argument: (syntax: ExprSyntax) => TypedExpr | undefined;
}

export function checkTextCall(site: CallSite, kind: TextFilter['kind']): TextFilter | undefined {
  const operands = checkFieldAndQuery(site, kind === 'match_text' ? 'T20' : 'T19');
  const edits = site.call.args[2];
  const maxEdits = edits === undefined ? null : checkMaxEdits(site, edits);
  return operands && maxEdits !== undefined ? { kind, ...operands, maxEdits } : undefined;
}

export function checkRankCall(site: CallSite, kind: RankExpr['kind']): RankExpr | undefined {
  switch (kind) {
    case 'nearest':
      return checkNearest(site);
    case 'bm25': {
      const operands = checkFieldAndQuery(site, 'T20');
      return operands && { kind: 'bm25', ...operands };
    }
    case 'rrf':
      return checkFusion(site);
  }
}

function checkFieldAndQuery(
  site: CallSite,
  code: 'T19' | 'T20',
): { readonly field: ScalarExpr; readonly query: ScalarExpr } | undefined {
  const [fieldSyntax, querySyntax] = site.call.args;
  if (fieldSyntax === undefined || querySyntax === undefined) return undefined;
  if (fieldSyntax.kind === 'property' && refusesEdgeField(site, fieldSyntax)) return undefined;
  const field = checkString(site, 'field', fieldSyntax, code);
  const query = checkString(site, 'query', querySyntax, code);
  return field && query && { field, query };
}

/** A search runs over node properties only. */
function refusesEdgeField({ context, call, scope }: CallSite, field: PropertyAccessSyntax): boolean {
  if (scope.get(field.variable.text)?.entity !== 'edge') return false;
  context.error('T23', `edge variable \`$${field.variable.text}\` cannot be the field of \`${call.name}\``, field.span);
  return true;
}

function checkString(
  site: CallSite,
  role: 'field' | 'query',
  syntax: ExprSyntax,
  code: 'T19' | 'T20',
): ScalarExpr | undefined {
  const refuse = (found: string): undefined => {
    const message = `the ${role} of \`${site.call.name}\` must be a String, not ${found}`;
    site.context.error(code, message, syntax.span);
  };
  // These codes come before T24: a Blob there is simply not a String.
  if (isBlobProperty(syntax, site.scope)) return refuse('Blob');
  const typed = site.argument(syntax);
  if (typed === undefined) return undefined;
  const { type } = typed;
  if (type.kind !== 'scalar') return refuse(NOT_SCALAR[type.kind]);
  return isStringScalar(type.type) ? asScalar(typed.expr) : refuse(displayType(type.type));
}

const NOT_SCALAR = { node: 'a node', rank: 'a rank', aggregate: 'an aggregate' } as const;

function isBlobProperty(syntax: ExprSyntax, scope: Scope): boolean {
  if (syntax.kind !== 'property') return false;
  const bound = scope.get(syntax.variable.text);
  if (bound === undefined || bound.entity === 'unknown') return false;
  const property = bound.type.properties.get(syntax.property.text);
  return property !== undefined && isBlob(property.type);
}

function checkMaxEdits({ context, argument }: CallSite, syntax: ExprSyntax): ScalarExpr | undefined {
  const typed = argument(syntax);
  if (typed === undefined) return undefined;
  if (typed.type.kind === 'scalar' && isIntegerScalar(typed.type.type)) return asScalar(typed.expr);
  context.error('T19', 'the number of edits of `fuzzy` must be an integer', syntax.span);
  return undefined;
}

function checkNearest(site: CallSite): RankArm | undefined {
  const [field, querySyntax] = site.call.args;
  if (field?.kind !== 'property' || querySyntax === undefined) return undefined;
  if (refusesEdgeField(site, field)) return undefined;
  const { variable, property } = field;
  const bound = site.scope.get(variable.text);
  noteVariable(site.context, variable, site.scope);
  if (bound?.entity === 'unknown') return undefined;
  if (bound === undefined) {
    site.context.error('T15', `variable \`$${variable.text}\` of \`nearest\` is not bound`, variable.span);
    return undefined;
  }
  const type = bound.type.properties.get(property.text)?.type;
  if (type === undefined) {
    site.context.error('T15', `node type \`${bound.type.name}\` has no property \`${property.text}\``, property.span);
    return undefined;
  }
  noteProperty(site.context, bound.type, property);
  const dimension = vectorDimension(type);
  if (dimension === undefined || type.list) {
    const name = `${bound.type.name}.${property.text}`;
    const message = `\`nearest\` needs a Vector property, but \`${name}\` is ${displayType(type)}`;
    site.context.error('T15', message, field.span);
    return undefined;
  }
  const query = checkNearestQuery(site, querySyntax, dimension);
  if (query === undefined) return undefined;
  return {
    kind: 'nearest',
    field: { kind: 'property', variable: variable.text, property: property.text, type },
    query,
  };
}

function checkNearestQuery(
  { context, argument }: CallSite,
  syntax: ExprSyntax,
  dimension: number,
): ScalarExpr | undefined {
  const typed = argument(syntax);
  if (typed === undefined) return undefined;
  const refuse = (found: string): undefined => {
    const message = `the query of \`nearest\` must be Vector(${dimension}) or String, not ${found}`;
    context.error('T15', message, syntax.span);
  };
  if (typed.type.kind !== 'scalar') return refuse(NOT_SCALAR[typed.type.kind]);
  const { type } = typed.type;
  if (syntax.kind === 'list') {
    const count = syntax.items.length;
    if (count > 0 && !isNumericScalar(elementOf(type))) return refuse(displayType(type));
    if (count !== dimension) return refuse(`a list of ${count} number${count === 1 ? '' : 's'}`);
    return asScalar(typed.expr);
  }
  const fits = isStringScalar(type) || (!type.list && vectorDimension(type) === dimension);
  return fits ? asScalar(typed.expr) : refuse(displayType(type));
}

function checkFusion(site: CallSite): RankExpr | undefined {
  const [firstSyntax, secondSyntax, kSyntax] = site.call.args;
  if (firstSyntax === undefined || secondSyntax === undefined) return undefined;
  const first = checkArm(site, firstSyntax);
  const second = checkArm(site, secondSyntax);
  const k = kSyntax === undefined ? null : checkRankConstant(site, kSyntax);
  if (first === undefined || second === undefined || k === undefined) return undefined;
  const [one, other] = [rankedVariable(first), rankedVariable(second)];
  if (one !== undefined && other !== undefined && one !== other) {
    const message = `both arms of \`rrf\` must rank the same variable, not \`$${one}\` and \`$${other}\``;
    site.context.error('T21', message, site.call.span);
    return undefined;
  }
  return { kind: 'rrf', arms: [first, second], k };
}

function checkArm({ argument }: CallSite, syntax: ExprSyntax): RankArm | undefined {
  const expr = argument(syntax)?.expr;
  return expr?.kind === 'nearest' || expr?.kind === 'bm25' ? expr : undefined;
}

const rankedVariable = ({ field }: RankArm): string | undefined =>
  field.kind === 'property' ? field.variable : undefined;

function checkRankConstant({ context, argument }: CallSite, syntax: ExprSyntax): ScalarExpr | undefined {
  const typed = argument(syntax);
  if (typed === undefined) return undefined;
  if (typed.type.kind !== 'scalar' || !isIntegerScalar(typed.type.type)) {
    context.error('T21', 'the constant `k` of `rrf` must be an integer', syntax.span);
    return undefined;
  }
  if (syntax.kind === 'integer' && syntax.value <= 0n) {
    context.error('T21', 'the constant `k` of `rrf` must be greater than 0', syntax.span);
    return undefined;
  }
  return asScalar(typed.expr);
}
