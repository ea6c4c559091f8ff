/** Pieces of a `.gq` file that belong together: for folding, and for growing a selection. */
import { type FoldingRange, FoldingRangeKind, type SelectionRange } from 'vscode-languageserver';
import { type Span, spanBetween } from '../../lexis/index.js';
import type { CompiledQueryDeclaration, ExprSyntax, QuerySyntax, StatementSyntax } from '../../query/index.js';
import { declarationAt } from '../declarations.js';
import type { QueryDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { isComment, type QueryToken, queryTokens } from './tokens.js';
import { clausesOf } from './traversals.js';

export const queryFolding: Feature<'query'> = () => ({
  'textDocument/foldingRange': (document) => {
    const tokens = queryTokens(document.text);
    return [...blocks(document, tokens), ...comments(document, tokens)];
  },
});

export const querySelection: Feature<'query'> = () => ({
  'textDocument/selectionRange': (document, { positions }) =>
    positions.map((position) => selectionAt(document, offsetOf(position, document.lines))),
});

/** Everything between brackets over several lines; the line of the closing bracket stays. */
function blocks({ lines }: QueryDocument, tokens: readonly QueryToken[]): readonly FoldingRange[] {
  const seen = new Set<number>();
  return pairs(tokens).flatMap(({ open, close }) => {
    const startLine = lines.position(open).line;
    const endLine = lines.position(close).line - 1;
    if (endLine <= startLine || seen.has(startLine)) return [];
    seen.add(startLine);
    return [{ startLine, endLine }];
  });
}

/** Outer ones first. */
function pairs(tokens: readonly QueryToken[]): readonly { readonly open: number; readonly close: number }[] {
  const opened: QueryToken[] = [];
  const found: { open: number; close: number }[] = [];
  for (const token of tokens) {
    if (CLOSING.has(token.text)) opened.push(token);
    const open = opened.at(-1);
    if (open === undefined || CLOSING.get(open.text) !== token.text) continue;
    opened.pop();
    found.push({ open: open.offset, close: token.offset });
  }
  return found.sort((left, right) => left.open - right.open);
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
]);

/** Block comments over several lines, and line comments one below the other. */
function comments({ lines }: QueryDocument, tokens: readonly QueryToken[]): readonly FoldingRange[] {
  const found: { startLine: number; endLine: number; mergeable: boolean }[] = [];
  for (const token of tokens) {
    if (!isComment(token) || !token.startsLine) continue;
    const startLine = lines.position(token.offset).line;
    const endLine = lines.position(token.offset + token.text.length).line;
    const last = found.at(-1);
    const mergeable = token.kind === 'line-comment';
    if (last?.mergeable === true && mergeable && last.endLine + 1 === startLine) last.endLine = endLine;
    else found.push({ startLine, endLine, mergeable });
  }
  return found.flatMap(({ startLine, endLine }) =>
    endLine > startLine ? [{ startLine, endLine, kind: FoldingRangeKind.Comment }] : [],
  );
}

function selectionAt(document: QueryDocument, offset: number): SelectionRange {
  const declaration = declarationAt(document, offset);
  const around = declaration === undefined ? [] : spansAround(document, declaration, offset - declaration.offset);
  const whole: SelectionRange = { range: rangeOfSpan({ offset: 0, length: document.text.length }, document.lines) };
  return [...around]
    .sort((left, right) => right.length - left.length)
    .filter((span, at, all) => span.length < (all[at - 1]?.length ?? document.text.length + 1))
    .reduce<SelectionRange>(
      (parent, span) => ({ range: rangeOfSpan(span, document.lines, declaration?.offset), parent }),
      whole,
    );
}

function spansAround(
  document: QueryDocument,
  { offset, length, syntax }: CompiledQueryDeclaration,
  at: number,
): readonly Span[] {
  const tokens = queryTokens(document.text.slice(offset, offset + length));
  const words = tokens.map((token): Span => ({ offset: token.offset, length: token.text.length }));
  const brackets = pairs(tokens).flatMap(({ open, close }): readonly Span[] => [
    { offset: open, length: close + 1 - open },
    { offset: open + 1, length: close - open - 1 },
  ]);
  return [...words, ...brackets, ...(syntax === undefined ? [] : partsOf(syntax)), { offset: 0, length }].filter(
    (span) => span.offset <= at && at <= span.offset + span.length,
  );
}

function partsOf({ params, annotations, body }: QuerySyntax): readonly Span[] {
  const header = [
    ...params.map(({ variable, type }) => spanBetween(variable.span, type.span)),
    ...annotations.map(({ text }) => text),
  ];
  if (body.kind === 'mutation') return [...header, ...body.statements.flatMap(statementParts)];
  const clauses = clausesOf(body.clauses).flatMap((clause): readonly Span[] => {
    switch (clause.kind) {
      case 'binding':
        return [clause.span, ...clause.matches.map(({ property, value }) => spanBetween(property.span, value.span))];
      case 'filter':
        return [clause.span, ...expressionParts(clause.left), ...expressionParts(clause.right)];
      case 'text-search':
        return [clause.span, ...expressionParts(clause.call)];
      case 'traversal':
      case 'negation':
        return [clause.span];
      default:
        return clause satisfies never;
    }
  });
  const items = [...body.items, ...body.order].flatMap(({ span, expression }) => [
    span,
    ...expressionParts(expression),
  ]);
  return [...header, ...clauses, ...items];
}

function statementParts(statement: StatementSyntax): readonly Span[] {
  const assigned = statement.kind === 'delete' ? [] : statement.assignments;
  const compared = statement.kind === 'insert' ? [] : [statement.predicate];
  return [
    statement.span,
    ...[...assigned, ...compared].map(({ property, value }) => spanBetween(property.span, value.span)),
  ];
}

const expressionParts = (expression: ExprSyntax): readonly Span[] =>
  expression.kind === 'call' ? [expression.span, ...expression.args.flatMap(expressionParts)] : [expression.span];
