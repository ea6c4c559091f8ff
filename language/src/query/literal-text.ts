/** Literals and bounded numbers from their text (query-language.md §1). A problem is reported, never thrown. */
import { decodeString, type Span } from '../lexis/index.js';
import { type Problem, parseProblem } from './problem.js';

export type Report = (problem: Problem) => void;

/** The value of a quoted text at `offset`; an unknown escape is reported and kept as written. */
export const decodeText = (quoted: string, offset: number, report: Report): string =>
  decodeString(quoted, offset, (written, at) =>
    report({
      ...parseProblem(`unknown escape \`${written}\` in a string`, at, 'unknown-escape'),
      remedy: 'use one of \\" \\\\ \\n \\r \\t',
    }),
  );

const MAX_I64 = (1n << 63n) - 1n;
const MAX_U64 = (1n << 64n) - 1n;
const MAX_U32 = (1n << 32n) - 1n;

export const decodeInteger = (digits: string, span: Span, report: Report): bigint =>
  bounded(digits, MAX_I64, 'integer', span, report);

export const decodeLimit = (digits: string, span: Span, report: Report): bigint =>
  bounded(digits, MAX_U64, 'limit', span, report);

export const decodeHop = (digits: string, span: Span, report: Report): number =>
  Number(bounded(digits, MAX_U32, 'hop bound', span, report));

function bounded(digits: string, most: bigint, what: string, span: Span, report: Report): bigint {
  // Reading a number takes quadratic time in its length; beyond any bound only the refusal matters.
  const value = digits.length > LONGEST && !/^0+\d{0,20}$/.test(digits) ? most + 1n : BigInt(digits);
  if (value <= most) return value;
  const code = `invalid-${what.replace(' ', '-')}`;
  report(parseProblem(`invalid ${what} \`${shorten(digits)}\`: it must not exceed ${most}`, span, code));
  return most;
}

const LONGEST = 1000;

const shorten = (digits: string): string => (digits.length > 40 ? `${digits.slice(0, 40)}…` : digits);
