/** Collects what one declaration alone shows to be wrong, in written order. */
import type { Span } from '../lexis/index.js';
import type { LocalProblem } from './declarations.js';

type Details = { readonly remedy?: string };

export interface LocalReport {
  readonly problems: readonly LocalProblem[];
  /** Against the grammar (S1 a). */
  syntax(code: string, message: string, span: Span, details?: Details): void;
  /** Against the rules of types, names, escapes and arguments (S1 b). */
  declaration(code: string, message: string, span: Span, details?: Details): void;
}

export function localReport(): LocalReport {
  const problems: LocalProblem[] = [];
  const add =
    (phase: LocalProblem['phase']) =>
    (code: string, message: string, span: Span, details: Details = {}): void => {
      problems.push({ phase, code, message, span, ...details });
    };
  return { problems, syntax: add('syntax'), declaration: add('declaration') };
}
