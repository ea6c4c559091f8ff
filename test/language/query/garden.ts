/** The schema of query-language.md §14 compiled, and shorthands for its queries. */
import { type Catalog, compileQueries, compileSchema, type Diagnostic, isError } from 'omnigraph-language';
import { GARDEN_SCHEMA } from '../../support/garden.js';

export { GARDEN_SCHEMA };

export function catalogOf(schema: string): Catalog {
  const { catalog, diagnostics } = compileSchema(schema);
  const errors = diagnostics.filter(isError);
  if (catalog === undefined || errors.length > 0) throw new Error(`fixture schema: ${JSON.stringify(errors)}`);
  return catalog;
}

export const garden = catalogOf(GARDEN_SCHEMA);

export const Q = (body: string): string => `query q() { ${body} }`;
export const M = (clauses: string): string => Q(`match { ${clauses} } return { 1 as one }`);
export const R = (items: string, tail = ''): string => Q(`match { $p: Plant } return { ${items} } ${tail}`);
export const O = (tail: string): string => R('$p.code', tail);

const CODED = /^T\d+$/;

/** `ok`, `P`, a T code or `type`: the stage that refused first. */
export function verdict(text: string, catalog: Catalog = garden): string {
  return verdictOf(compileQueries(text, catalog).diagnostics);
}

export function verdictOf(diagnostics: readonly Diagnostic[]): string {
  const first = diagnostics.find(isError);
  if (first === undefined) return 'ok';
  if (first.stage === 'T') return CODED.test(first.code) ? first.code : 'type';
  return first.stage ?? 'none';
}
