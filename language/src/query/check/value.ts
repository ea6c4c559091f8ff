/**
 * Values against properties: binding matches (query-language.md §3.3), assignments and mutation predicates (§8.2).
 * They share the rules and differ in what a list property and a Blob property accept.
 */
import { displayType, type PropType, vectorDimension } from '../../schema/catalog.js';
import type { ValueExpr } from '../ir.js';
import type { LiteralSyntax, ValueSyntax, VariableSyntax } from '../syntax.js';
import type { CheckContext } from './context.js';
import { checkLiteral } from './literal.js';
import { elementOf, isBlob, isCompatible, isDateTimeScalar, isNumericScalar } from './property-type.js';

/** `match`: scalar on a list property is membership. `assign`: stored as is. `predicate`: compared. */
export type ValueUse = 'match' | 'assign' | 'predicate';

/** What the value is for: `Plant.height`, with the property's type. */
interface ValueTarget {
  readonly name: string;
  readonly type: PropType;
  readonly use: ValueUse;
}

/** `undefined` when refused; the reason is reported. */
export function checkValue(context: CheckContext, value: ValueSyntax, target: ValueTarget): ValueExpr | undefined {
  if (target.use === 'match' && isBlob(target.type)) {
    context.error('T3', `Blob property \`${target.name}\` cannot be matched`, value.span);
    return undefined;
  }
  switch (value.kind) {
    case 'variable':
      return checkParam(context, value, target);
    case 'call':
      if (isDateTimeScalar(target.type)) return { kind: 'now' };
      context.error('T7', `\`now()\` is a DateTime, but \`${target.name}\` is ${displayType(target.type)}`, value.span);
      return undefined;
    default:
      return checkLiteralValue(context, value, target);
  }
}

function checkParam(context: CheckContext, value: VariableSyntax, target: ValueTarget): ValueExpr | undefined {
  const { name, span } = value;
  if (!context.params.has(name)) {
    const remedy = `declare \`$${name}: ${displayType(elementOf(target.type))}\` in the query's parameter list`;
    if (target.use === 'match')
      context.error('unbound-variable', `variable \`$${name}\` is not bound`, span, { remedy });
    else context.error('T14', `\`$${name}\` is not a declared parameter`, span, { remedy });
    return undefined;
  }
  const type = context.useParam(name, span);
  if (type === undefined) return undefined;
  if (acceptsParam(type, target)) return { kind: 'param', name, type };
  const wanted = target.use === 'match' ? elementOf(target.type) : target.type;
  context.error(
    'T7',
    `parameter \`$${name}\` is ${displayType(type)}, but \`${target.name}\` needs ${displayType(wanted)}`,
    span,
  );
  return undefined;
}

function acceptsParam(param: PropType, { type, use }: ValueTarget): boolean {
  if (isBlob(type)) return param.list === type.list && (param.scalar === 'String' || isBlob(param));
  if (!type.list) return isCompatible(param, type);
  switch (use) {
    case 'match':
      return isCompatible(param, elementOf(type));
    case 'assign':
      return isCompatible(param, type);
    case 'predicate':
      return isCompatible(param, type) || isCompatible(param, elementOf(type));
  }
}

function checkLiteralValue(context: CheckContext, syntax: LiteralSyntax, target: ValueTarget): ValueExpr | undefined {
  const typed = checkLiteral(context, syntax);
  if (typed === undefined) return undefined;
  const problem = literalProblem(syntax, typed.type, target);
  if (problem === undefined) return { kind: 'literal', ...typed };
  const { message, ...extras } = problem;
  context.error('T3', message, syntax.span, extras);
  return undefined;
}

interface LiteralProblem {
  readonly message: string;
  readonly remedy?: string;
}

function literalProblem(syntax: LiteralSyntax, literal: PropType, target: ValueTarget): LiteralProblem | undefined {
  const { name, type, use } = target;
  if (isBlob(type)) {
    return {
      message: `Blob property \`${name}\` cannot take a literal`,
      remedy: 'pass the URI or base64 text as a String or Blob parameter',
    };
  }
  const dimension = vectorDimension(type);
  if (dimension !== undefined && !type.list) return vectorProblem(syntax, literal, name, dimension);
  if (type.list) return listProblem(literal, target);
  if (!isCompatible(literal, type)) {
    return { message: `\`${name}\` is ${displayType(type)}, but the literal is ${displayType(literal)}` };
  }
  if (type.enum_values === null || syntax.kind !== 'string' || type.enum_values.includes(syntax.value))
    return undefined;
  const verb = use === 'assign' ? 'take' : 'equal';
  return { message: `\`${name}\` cannot ${verb} "${syntax.value}": expected one of ${type.enum_values.join(', ')}` };
}

function vectorProblem(
  syntax: LiteralSyntax,
  literal: PropType,
  name: string,
  dimension: number,
): LiteralProblem | undefined {
  if (syntax.kind !== 'list' || (syntax.items.length > 0 && !isNumericScalar(elementOf(literal)))) {
    const wanted = `a list of ${dimension} numbers`;
    return {
      message: `\`${name}\` is Vector(${dimension}) and needs ${wanted}, but the literal is ${displayType(literal)}`,
    };
  }
  if (syntax.items.length === dimension) return undefined;
  return { message: `\`${name}\` is Vector(${dimension}), but the literal has ${syntax.items.length} values` };
}

function listProblem(literal: PropType, { name, type, use }: ValueTarget): LiteralProblem | undefined {
  const element = elementOf(type);
  if (use === 'match' && literal.list) {
    return {
      message: `\`${name}\` is a list and cannot be matched against a list literal`,
      remedy: `match a scalar ${displayType(element)} to test membership`,
    };
  }
  if (use !== 'assign' && isCompatible(literal, element)) return undefined;
  if (use !== 'match' && isCompatible(literal, type)) return undefined;
  return { message: `\`${name}\` is ${displayType(type)}, but the literal is ${displayType(literal)}` };
}
