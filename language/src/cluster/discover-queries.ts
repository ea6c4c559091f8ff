/**
 * Finds the stored queries a graph declares, in any of the three forms. Contract: cluster.md §3.3. Each file is read
 * once; the bytes that are parsed are the bytes that are digested.
 */
import { type Diagnostic, isError, type SourceRange } from '../diagnostics/index.js';
import { byCodeUnit, sortedMap } from './address.js';
import type { Compilers } from './compilers.js';
import type { GraphEntry, Located, QueryEntry } from './config.js';
import type { ConfigSink } from './config-sink.js';
import type { ConfigFolder, FolderProblem } from './desired.js';
import { contentDigest } from './digest.js';

export interface QueryFile {
  readonly path: string;
  readonly uri: string;
  readonly text: string;
  readonly digest: string;
}

export interface DiscoveredQuery {
  readonly name: string;
  readonly file: QueryFile;
  /** Where the configuration declares it. */
  readonly declared: SourceRange;
}

/**
 * The registered queries by name, in name order. Of a name declared twice the first counts. Discovery problems go to
 * the sink in the order of the declaration, then those of single queries by name.
 */
export async function discoverQueries(
  graph: GraphEntry,
  folder: ConfigFolder,
  parseQueries: Compilers['parseQueries'],
  sink: ConfigSink,
): Promise<ReadonlyMap<string, DiscoveredQuery>> {
  const { queries } = graph;
  if (queries === undefined) return new Map();
  const discovery = new Discovery(graph.id.value, folder, parseQueries, sink);
  switch (queries.form) {
    case 'path':
      return discovery.fromPaths([queries.path]);
    case 'list':
      return discovery.fromPaths(queries.paths);
    case 'map':
      return discovery.fromEntries(queries.entries);
    default:
      return queries satisfies never;
  }
}

interface ParsedFile {
  readonly file: QueryFile;
  /** Names as often as they are declared. */
  readonly names: readonly string[];
  readonly problem: Diagnostic | undefined;
}

class Discovery {
  readonly #files = new Map<string, ParsedFile | FolderProblem>();
  readonly #path: string;

  constructor(
    graph: string,
    private readonly folder: ConfigFolder,
    private readonly parseQueries: Compilers['parseQueries'],
    private readonly sink: ConfigSink,
  ) {
    this.#path = `graphs.${graph}.queries`;
  }

  async fromPaths(paths: readonly Located<string>[]): Promise<ReadonlyMap<string, DiscoveredQuery>> {
    const found: DiscoveredQuery[] = [];
    for (const declared of paths) {
      for (const path of await this.#filesOf(declared)) found.push(...(await this.#queriesOf(path, declared.range)));
    }
    return this.#register(found);
  }

  async fromEntries(entries: ReadonlyMap<string, QueryEntry>): Promise<ReadonlyMap<string, DiscoveredQuery>> {
    const found = new Map<string, DiscoveredQuery>();
    for (const [name, entry] of sortedMap(entries)) {
      const query = await this.#queryOf(name, entry);
      if (query !== undefined) found.set(name, query);
    }
    return found;
  }

  /** The files a declared path stands for: itself, or the `*.gq` directly in it, sorted. */
  async #filesOf(declared: Located<string>): Promise<readonly string[]> {
    const listing = await this.folder.list(declared.value);
    if (listing.kind !== 'entries') {
      const isFile =
        listing.kind === 'not_a_directory' || (listing.kind === 'missing' && !declared.value.endsWith('/'));
      if (isFile) return [declared.value];
      const message = `"${declared.value}" cannot be listed: ${listing.message}`;
      this.sink.error('query_dir_unreadable', this.#path, message, declared.range, 'name an existing directory');
      return [];
    }
    const files = listing.entries.filter(({ kind, name }) => kind === 'file' && name.endsWith('.gq'));
    if (files.length === 0) {
      const message = `"${declared.value}" has no .gq file`;
      this.sink.warning('query_dir_empty', this.#path, message, declared.range, 'add one, or drop the declaration');
    }
    const directory = declared.value.replace(/\/+$/, '');
    const prefix =
      directory === '' || directory === '.' ? (declared.value.startsWith('/') ? '/' : '') : `${directory}/`;
    return files.map(({ name }) => `${prefix}${name}`).sort(byCodeUnit);
  }

  /** Every declaration of a file found by discovery; a file that does not parse contributes none. */
  async #queriesOf(path: string, declared: SourceRange): Promise<readonly DiscoveredQuery[]> {
    const parsed = await this.#parse(path);
    if (!('file' in parsed)) {
      this.#missing(this.#path, path, parsed, declared);
      return [];
    }
    if (parsed.problem !== undefined) {
      this.sink.errorIn(parsed.problem, 'query_parse_error', this.#path, '', declared);
      return [];
    }
    return parsed.names.map((name) => ({ name, file: parsed.file, declared }));
  }

  /** The one declaration a map entry names. */
  async #queryOf(name: string, entry: QueryEntry): Promise<DiscoveredQuery | undefined> {
    const path = `${this.#path}.${name}`;
    const parsed = await this.#parse(entry.file.value);
    if (!('file' in parsed)) {
      this.#missing(`${path}.file`, entry.file.value, parsed, entry.file.range);
      return undefined;
    }
    if (parsed.problem !== undefined) {
      this.sink.errorIn(parsed.problem, 'query_parse_error', path, '', entry.file.range);
      return undefined;
    }
    if (!parsed.names.includes(name)) {
      const message = `"${entry.file.value}" declares no query "${name}"`;
      const remedy = parsed.names.length === 0 ? 'declare it there' : `it declares ${parsed.names.join(', ')}`;
      this.sink.error('query_key_mismatch', path, message, entry.name.range, remedy);
      return undefined;
    }
    return { name, file: parsed.file, declared: entry.name.range };
  }

  #missing(at: string, path: string, problem: FolderProblem, range: SourceRange): void {
    const message = `"${path}" cannot be read: ${problem.message}`;
    this.sink.error('query_file_missing', at, message, range, 'name an existing UTF-8 file');
  }

  #register(found: readonly DiscoveredQuery[]): ReadonlyMap<string, DiscoveredQuery> {
    const registered = new Map<string, DiscoveredQuery>();
    const repeated: DiscoveredQuery[] = [];
    for (const query of found) {
      if (registered.has(query.name)) repeated.push(query);
      else registered.set(query.name, query);
    }
    for (const query of repeated.sort((left, right) => byCodeUnit(left.name, right.name))) {
      const first = registered.get(query.name)?.file.path ?? '';
      const places = first === query.file.path ? `twice by "${first}"` : `by "${first}" and by "${query.file.path}"`;
      this.sink.error(
        'duplicate_query_name',
        `${this.#path}.${query.name}`,
        `query "${query.name}" is declared ${places}`,
        query.declared,
        'rename one, or list each file once',
      );
    }
    return sortedMap(registered);
  }

  async #parse(path: string): Promise<ParsedFile | FolderProblem> {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const read = await this.folder.read(path);
    const parsed = read.kind === 'text' ? this.#parseText(path, read.text) : read;
    this.#files.set(path, parsed);
    return parsed;
  }

  #parseText(path: string, text: string): ParsedFile {
    const uri = this.folder.uri(path);
    const { queries, diagnostics } = this.parseQueries(text, { uri });
    const problem = diagnostics.find(isError);
    return {
      file: { path, uri, text, digest: contentDigest(text) },
      names: queries.map((query) => query.name),
      problem: problem && { uri, ...problem },
    };
  }
}
