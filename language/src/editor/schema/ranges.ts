/** Pieces of a schema that belong together: for folding, and for growing a selection. */
import { type FoldingRange, FoldingRangeKind, type SelectionRange } from 'vscode-languageserver';
import { type Span, scanTokens } from '../../lexis/index.js';
import type { CompiledSchemaDeclaration, SchemaDeclaration } from '../../schema/index.js';
import { declarationAt } from '../declarations.js';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { rolesOf, wordAt } from './words.js';

export const schemaFolding: Feature<'schema'> = () => ({
  'textDocument/foldingRange': (document) => [...bodies(document), ...comments(document)],
});

export const schemaSelection: Feature<'schema'> = () => ({
  'textDocument/selectionRange': (document, { positions }) =>
    positions.map((position) => selectionAt(document, offsetOf(position, document.lines))),
});

/** A declaration folds to its header; the line of its closing brace stays. */
function bodies({ compiled, lines }: SchemaDocument): readonly FoldingRange[] {
  return compiled.declarations.flatMap(({ offset, length, syntax }) => {
    const { start, end } = lines.range(offset, length);
    const endLine = end.line - 1;
    return syntax === null || endLine <= start.line ? [] : [{ startLine: start.line, endLine }];
  });
}

/** Block comments over several lines, and line comments one below the other. */
function comments({ text, lines }: SchemaDocument): readonly FoldingRange[] {
  const found: { startLine: number; endLine: number; block: boolean }[] = [];
  for (const { kind, offset, text: comment } of scanTokens(text)) {
    if (kind !== 'line-comment' && kind !== 'block-comment') continue;
    const startLine = lines.position(offset).line;
    const endLine = lines.position(offset + comment.length).line;
    const last = found.at(-1);
    const block = kind === 'block-comment';
    if (last !== undefined && !block && !last.block && last.endLine + 1 === startLine) last.endLine = endLine;
    else found.push({ startLine, endLine, block });
  }
  return found.flatMap(({ startLine, endLine }) =>
    endLine > startLine ? [{ startLine, endLine, kind: FoldingRangeKind.Comment }] : [],
  );
}

function selectionAt(document: SchemaDocument, offset: number): SelectionRange {
  const declaration = declarationAt(document, offset);
  const around = declaration === undefined ? [] : spansAround(document, declaration, offset);
  const whole = { offset: 0, length: document.text.length };
  const start: SelectionRange = { range: rangeOfSpan(whole, document.lines) };
  return [...around]
    .sort((left, right) => right.length - left.length)
    .filter((span, at, all) => span.length < (all[at - 1]?.length ?? whole.length + 1))
    .reduce<SelectionRange>((parent, span) => ({ range: rangeOfSpan(span, document.lines), parent }), start);
}

function spansAround(
  document: SchemaDocument,
  declaration: CompiledSchemaDeclaration,
  offset: number,
): readonly Span[] {
  const inner = offset - declaration.offset;
  const { syntax, length } = declaration;
  const inside = [
    { offset: 0, length },
    ...bodySpan(document, declaration),
    ...(syntax === null ? [] : memberSpans(syntax)),
  ].filter((span) => span.offset <= inner && inner <= span.offset + span.length);
  const placed = inside.map((span) => ({ offset: declaration.offset + span.offset, length: span.length }));
  const word = wordAt(document, offset);
  return word === undefined ? placed : [...placed, word.span];
}

/** Between the braces. */
function bodySpan(document: SchemaDocument, declaration: CompiledSchemaDeclaration): readonly Span[] {
  const tokens = rolesOf(document, declaration).map(({ token }) => token);
  const open = tokens.find(({ text }) => text === '{');
  const close = tokens.at(-1);
  if (open === undefined || close?.text !== '}') return [];
  return [{ offset: open.offset + 1, length: close.offset - open.offset - 1 }];
}

function memberSpans(syntax: SchemaDeclaration): readonly Span[] {
  const annotated = syntax.kind === 'interface' ? [] : [...syntax.annotations, ...syntax.constraints];
  return [
    ...annotated.map(({ span }) => span),
    ...syntax.properties.flatMap((property) => [
      property.span,
      property.type.span,
      ...property.annotations.map(({ span }) => span),
    ]),
  ];
}
