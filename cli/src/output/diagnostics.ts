/** Diagnostics about a file the user gave, as one error message: place, headline, remedy (cli.md §1.2). */
import { type Diagnostic, headline, isError } from 'omnigraph-language';
import { Failure } from '../failure.js';

/** More than this many errors hide the first ones, which usually cause the rest. */
const SHOWN = 20;

/** Throws `Failure` when any diagnostic is an error; `name` stands for the text in places (`fleet.gq:3:5: …`). */
export function refuseErrors(diagnostics: readonly Diagnostic[], name: string): void {
  const errors = diagnostics.filter(isError);
  if (errors.length > 0) throw new Failure(describeDiagnostics(errors, name));
}

export function describeDiagnostics(errors: readonly Diagnostic[], name: string): string {
  const lines = errors.slice(0, SHOWN).map((error) => describeDiagnostic(error, name));
  const more = errors.length - SHOWN;
  return [...lines, ...(more > 0 ? [`… and ${more} more errors`] : [])].join('\n');
}

function describeDiagnostic(diagnostic: Diagnostic, name: string): string {
  const { range, remedy } = diagnostic;
  const place = range === undefined ? name : `${name}:${range.start.line + 1}:${range.start.character + 1}`;
  return `${place}: ${headline(diagnostic)}${remedy === undefined ? '' : `\n  help: ${remedy}`}`;
}
