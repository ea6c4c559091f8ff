/** What `query` and `mutate` share (cli.md §§9.1, 9.3): the source, the query inside it, and its parameters. */
import {
  bindParams,
  type Catalog,
  type CheckedQuery,
  compileQueries,
  type ExactJson,
  isError,
  parseExactJson,
  type SourceRange,
  selectQuery,
  type Value,
} from 'omnigraph-language';
import { Failure, reasonOf } from '../failure.js';
import { describeDiagnostics, refuseErrors } from '../output/diagnostics.js';
import { readTextFile } from './text-file.js';

export interface SourceOptions {
  readonly query?: string;
  readonly queryString?: string;
  readonly params?: string;
  readonly paramsFile?: string;
}

export interface QuerySource {
  readonly text: string;
  /** The file, or `-e`; in places of messages. */
  readonly name: string;
}

/** The ad-hoc source. Throws `Failure` when there is none: running a stored query by name needs a server. */
export async function readSource(
  verb: 'query' | 'mutate',
  name: string | undefined,
  options: SourceOptions,
): Promise<QuerySource> {
  if (options.queryString !== undefined) {
    if (options.queryString.trim() === '') throw new Failure('the query source given with `-e` must not be empty');
    return { text: options.queryString, name: '-e' };
  }
  if (options.query !== undefined) {
    const text = await readTextFile(options.query, 'query file');
    if (text.trim() === '') throw new Failure(`query file ${options.query} must not be empty`);
    return { text, name: options.query };
  }
  if (name === undefined) {
    throw new Failure(
      `\`${verb}\` needs a query: pass its source with \`-e <gq>\` or \`--query <path>\`, or the name of a stored query together with \`--server <name|url>\``,
    );
  }
  throw new Failure(
    `running '${name}' by name needs a server, which holds the stored queries; against a store pass the source with \`-e <gq>\` or \`--query <path>\``,
  );
}

/** The JSON of `--params` or `--params-file`; `undefined` when neither is given. Throws `Failure` on bad JSON. */
export async function readParams(options: SourceOptions): Promise<ExactJson | undefined> {
  if (options.params !== undefined) return parseParams(options.params, '`--params`');
  if (options.paramsFile === undefined) return undefined;
  return parseParams(await readTextFile(options.paramsFile, 'params file'), `params file ${options.paramsFile}`);
}

function parseParams(text: string, where: string): ExactJson {
  try {
    return parseExactJson(text);
  } catch (thrown) {
    throw new Failure(`${where} is not JSON: ${reasonOf(thrown)}; pass an object such as {"name":"value"}`);
  }
}

/**
 * The query to run. Errors elsewhere in the source do not matter unless the source does not parse. Throws `Failure`
 * with places.
 */
export function compileOne(source: QuerySource, catalog: Catalog, name: string | undefined): CheckedQuery {
  const { queries, diagnostics } = compileQueries(source.text, catalog, { uri: source.name });
  refuseErrors(
    diagnostics.filter(({ stage }) => stage === 'P'),
    source.name,
  );
  const query = pickQuery(queries, name, source);
  if (query.plan !== undefined) return query;
  const own = diagnostics.filter(
    (diagnostic) => isError(diagnostic) && diagnostic.range !== undefined && within(diagnostic.range, query.range),
  );
  const errors = own.length > 0 ? own : diagnostics.filter(isError);
  throw new Failure(describeDiagnostics(errors, source.name));
}

function pickQuery(queries: readonly CheckedQuery[], name: string | undefined, source: QuerySource): CheckedQuery {
  const { value, diagnostics } = selectQuery(queries, name);
  if (value !== undefined) return value;
  throw new Failure(describeDiagnostics(diagnostics, source.name));
}

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.offset >= outer.offset && inner.offset + inner.length <= outer.offset + outer.length;

/** Types the parameters by their declarations (query-language.md §9). Throws `Failure`. */
export function bindQueryParams(
  query: CheckedQuery,
  json: ExactJson | undefined,
  source: QuerySource,
): ReadonlyMap<string, Value> {
  const { value, diagnostics } = bindParams(query.params, json);
  if (value !== undefined) return value;
  throw new Failure(describeDiagnostics(diagnostics.filter(isError), source.name));
}
