/** One declaration: text → plain model and problems. Never throws; the model is missing only when unrecognisable. */
import { parseTree } from './parser.js';
import type { Problem } from './problem.js';
import type { Piece } from './split.js';
import type { QuerySyntax } from './syntax.js';
import { buildQuery } from './syntax-builder.js';

export interface ParsedDeclaration {
  readonly syntax: QuerySyntax | undefined;
  /** In order of place; any makes the whole file unusable (query-language.md §2.1). */
  readonly problems: readonly Problem[];
}

export function parseDeclaration(piece: Omit<Piece, 'offset'>): ParsedDeclaration {
  const tree = parseTree(piece);
  const found: Problem[] = [];
  // Without the word `query` at its start it is rubbish, whatever the parser made of it.
  const isQuery = tree.problem?.span.offset !== 0;
  const syntax = isQuery && tree.root ? buildQuery(tree.root, piece.text.length, (one) => found.push(one)) : undefined;
  // In a partial tree blocks look empty and calls look short; only what a single token shows is certain there.
  const certain = tree.problem === undefined ? found : [tree.problem, ...found.filter(isTokenProblem)];
  return { syntax, problems: certain.sort((a, b) => a.span.offset - b.span.offset) };
}

const isTokenProblem = (problem: Problem): boolean =>
  problem.code === 'unknown-escape' || problem.code.startsWith('invalid-');
