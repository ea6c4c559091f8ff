/** From query text and JSON parameters to something the engine runs (server.md §10.4). */

import type { Catalog } from 'omnigraph-language';
import {
  bindParams,
  type CheckedQuery,
  type Diagnostic,
  type ExactJson,
  headline,
  isError,
  type QueryCompiler,
  type ReadPlan,
  selectQuery,
  type Value,
  type WritePlan,
} from 'omnigraph-language';
import { badRequest } from './http-error.js';

/** The named query of a source, or its only one, checked. Throws 400 with the first error's text. */
export function compileSelected(
  compiler: QueryCompiler,
  source: string,
  catalog: Catalog,
  name: string | null | undefined,
): CheckedQuery {
  const { queries, diagnostics } = compiler.compile(source, catalog);
  const broken = diagnostics.find((diagnostic) => isError(diagnostic) && diagnostic.stage === 'P');
  if (broken !== undefined) throw badRequest(placed(broken));
  const query = select(queries, name ?? undefined);
  if (query.plan !== undefined) return query;
  const problem = errorOf(query, diagnostics);
  throw badRequest(problem === undefined ? `query '${query.name}' does not check` : placed(problem));
}

export interface RunnableRead {
  readonly plan: ReadPlan;
  readonly params: ReadonlyMap<string, Value>;
}

export function runnableRead(query: CheckedQuery, params: unknown): RunnableRead {
  if (query.plan?.kind !== 'read') throw badRequest(`query '${query.name}' is a mutation: send it to POST /mutate`);
  return { plan: query.plan, params: bound(query, params) };
}

export interface RunnableMutation {
  readonly plan: WritePlan;
  readonly params: ReadonlyMap<string, Value>;
}

export function runnableMutation(query: CheckedQuery, params: unknown): RunnableMutation {
  if (query.plan?.kind !== 'mutation') throw badRequest(`query '${query.name}' is a read: send it to POST /query`);
  return { plan: query.plan, params: bound(query, params) };
}

function select(queries: readonly CheckedQuery[], name: string | undefined): CheckedQuery {
  const { value, diagnostics } = selectQuery(queries, name);
  if (value !== undefined) return value;
  throw badRequest(
    diagnostics.map(({ message, remedy }) => (remedy === undefined ? message : `${message} (${remedy})`)).join('; '),
  );
}

function bound(query: CheckedQuery, params: unknown): ReadonlyMap<string, Value> {
  const { value, diagnostics } = bindParams(query.params, params as ExactJson | undefined);
  if (value !== undefined) return value;
  throw badRequest(diagnostics.map(headline).join('; '));
}

const placed = (diagnostic: Diagnostic): string =>
  diagnostic.range === undefined
    ? headline(diagnostic)
    : `${headline(diagnostic)} (line ${diagnostic.range.start.line + 1}, column ${diagnostic.range.start.character + 1})`;

/** The first error that stands inside a query. */
export const errorOf = (query: CheckedQuery, diagnostics: readonly Diagnostic[]): Diagnostic | undefined => {
  const { offset, length } = query.range;
  return diagnostics.find(
    (diagnostic) =>
      isError(diagnostic) &&
      diagnostic.range !== undefined &&
      diagnostic.range.offset >= offset &&
      diagnostic.range.offset < offset + length,
  );
};
