/** Types of expressions and their form in the plan (query-language.md §§3.5–3.9). */
import { type Span, suggestion } from '../../lexis/index.js';
import { displayType, type PropType } from '../../schema/catalog.js';
import type { AggregateFunction, Expr, ScalarExpr } from '../ir.js';
import type { AliasSyntax, CallSyntax, ExprSyntax, PropertyAccessSyntax, VariableSyntax } from '../syntax.js';
import { noteVariable } from './block.js';
import type { Bound, CheckContext, Scope } from './context.js';
import { checkLiteral } from './literal.js';
import { noteProperty } from './note-property.js';
import { aggregates, isBlob, plainType } from './property-type.js';
import { type CallSite, checkRankCall, checkTextCall } from './search-call.js';
import type { Names, TypedExpr } from './typed-expr.js';

/** `undefined` when refused; the reason is reported. Blob values are refused by T24 before anything else. */
export function checkExpression(context: CheckContext, syntax: ExprSyntax, names: Names): TypedExpr | undefined {
  switch (syntax.kind) {
    case 'variable':
      return checkVariable(context, syntax, names.scope);
    case 'property':
      return checkPropertyValue(context, syntax, names.scope);
    case 'call':
      return checkCall(context, syntax, names);
    case 'alias':
      return checkAlias(context, syntax, names);
    default: {
      const literal = checkLiteral(context, syntax);
      return literal && scalar({ kind: 'literal', ...literal }, literal.type);
    }
  }
}

/** The property of a bound variable, without the Blob rule. */
function checkProperty(
  context: CheckContext,
  syntax: PropertyAccessSyntax,
  scope: Scope,
): { readonly bound: Exclude<Bound, { entity: 'unknown' }>; readonly type: PropType } | undefined {
  const { variable, property } = syntax;
  const bound = scope.get(variable.text);
  if (bound === undefined) {
    context.error('T6', `variable \`$${variable.text}\` is not bound`, variable.span, {
      remedy: `bind it first: \`$${variable.text}: Type\`, or move this after the clause that binds it`,
    });
    return undefined;
  }
  noteVariable(context, variable, scope);
  if (bound.entity === 'unknown') return undefined;
  const found = bound.type.properties.get(property.text);
  if (found !== undefined) {
    noteProperty(context, bound.type, property);
    return { bound, type: found.type };
  }
  const owner =
    bound.entity === 'node'
      ? `node type \`${bound.type.name}\``
      : `edge type \`${bound.type.name}\` (edge variable \`$${variable.text}\`)`;
  context.error('T6', `${owner} has no property \`${property.text}\``, property.span, {
    ...suggestion(property.text, bound.type.properties.keys()),
  });
  return undefined;
}

/** A bare `$x` that is an edge variable has no value of its own (T23). */
function refuseBareEdge(context: CheckContext, name: string, span: Span): void {
  context.error('T23', `edge variable \`$${name}\` cannot be used bare`, span, {
    remedy: `read one of its properties: \`$${name}.property\``,
  });
}

function checkVariable(context: CheckContext, syntax: VariableSyntax, scope: Scope): TypedExpr | undefined {
  const { name, span } = syntax;
  if (context.params.has(name)) {
    const type = context.useParam(name, span);
    if (type === undefined) return undefined;
    if (isBlob(type)) return refuseBlob(context, `parameter \`$${name}\``, span);
    return scalar({ kind: 'param', name, type }, type);
  }
  const bound = scope.get(name);
  noteVariable(context, { text: name, span }, scope);
  switch (bound?.entity) {
    case undefined:
      context.error('unbound-variable', `variable \`$${name}\` is neither a parameter nor bound`, span);
      return undefined;
    case 'unknown':
      return undefined;
    case 'edge':
      refuseBareEdge(context, name, span);
      return undefined;
    case 'node':
      return {
        type: { kind: 'node', typeName: bound.type.name },
        expr: { kind: 'variable', variable: name, entity: 'node', typeName: bound.type.name },
      };
  }
}

function checkPropertyValue(context: CheckContext, syntax: PropertyAccessSyntax, scope: Scope): TypedExpr | undefined {
  const found = checkProperty(context, syntax, scope);
  if (found === undefined) return undefined;
  const { variable, property, span } = syntax;
  if (isBlob(found.type)) return refuseBlob(context, `property \`${found.bound.type.name}.${property.text}\``, span);
  return scalar({ kind: 'property', variable: variable.text, property: property.text, type: found.type }, found.type);
}

function refuseBlob(context: CheckContext, what: string, span: Span): undefined {
  context.error('T24', `Blob ${what} cannot be read by a query`, span, {
    remedy: 'fetch blobs by their own address, not through a query',
  });
}

/** An unknown alias is taken for an aggregate: it fails at execution, and `adviseOnRead` warns of it (§3.7). */
function checkAlias(context: CheckContext, { name, span }: AliasSyntax, { aliases }: Names): TypedExpr | undefined {
  const expr: Expr = { kind: 'alias', name };
  if (!aliases.has(name)) return { type: { kind: 'aggregate' }, expr };
  context.note({ kind: 'alias', name, declares: false, span });
  const aliased = aliases.get(name);
  return aliased && { type: aliased.type, expr };
}

function checkCall(context: CheckContext, syntax: CallSyntax, names: Names): TypedExpr | undefined {
  const site: CallSite = {
    context,
    call: syntax,
    scope: names.scope,
    argument: (argument) => checkExpression(context, argument, names),
  };
  switch (syntax.name) {
    case 'now':
      return scalar({ kind: 'now' }, plainType('DateTime'));
    case 'search':
    case 'match_text':
    case 'fuzzy': {
      const expr = checkTextCall(site, syntax.name);
      return expr && scalar(expr, plainType('Bool'));
    }
    case 'nearest':
    case 'bm25':
    case 'rrf': {
      const expr = checkRankCall(site, syntax.name);
      return expr && { type: { kind: 'rank' }, expr };
    }
    default:
      return checkAggregate(context, syntax, syntax.name, names);
  }
}

function checkAggregate(
  context: CheckContext,
  syntax: CallSyntax,
  name: AggregateFunction,
  names: Names,
): TypedExpr | undefined {
  const [argumentSyntax] = syntax.args;
  if (argumentSyntax === undefined) return undefined;
  const argument = checkExpression(context, argumentSyntax, names);
  if (argument === undefined) return undefined;
  if (argument.type.kind === 'scalar' && !aggregates(name, argument.type.type)) {
    const wanted = name === 'min' || name === 'max' ? 'a number or a String' : 'a number';
    context.error('T8', `\`${name}\` needs ${wanted}, not ${displayType(argument.type.type)}`, argumentSyntax.span);
    return undefined;
  }
  return { type: { kind: 'aggregate' }, expr: { kind: 'aggregate', function: name, argument: argument.expr } };
}

const scalar = (expr: ScalarExpr, type: PropType): TypedExpr => ({ type: { kind: 'scalar', type }, expr });
