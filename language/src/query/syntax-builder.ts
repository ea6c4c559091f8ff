/**
 * From the parser's tree to the plain model, with the checks a grammar leaves open: empty blocks, annotations, number
 * ranges, the word `not` (query-language.md §§1–2). Each is a parse problem with its place. Tolerant of a partial
 * tree: what lacks a needed part is left out of the model.
 */
import type { AstNode } from 'langium';
import { type Span, spanBetween, type Word } from '../lexis/index.js';
import { buildExpression, buildValue, stringOf } from './expression-builder.js';
import type * as Ast from './generated/ast.js';
import { decodeHop, decodeLimit, type Report } from './literal-text.js';
import { parseProblem } from './problem.js';
import { buildStatement } from './statement-builder.js';
import type {
  AnnotationSyntax,
  BindingSyntax,
  ClauseSyntax,
  FilterSyntax,
  HopsSyntax,
  ParamSyntax,
  QuerySyntax,
  ReadSyntax,
  ReturnItemSyntax,
  SortItemSyntax,
  TextSearchSyntax,
  TraversalSyntax,
  WriteSyntax,
} from './syntax.js';
import { partSpan, spanOf, variableOf, wordOf } from './tree-place.js';

/** `undefined` when not even the name could be read. */
export function buildQuery(root: Ast.QueryDeclaration, length: number, report: Report): QuerySyntax | undefined {
  const name = wordOf(root, 'name');
  if (name === undefined) return undefined;
  return {
    name,
    params: root.params.flatMap((param) => buildParam(param, report) ?? []),
    annotations: buildAnnotations(root, name, report),
    body: root.read === undefined ? buildWrite(root, name, report) : buildRead(root.read, report),
    span: { offset: 0, length },
  };
}

function buildAnnotations(root: Ast.QueryDeclaration, query: Word, report: Report): readonly AnnotationSyntax[] {
  const seen = new Set<string>();
  return root.annotations.flatMap((annotation): readonly AnnotationSyntax[] => {
    const [name, quoted, value] = [
      wordOf(annotation, 'name'),
      wordOf(annotation, 'text'),
      stringOf(annotation, report),
    ];
    if (name === undefined || quoted === undefined || value === undefined) return [];
    if (name.text !== '@description' && name.text !== '@instruction') {
      const message = `expected \`@description\` or \`@instruction\`, found \`${name.text}\``;
      report(parseProblem(message, name.span, 'unknown-annotation'));
      return [];
    }
    if (seen.has(name.text)) {
      const message = `query \`${query.text}\` has \`${name.text}\` more than once`;
      report(parseProblem(message, spanOf(annotation), 'duplicate-annotation'));
      return [];
    }
    seen.add(name.text);
    return [{ name: name.text, value, text: quoted.span }];
  });
}

const SCALARS: ReadonlySet<string> = new Set([
  ...['String', 'Blob', 'Bool', 'I32', 'I64', 'U32', 'U64', 'F32', 'F64', 'DateTime', 'Date'],
]);

function buildParam(node: Ast.Parameter, report: Report): ParamSyntax | undefined {
  const variable = variableOf(node, 'variable');
  const type = node.type;
  const name = type && wordOf(type, 'name');
  if (variable === undefined || name === undefined) return undefined;
  const isVector = name.text === 'Vector' && type.dimension !== undefined;
  if (!isVector && !(SCALARS.has(name.text) && type.dimension === undefined)) {
    report({
      ...parseProblem(
        `\`${typeText(type, name.text)}\` is not a parameter type`,
        spanOf(type),
        'unknown-parameter-type',
      ),
      remedy: `use one of ${[...SCALARS].join(', ')}, a list of one of them (\`[String]\`) or \`Vector(n)\``,
    });
    return undefined;
  }
  return {
    variable,
    type: {
      name: name.text,
      dimension: type.dimension === undefined ? null : BigInt(type.dimension.slice(0, 1000)),
      list: type.list === true,
      nullable: type.nullable === true,
      span: spanOf(type),
    },
  };
}

const typeText = (type: Ast.ParameterType, name: string): string =>
  type.$cstNode?.text.replace(/\s+/g, '').slice(0, 60) ?? name;

function buildRead(read: Ast.ReadBody, report: Report): ReadSyntax {
  const items = read.items.flatMap((item) => buildReturnItem(item, report) ?? []);
  const order = read.sorts.flatMap((sort) => buildSort(sort, report) ?? []);
  if (read.items.length === 0) expectSomething('return item', partSpan(read, 'returnEnd'), read, report);
  if (read.orderEnd !== undefined && read.sorts.length === 0) {
    expectSomething('sort item', partSpan(read, 'orderEnd'), read, report);
  }
  const limit = wordOf(read, 'limit');
  return {
    kind: 'read',
    clauses: buildClauses(read.match, report),
    items,
    order,
    limit: limit === undefined ? null : decodeLimit(limit.text, limit.span, report),
  };
}

