/**
 * One piece of a schema text as plain data: runs the parser, lowers the syntax tree and judges what the declaration
 * alone decides (stage S1 a and b of schema-language.md §1). Never throws, whatever the text.
 */
import { nearest, type Span } from '../lexis/index.js';
import type { LocalProblem, ParsedPiece } from './declarations.js';
import { lowerDeclaration } from './lower.js';
import { BASE_SCALARS } from './lower-type.js';
import { parseSyntax } from './parser.js';
import type { Piece } from './split.js';

const SCALAR_BY_FOLDED_NAME = new Map(BASE_SCALARS.map((scalar) => [scalar.toLowerCase(), scalar]));
const UNCLOSED_STRING = 'this string is never closed';
const DECLARATION_WORDS = ['node', 'edge', 'interface'];

/** Parses one piece; the result depends on its text and kind only. */
export function parsePiece(piece: Piece): ParsedPiece {
  switch (piece.kind) {
    case 'unterminated-comment':
      return refused(syntaxError('this block comment is never closed', { offset: 0, length: 2 }, 'close it with `*/`'));
    case 'stray':
      return refused(strayText(piece.text));
    case 'declaration':
      return parseDeclaration(piece.text);
    default:
      return piece.kind satisfies never;
  }
}

function parseDeclaration(text: string): ParsedPiece {
  let parsed: ReturnType<typeof parseSyntax>;
  try {
    parsed = parseSyntax(text);
  } catch (cause) {
    // The generated parser's error recovery is third-party code over arbitrary text: its failure is a syntax error.
    const reason = cause instanceof Error ? cause.message : String(cause);
    return refused(syntaxError(`the declaration could not be parsed (${reason})`, inside(text, 0, text.length)));
  }
  const syntax = withoutAftermath([
    ...parsed.lexerErrors.map((error) => unexpectedCharacter(text, error.offset, error.length)),
    ...parsed.parserErrors.map((error) => {
      const at = Number.isNaN(error.token.startOffset) ? text.length : error.token.startOffset;
      const span = inside(text, at, error.token.image.length);
      return syntaxError(error.message, span, remedyFor(error.token.image));
    }),
  ]);
  const declaration = parsed.value.declarations?.[0];
  if (declaration === undefined) {
    const problems = syntax.length > 0 ? syntax : [syntaxError('expected a declaration', inside(text, 0, text.length))];
    return { declaration: null, problems };
  }
  const lowered = lowerDeclaration(declaration, text);
  const complete = syntax.length === 0 && lowered.problems.every((problem) => problem.phase !== 'syntax');
  return {
    declaration: lowered.declaration === null ? null : { ...lowered.declaration, complete },
    problems: [...syntax, ...lowered.problems],
  };
}

/** In text order. What follows an unclosed string was read as code and is none: only the string is reported. */
function withoutAftermath(problems: readonly LocalProblem[]): readonly LocalProblem[] {
  const sorted = [...problems].sort((left, right) => left.span.offset - right.span.offset);
  const unclosed = sorted.findIndex((problem) => problem.message === UNCLOSED_STRING);
  return unclosed === -1 ? sorted : sorted.slice(0, unclosed + 1);
}

const refused = (problem: LocalProblem): ParsedPiece => ({ declaration: null, problems: [problem] });

function strayText(text: string): LocalProblem {
  const word = /^[A-Za-z0-9_]+|^[\s\S]/.exec(text)?.[0] ?? text;
  const near = nearest(word, DECLARATION_WORDS);
  const remedy =
    near !== undefined
      ? `did you mean \`${near}\`?`
      : (remedyFor(word) ?? 'a schema is a list of `node`, `edge` and `interface` declarations');
  return syntaxError(
    `expected \`node\`, \`edge\` or \`interface\`, found \`${word}\``,
    { offset: 0, length: word.length },
    remedy,
  );
}

function unexpectedCharacter(text: string, offset: number, length: number): LocalProblem {
  const character = text.charAt(offset);
  if (character === '"') {
    return syntaxError(UNCLOSED_STRING, inside(text, offset, length), 'close it with `"`');
  }
  const span = inside(text, offset, length);
  return syntaxError(`unexpected character \`${character}\``, span, remedyFor(character));
}

function remedyFor(image: string): string | undefined {
  if (image === ',' || image === ';') return 'members are separated by blanks or line breaks only: remove it';
  if (image === '#') return 'comments start with `//`';
  if (image === '@card') return 'the cardinality comes first in an edge header, before every annotation';
  if (image.startsWith('@') && image.length > 1)
    return 'constraints with arguments belong into the braces of a node or edge';
  const scalar = SCALAR_BY_FOLDED_NAME.get(image.toLowerCase());
  if (scalar === image) return 'a property is written `name: Type`';
  if (scalar !== undefined) return `did you mean \`${scalar}\`?`;
  if (image === '*') return 'leave the maximum out for "unbounded": `@card(0..)`';
  return undefined;
}

function syntaxError(message: string, span: Span, remedy?: string): LocalProblem {
  return { phase: 'syntax', code: 'syntax-error', message, span, ...(remedy === undefined ? {} : { remedy }) };
}

/** A visible span within the text: never empty, never past the end. */
function inside(text: string, offset: number, length: number): Span {
  const start = Math.max(0, Math.min(offset, text.length - 1));
  return { offset: start, length: Math.max(1, Math.min(length, text.length - start)) };
}
