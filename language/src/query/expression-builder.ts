/** Expressions, values and literals of the plain model. Argument rules: query-language.md §2. */
import type { Span } from '../lexis/index.js';
import type * as Ast from './generated/ast.js';
import { decodeInteger, decodeText, type Report } from './literal-text.js';
import { parseProblem } from './problem.js';
import type { CallSyntax, ExprSyntax, FunctionWord, LiteralSyntax, ValueSyntax } from './syntax.js';
import { partSpan, spanOf, variableOf, wordOf } from './tree-place.js';

export function buildExpression(node: Ast.Expression | undefined, report: Report): ExprSyntax | undefined {
  if (node === undefined) return undefined;
  switch (node.$type) {
    case 'VariableReference': {
      const variable = variableOf(node, 'variable');
      return variable && { kind: 'variable', name: variable.text, span: variable.span };
    }
    case 'PropertyAccess': {
      const [variable, property] = [variableOf(node, 'variable'), wordOf(node, 'property')];
      return variable && property && { kind: 'property', variable, property, span: spanOf(node) };
    }
    case 'Call':
      return buildCall(node, report);
    case 'AliasReference':
      return buildAlias(node, report);
    default:
      return buildLiteral(node, report);
  }
}

export function buildValue(node: Ast.Value | undefined, report: Report): ValueSyntax | undefined {
  const value = buildExpression(node, report);
  return value === undefined || value.kind === 'property' || value.kind === 'alias' ? undefined : value;
}

/** `true` and `false` bind before a word that starts with them, so such a word cannot be written here (§1). */
function buildAlias(node: Ast.AliasReference, report: Report): ExprSyntax | undefined {
  const name = wordOf(node, 'name');
  if (name === undefined) return undefined;
  if (/^(true|false)./.test(name.text)) {
    report(parseProblem(`\`${name.text}\` begins with a Boolean literal and cannot refer to an alias`, name.span));
  }
  return { kind: 'alias', name: name.text, span: name.span };
}

const ARGUMENT_COUNTS: Readonly<Record<FunctionWord, readonly [number, number]>> = {
  now: [0, 0],
  nearest: [2, 2],
  search: [2, 2],
  match_text: [2, 2],
  fuzzy: [2, 3],
  bm25: [2, 2],
  rrf: [2, 3],
  count: [1, 1],
  sum: [1, 1],
  avg: [1, 1],
  min: [1, 1],
  max: [1, 1],
};

function buildCall(node: Ast.Call, report: Report): CallSyntax | undefined {
  const name = node.function;
  if (name === undefined) return undefined;
  const args = node.arguments.flatMap((argument) => buildExpression(argument, report) ?? []);
  if (args.length < node.arguments.length) return undefined;
  const span = spanOf(node);
  const [least, most] = ARGUMENT_COUNTS[name];
  if (args.length < least || args.length > most) {
    const at = args.length > most ? (args[most]?.span ?? span) : (partSpan(node, 'end') ?? span);
    report(parseProblem(`expected ${counted(least, most)} in \`${name}(…)\`, found ${args.length}`, at));
    return undefined;
  }
  const misplaced = misplacedArgument(name, args);
  if (misplaced !== undefined) {
    report(parseProblem(misplaced.message, misplaced.span));
    return undefined;
  }
  return { kind: 'call', name, args, span };
}

function counted(least: number, most: number): string {
  if (most === 0) return 'no argument';
  const bounds = least === most ? String(least) : `${least} or ${most}`;
  return `${bounds} argument${most === 1 ? '' : 's'}`;
}

function misplacedArgument(
  name: FunctionWord,
  args: readonly ExprSyntax[],
): { readonly message: string; readonly span: Span } | undefined {
  if (name === 'nearest' && args[0] !== undefined && args[0].kind !== 'property') {
    return { message: 'expected a property (`$x.property`) as first argument of `nearest`', span: args[0].span };
  }
  if (name !== 'rrf') return undefined;
  const other = args.slice(0, 2).find((arm) => !isRankCall(arm));
  return other && { message: 'expected `nearest(…)` or `bm25(…)` as argument of `rrf`', span: other.span };
}

const isRankCall = (expression: ExprSyntax): boolean =>
  expression.kind === 'call' && (expression.name === 'nearest' || expression.name === 'bm25');

function buildLiteral(node: Ast.Literal, report: Report): LiteralSyntax | undefined {
  const span = spanOf(node);
  switch (node.$type) {
    case 'StringLiteral': {
      const value = stringOf(node, report);
      return value === undefined ? undefined : { kind: 'string', value, span };
    }
    case 'TemporalLiteral': {
      const text = stringOf(node, report);
      return text === undefined || node.kind === undefined ? undefined : { kind: node.kind, text, span };
    }
    case 'NumberLiteral':
      if (node.float !== undefined) return { kind: 'float', value: Number(node.float), span };
      if (node.integer === undefined) return undefined;
      return { kind: 'integer', value: decodeInteger(node.integer, span, report), span };
    case 'BooleanLiteral':
      return { kind: 'bool', value: node.word === 'true', span };
    case 'ListLiteral': {
      const items = node.items.flatMap((item) => buildLiteral(item, report) ?? []);
      return { kind: 'list', items, span };
    }
  }
}

/** The decoded `text` of a node that has one. */
export function stringOf(
  node: Ast.StringLiteral | Ast.TemporalLiteral | Ast.QueryAnnotation,
  report: Report,
): string | undefined {
  const quoted = wordOf(node, 'text');
  return quoted && decodeText(quoted.text, quoted.span.offset, report);
}
