/**
 * A parser for one declaration, made on first use and reused. It yields the syntax tree of the parser, partial where
 * the text is broken, and at most one syntactic problem, since what follows a first one in the same declaration is
 * mostly its echo. Never throws on any text.
 */
import type { LangiumParser, ParseResult } from 'langium';
import { createParser } from '../lexis/index.js';
import type { QueryDeclaration } from './generated/ast.js';
import { OmnigraphQueryGeneratedModule, OmnigraphQueryGeneratedSharedModule } from './generated/module.js';
import { type Problem, parseProblem } from './problem.js';
import type { Piece } from './split.js';
import { SyntaxMessages } from './syntax-messages.js';

interface ParsedTree {
  readonly root: QueryDeclaration | undefined;
  readonly problem: Problem | undefined;
}

export function parseTree({ text, depth, unclosed }: Omit<Piece, 'offset'>): ParsedTree {
  if (depth > MAX_DEPTH) return { root: undefined, problem: tooDeep(text) };
  if (unclosed === undefined) {
    const result = parse(text);
    return result === undefined
      ? { root: undefined, problem: tooDeep(text) }
      : { root: result.value, problem: firstProblem(text, result) };
  }
  // What follows an open comment or string is all of it or none; the lexer would try every character.
  const before = text.slice(0, unclosed);
  const result = parse(before);
  if (result === undefined) return { root: undefined, problem: tooDeep(text) };
  const earlier = firstProblem(before, { ...result, parserErrors: result.parserErrors.filter(hasPlace) });
  return { root: result.value, problem: earlier ?? unexpectedText(text, unclosed, text.length - unclosed) };
}

/** Deeper than any query a person writes, and what the recursive parser manages within a small stack. */
const MAX_DEPTH = 64;

/** Error recovery takes a stack frame per error, so it is kept for texts of the length of a query. */
const LONGEST_RECOVERED = 10_000;

const parsers = new Map<'recovering' | 'strict', LangiumParser>();

/** `undefined` when the text is nested too deeply for the stack of this host. */
function parse(text: string): ParseResult<QueryDeclaration> | undefined {
  const modes = text.length > LONGEST_RECOVERED ? (['strict'] as const) : (['recovering', 'strict'] as const);
  for (const mode of modes) {
    const parser =
      parsers.get(mode) ??
      createParser({
        language: OmnigraphQueryGeneratedModule,
        shared: OmnigraphQueryGeneratedSharedModule,
        messages: new SyntaxMessages(),
        recovers: mode === 'recovering',
      });
    parsers.set(mode, parser);
    try {
      return parser.parse<QueryDeclaration>(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // A stack overflow leaves the parser in the middle of its text.
      parsers.delete(mode);
    }
  }
  return undefined;
}

function tooDeep(text: string): Problem {
  return {
    ...parseProblem(
      'the query is nested too deeply',
      { offset: 0, length: Math.min(text.length, 1) },
      'nested-too-deeply',
    ),
    remedy: `keep brackets to ${MAX_DEPTH} levels`,
  };
}

function firstProblem(text: string, result: ParseResult): Problem | undefined {
  const lexical = result.lexerErrors.map((error) => unexpectedText(text, error.offset, error.length));
  const syntactic = result.parserErrors.map(({ message, token }) => {
    // At the end of the text there is no token to point at: point at the last character.
    const offset = hasPlace({ token }) ? token.startOffset : Math.max(0, text.length - 1);
    return parseProblem(message, { offset, length: Math.max(1, token.image.length) });
  });
  return [...lexical, ...syntactic].reduce<Problem | undefined>(
    (first, next) => (first === undefined || next.span.offset < first.span.offset ? next : first),
    undefined,
  );
}

/** False for an error at the end of the text. */
const hasPlace = ({ token }: Pick<ParseResult['parserErrors'][number], 'token'>): boolean =>
  !Number.isNaN(token.startOffset);

function unexpectedText(text: string, offset: number, length: number): Problem {
  const span = { offset, length: Math.max(1, Math.min(length, text.length - offset)) };
  if (text.startsWith('/*', offset)) return parseProblem('expected `*/`: the comment is not closed', span);
  const character = text.charAt(offset);
  switch (character) {
    case '"':
      return parseProblem('expected a closing `"`: the string is not closed', span);
    case "'":
      return { ...parseProblem('a string cannot stand in single quotes', span), remedy: 'use double quotes' };
    case '$':
      return {
        ...parseProblem('expected a variable name after `$`', span),
        remedy: 'start it with a lower-case letter or `_`',
      };
    case '-':
      return { ...parseProblem('there are no negative literals', span), remedy: 'pass the number as a parameter' };
    default:
      return parseProblem(`unexpected text \`${text.slice(offset, offset + Math.min(span.length, 20))}\``, span);
  }
}
