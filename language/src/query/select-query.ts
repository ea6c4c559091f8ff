import type { Checked, Diagnostic } from '../diagnostics/index.js';

/**
 * The query of an ad-hoc text to run (query-language.md §9, end): by name the first of that name, else the only one.
 * Errors (stage X): `query-not-found`, `no-query`, `query-name-required`.
 */
export function selectQuery<Query extends { readonly name: string }>(
  queries: readonly Query[],
  name?: string,
): Checked<Query | undefined> {
  if (name !== undefined) {
    const found = queries.find((query) => query.name === name);
    return found === undefined ? refuse('query-not-found', `query '${name}' not found`, queries) : chosen(found);
  }
  const [first, second] = queries;
  if (first === undefined) return refuse('no-query', 'the text holds no query', queries);
  if (second === undefined) return chosen(first);
  return refuse('query-name-required', 'the text holds several queries: name the one to run', queries);
}

const chosen = <Query>(query: Query): Checked<Query> => ({ value: query, diagnostics: [] });

function refuse(code: string, message: string, queries: readonly { readonly name: string }[]): Checked<undefined> {
  const names = queries.map((query) => query.name).join(', ');
  const remedy = names === '' ? 'write `query name() { … }`' : `choose one of: ${names}`;
  const diagnostic: Diagnostic = { code, severity: 'error', message, stage: 'X', remedy };
  return { value: undefined, diagnostics: [diagnostic] };
}
