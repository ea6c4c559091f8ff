/**
 * The only file that starts Langium: a parser for one declaration, made on first use and reused. It yields the syntax
 * tree of the parser, partial where the text is broken, and at most one syntactic problem, since what follows a first
 * one in the same declaration is mostly its echo. Never throws on any text.
 */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
  type LangiumSharedCoreServices,
  type ParseResult,
} from 'langium';
import type { QueryDeclaration } from './generated/ast.js';
import { OmnigraphQueryGeneratedModule, OmnigraphQueryGeneratedSharedModule } from './generated/module.js';
import { type Problem, parseProblem } from './problem.js';
import { SyntaxMessages } from './syntax-messages.js';

export interface ParsedTree {
  readonly root: QueryDeclaration | undefined;
  readonly problem: Problem | undefined;
}

/** `depth` is the deepest nesting of brackets in `text`: see `Piece`. */
export function parseTree(text: string, depth: number): ParsedTree {
  if (depth > MAX_DEPTH) return { root: undefined, problem: tooDeep(text) };
  try {
    const result = parser().parse<QueryDeclaration>(text);
    return { root: result.value, problem: firstProblem(text, result) };
  } catch (error) {
    // The parser is recursive; a host with a small stack may give up before MAX_DEPTH, and leaves it unusable.
    if (!(error instanceof RangeError)) throw error;
    services = undefined;
    return { root: undefined, problem: tooDeep(text) };
  }
}

const MAX_DEPTH = 64;

let services: LangiumCoreServices | undefined;

function parser(): LangiumCoreServices['parser']['LangiumParser'] {
  services ??= createServices();
  return services.parser.LangiumParser;
}

function createServices(): LangiumCoreServices {
  const shared: LangiumSharedCoreServices = inject(
    createDefaultSharedCoreModule(EmptyFileSystem),
    OmnigraphQueryGeneratedSharedModule,
  );
  const core: LangiumCoreServices = inject(createDefaultCoreModule({ shared }), OmnigraphQueryGeneratedModule, {
    parser: {
      // Literals are decoded from their text, where a problem in them has a place.
      ValueConverter: () => ({ convert: (input: string) => input }),
      ParserErrorMessageProvider: () => new SyntaxMessages(),
    },
  });
  shared.ServiceRegistry.register(core);
  return core;
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
    const offset = Number.isNaN(token.startOffset) ? Math.max(0, text.length - 1) : token.startOffset;
    return parseProblem(message, { offset, length: Math.max(1, token.image.length) });
  });
  return [...lexical, ...syntactic].reduce<Problem | undefined>(
    (first, next) => (first === undefined || next.span.offset < first.span.offset ? next : first),
    undefined,
  );
}

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
