/** A diagnostic before it knows its document: the same fields, with a place relative to its declaration. */
import type { Diagnostic, LineIndex, Severity } from '../diagnostics/index.js';
import { type Span, toRange } from '../lexis/index.js';

export interface Problem {
  readonly code: string;
  readonly stage: 'P' | 'T' | 'L';
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly remedy?: string;
  readonly related?: { readonly span: Span; readonly message: string };
}

export const parseProblem = (message: string, span: Span, code = 'parse-error'): Problem => ({
  code,
  stage: 'P',
  severity: 'error',
  message,
  span,
});

/** `base` is the offset of the declaration in the document that `lines` indexes. */
export function toDiagnostic(problem: Problem, base: number, lines: LineIndex, uri: string | undefined): Diagnostic {
  const { code, severity, message, stage, remedy, related } = problem;
  return {
    code,
    severity,
    message,
    stage,
    ...(uri === undefined ? {} : { uri }),
    range: toRange(problem.span, base, lines),
    ...(remedy === undefined ? {} : { remedy }),
    ...(related === undefined
      ? {}
      : { related: [{ message: related.message, range: toRange(related.span, base, lines) }] }),
  };
}