/** Empty braces are a parse error wherever the grammar says "one or more" (§2). */
function expectSomething(what: string, at: Span | undefined, node: AstNode, report: Report): void {
  report(parseProblem(`expected at least one ${what}`, at ?? spanOf(node), 'empty-block'));
}

function buildWrite(root: Ast.QueryDeclaration, name: Word, report: Report): WriteSyntax {
  if (root.statements.length === 0) {
    report({
      ...parseProblem(`query \`${name.text}\` has an empty body`, name.span, 'empty-block'),
      remedy: 'write `match { … } return { … }` or an `insert`, `update` or `delete`',
    });
  }
  return { kind: 'mutation', statements: root.statements.flatMap((node) => buildStatement(node, report) ?? []) };
}

function buildClauses(block: Ast.ClauseBlock | undefined, report: Report): readonly ClauseSyntax[] {
  if (block === undefined) return [];
  if (block.clauses.length === 0) expectSomething('clause', undefined, block, report);
  return block.clauses.flatMap((clause) => buildClause(clause, report) ?? []);
}

function buildClause(node: Ast.Clause, report: Report): ClauseSyntax | undefined {
  switch (node.$type) {
    case 'Negation':
      return { kind: 'negation', clauses: buildClauses(node.block, report), span: spanOf(node) };
    case 'Binding':
      return buildBinding(node, report);
    case 'Traversal':
      return buildTraversal(node, report);
    case 'Filter':
      return buildFilter(node, report);
  }
}

function buildBinding(node: Ast.Binding, report: Report): BindingSyntax | undefined {
  const [variable, type] = [variableOf(node, 'variable'), wordOf(node, 'type')];
  if (variable === undefined || type === undefined) return undefined;
  if (node.open !== undefined && node.matches.length === 0) {
    const open = partSpan(node, 'open') ?? spanOf(node);
    expectSomething('property match', spanBetween(open, spanOf(node)), node, report);
  }
  const matches = node.matches.flatMap((match) => {
    const [property, value] = [wordOf(match, 'property'), buildValue(match.value, report)];
    return property === undefined || value === undefined ? [] : { property, value };
  });
  return { kind: 'binding', variable, type, matches, span: spanOf(node) };
}

function buildTraversal(node: Ast.Traversal, report: Report): TraversalSyntax | undefined {
  const [from, to, edge] = [variableOf(node, 'from'), variableOf(node, 'to'), wordOf(node, 'edge')];
  if (from === undefined || to === undefined || edge === undefined) return undefined;
  // `not` opens a negation unless a letter or digit follows, so these words cannot be edges (§1).
  if (/^not(?![A-Za-z0-9])/.test(edge.text)) {
    report(parseProblem(`\`${edge.text}\` cannot be traversed: the word begins with \`not\``, edge.span));
  }
  return {
    kind: 'traversal',
    from,
    to,
    edge,
    edgeVariable: variableOf(node, 'edgeVariable') ?? null,
    undirected: node.undirected !== undefined,
    hops: node.hops === undefined ? null : buildHops(node.hops, report),
    span: spanOf(node),
  };
}

function buildHops(node: Ast.HopBounds, report: Report): HopsSyntax {
  const [min, max] = [wordOf(node, 'min'), wordOf(node, 'max')];
  return {
    min: min === undefined ? 1 : decodeHop(min.text, min.span, report),
    max: max === undefined ? null : decodeHop(max.text, max.span, report),
    span: spanOf(node),
  };
}

function buildFilter(node: Ast.Filter, report: Report): FilterSyntax | TextSearchSyntax | undefined {
  const left = buildExpression(node.left, report);
  const operator = node.operator;
  if (operator === undefined) {
    if (left?.kind === 'call' && (left.name === 'search' || left.name === 'fuzzy' || left.name === 'match_text')) {
      return { kind: 'text-search', call: left, span: spanOf(node) };
    }
    if (left !== undefined) report(parseProblem('expected a comparison after this expression', left.span));
    return undefined;
  }
  const right = buildExpression(node.right, report);
  return (
    left && right && { kind: 'filter', left, operator: operator as FilterSyntax['operator'], right, span: spanOf(node) }
  );
}

function buildReturnItem(node: Ast.ReturnItem, report: Report): ReturnItemSyntax | undefined {
  const expression = buildExpression(node.expression, report);
  if (expression === undefined) return undefined;
  const alias = wordOf(node, 'alias') ?? null;
  // The tree's node holds the comma too.
  return { expression, alias, span: spanBetween(expression.span, alias?.span ?? expression.span) };
}

function buildSort(node: Ast.SortItem, report: Report): SortItemSyntax | undefined {
  const expression = buildExpression(node.expression, report);
  if (expression === undefined) return undefined;
  const direction = wordOf(node, 'direction');
  if (direction !== undefined && expression.kind === 'call' && expression.name === 'nearest') {
    report(parseProblem('`nearest` takes no direction: the nearest come first', direction.span));
  }
  return { expression, direction: node.direction ?? null, span: spanOf(node) };
}
