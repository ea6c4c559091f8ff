/** One declared graph: its name, blob policy, provider, schema and stored queries, in that order (cluster.md §4). */
import { type Diagnostic, isError, type SourceRange } from '../diagnostics/index.js';
import type { CheckedQuery } from '../query/index.js';
import type { Catalog } from '../schema/index.js';
import { isResourceId, isServableGraphId, PROVIDER_PREFIX, providerAddress, queryAddress } from './address.js';
import { checkBlobs } from './check-blobs.js';
import type { Compilers } from './compilers.js';
import type { ClusterConfig, GraphEntry } from './config.js';
import { ConfigSink } from './config-sink.js';
import type { ConfigFolder, DesiredGraph, DesiredQuery, DesiredSchema } from './desired.js';
import { contentDigest } from './digest.js';
import { type DiscoveredQuery, discoverQueries, type QueryFile } from './discover-queries.js';

export interface CheckedGraph {
  readonly graph: DesiredGraph;
  /** Path → text of every file that a registered query stands in. */
  readonly queryFiles: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

const NAME_RULE = 'start with a letter or underscore and go on with letters, digits, underscores and hyphens';

export async function checkGraph(
  entry: GraphEntry,
  config: ClusterConfig,
  folder: ConfigFolder,
  compilers: Compilers,
  configUri: string,
): Promise<CheckedGraph> {
  const sink = new ConfigSink(configUri);
  checkGraphId(entry, sink);
  const blobPolicy = await checkBlobs(entry, folder, sink);
  const provider = checkProviderReference(entry, config, sink);
  const schema = await checkSchema(entry, folder, compilers, sink);
  const compiled: CompiledFiles = new Map();
  const parse = parsing(compilers, schema?.catalog, compiled);
  const discovered = await discoverQueries(entry, folder, parse, sink);
  const queries = checkQueries(entry, discovered, compiled, sink);
  return {
    graph: {
      id: entry.id.value,
      entry,
      ...(schema && { schema }),
      queries,
      ...(provider !== undefined && { provider }),
      ...(blobPolicy && { blobPolicy }),
    },
    queryFiles: new Map([...discovered.values()].map(({ file }) => [file.path, file.text])),
    diagnostics: sink.diagnostics,
  };
}

function checkGraphId({ id }: GraphEntry, sink: ConfigSink): void {
  const path = `graphs.${id.value}`;
  if (!isResourceId(id.value)) {
    sink.error('invalid_resource_id', path, `"${id.value}" is not a graph id`, id.range, NAME_RULE);
  } else if (!isServableGraphId(id.value)) {
    sink.warning(
      'graph_id_not_servable',
      path,
      `no server can route to "${id.value}", so it will apply but not be served`,
      id.range,
      'use 1 to 64 letters, digits and hyphens; policies, healthz, openapi and graphs are reserved',
    );
  }
}

function checkProviderReference(graph: GraphEntry, config: ClusterConfig, sink: ConfigSink): string | undefined {
  const reference = graph.embeddingProvider;
  if (reference === undefined) return undefined;
  const path = `graphs.${graph.id.value}.embedding_provider`;
  const written = reference.value;
  const name = written.startsWith(PROVIDER_PREFIX) ? written.slice(PROVIDER_PREFIX.length) : written;
  if (name.includes('.')) {
    const remedy = 'write the bare name or provider.embedding.<name>';
    sink.error('wrong_kind_reference', path, `"${written}" is no embedding provider`, reference.range, remedy);
    return undefined;
  }
  if (!config.providers.has(name)) {
    const message = `no embedding provider "${name}" is declared`;
    const remedy = `declare it under providers.embedding${known([...config.providers.keys()])}`;
    sink.error('dangling_embedding_provider_reference', path, message, reference.range, remedy);
    return undefined;
  }
  return providerAddress(name);
}

async function checkSchema(
  { id, schema: declared }: GraphEntry,
  folder: ConfigFolder,
  compilers: Compilers,
  sink: ConfigSink,
): Promise<DesiredSchema | undefined> {
  const path = `graphs.${id.value}.schema`;
  const read = await folder.read(declared.value);
  if (read.kind !== 'text') {
    const message = `"${declared.value}" cannot be read: ${read.message}`;
    sink.error('schema_file_missing', path, message, declared.range, 'name an existing UTF-8 file');
    return undefined;
  }
  const uri = folder.uri(declared.value);
  const { catalog, diagnostics } = compilers.compileSchema(read.text, { uri });
  const errors = diagnostics.filter(isError);
  for (const error of errors) {
    const code = error.stage === 'S1' ? 'schema_parse_error' : 'schema_catalog_error';
    sink.errorIn({ uri, ...error }, code, path, '', declared.range);
  }
  if (catalog === undefined && errors.length === 0) {
    throw new Error(`the schema compiler gave neither a catalog nor an error for ${declared.value}`);
  }
  return {
    path: declared.value,
    text: read.text,
    digest: contentDigest(read.text),
    ...(catalog && errors.length === 0 && { catalog }),
  };
}

/** How discovery parses: with a catalog at hand a file is compiled at once, so that it is parsed only once. */
function parsing(
  compilers: Compilers,
  catalog: Catalog | undefined,
  compiled: CompiledFiles,
): Compilers['parseQueries'] {
  if (catalog === undefined) return compilers.parseQueries;
  return (text, options) => {
    const file = compilers.compileQueries(text, catalog, options);
    compiled.set(options.uri, file);
    return { queries: file.queries, diagnostics: file.diagnostics.filter(({ stage }) => stage === 'P') };
  };
}

function checkQueries(
  graph: GraphEntry,
  discovered: ReadonlyMap<string, DiscoveredQuery>,
  compiled: CompiledFiles,
  sink: ConfigSink,
): ReadonlyMap<string, DesiredQuery> {
  const queries = new Map<string, DesiredQuery>();
  for (const { name, file, declared } of discovered.values()) {
    const path = `graphs.${graph.id.value}.queries.${name}`;
    if (!isResourceId(name)) {
      sink.error('invalid_resource_id', path, `"${name}" is not a query name`, declared, NAME_RULE);
    }
    const query = { name, address: queryAddress(graph.id.value, name), path: file.path, digest: file.digest };
    const known = compiled.get(file.uri);
    if (known === undefined) {
      const message = `"${name}" parses, but it was not checked since the schema has errors`;
      sink.warning('query_typecheck_skipped', path, message, declared, 'correct the schema first');
      queries.set(name, query);
      continue;
    }
    const checked = known.queries.find((candidate) => candidate.name === name);
    const errors = errorsOf(checked, known, file);
    for (const error of errors) sink.errorIn(error, 'query_typecheck_error', path, '', declared);
    queries.set(name, checked && errors.length === 0 ? { ...query, checked } : query);
  }
  return queries;
}

/** By the file's URI. */
type CompiledFiles = Map<string, CompiledFile>;

interface CompiledFile {
  readonly queries: readonly CheckedQuery[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The errors that stand within a query; those that stand in none belong to every query of the file. */
function errorsOf(
  query: CheckedQuery | undefined,
  file: CompiledFile,
  { uri, path }: QueryFile,
): readonly Diagnostic[] {
  const errors = file.diagnostics.filter(isError);
  const own = errors.filter(
    ({ range }) =>
      (query && contains(query.range, range)) || !file.queries.some((other) => contains(other.range, range)),
  );
  if (query !== undefined || own.length > 0) return own.map((error) => ({ uri, ...error }));
  throw new Error(`the query compiler lost a query that the parser found in ${path}`);
}

const contains = (outer: SourceRange, inner: SourceRange | undefined): boolean =>
  inner !== undefined && inner.offset >= outer.offset && inner.offset < outer.offset + Math.max(1, outer.length);

const known = (names: readonly string[]): string => (names.length === 0 ? '' : `; declared are ${names.join(', ')}`);
