/**
 * `~/.omnigraph/config.yaml` (cli.md §6). Reading is strict about types and lenient about unknown keys: those are
 * warnings, because an operator's file outlives the version of the tool that wrote it.
 */
import { readFile } from 'node:fs/promises';
import { Failure, isErrno, reasonOf } from '../failure.js';
import { CELL_LAYOUTS, type CellLayout, OUTPUT_FORMATS, type OutputFormat } from '../output/formats.js';
import { configPath } from './home.js';
import { type ConfigSection, openConfigText } from './yaml-section.js';

export interface OperatorDefaults {
  readonly output: OutputFormat | undefined;
  readonly tableMaxColumnWidth: number;
  readonly tableCellLayout: CellLayout;
  readonly server: string | undefined;
  readonly store: string | undefined;
  readonly defaultGraph: string | undefined;
}

export interface OperatorProfile {
  readonly server: string | undefined;
  readonly cluster: string | undefined;
  readonly store: string | undefined;
  readonly defaultGraph: string | undefined;
}

/** Maps iterate sorted by name. */
export interface OperatorConfig {
  readonly actor: string | undefined;
  readonly defaults: OperatorDefaults;
  readonly servers: ReadonlyMap<string, { readonly url: string }>;
  readonly clusters: ReadonlyMap<string, { readonly root: string }>;
  readonly profiles: ReadonlyMap<string, OperatorProfile>;
}

export interface LoadedConfig {
  readonly config: OperatorConfig;
  /** One line per unknown key, naming its dotted path. */
  readonly warnings: readonly string[];
}

const DEFAULT_COLUMN_WIDTH = 80;

/**
 * Reads the operator's config; no file and no home directory both give the empty layer.
 * Throws `Failure` naming the path when the file is unreadable, is not YAML, or breaks the schema.
 */
export async function loadOperatorConfig(env: Readonly<Record<string, string | undefined>>): Promise<LoadedConfig> {
  const path = configPath(env);
  if (path === undefined) return parseOperatorConfig('', '');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT') || isErrno(thrown, 'ENOTDIR')) return parseOperatorConfig('', path);
    throw new Failure(`could not read the operator config ${path}: ${reasonOf(thrown)}`);
  }
  return parseOperatorConfig(text, path);
}

/** The pure half of `loadOperatorConfig`; `path` appears in messages. */
export function parseOperatorConfig(text: string, path: string): LoadedConfig {
  const root = openConfigText(text, path);
  const operator = root.section('operator');
  const config: OperatorConfig = {
    actor: operator.string('actor'),
    defaults: readDefaults(root.section('defaults'), path),
    servers: root.entries('servers', (entry) => ({ url: entry.requiredString('url') })),
    clusters: root.entries('clusters', (entry) => ({ root: entry.requiredString('root') })),
    profiles: root.entries('profiles', readProfile),
  };
  root.entries('aliases', checkAlias);
  return { config, warnings: root.unknownKeys().map((key) => `warning: ${path}: unknown key \`${key}\` is ignored`) };
}

function readDefaults(section: ConfigSection, path: string): OperatorDefaults {
  const defaults: OperatorDefaults = {
    output: section.choice('output', OUTPUT_FORMATS),
    tableMaxColumnWidth: section.count('table_max_column_width') ?? DEFAULT_COLUMN_WIDTH,
    tableCellLayout: section.choice('table_cell_layout', CELL_LAYOUTS) ?? 'truncate',
    server: section.string('server'),
    store: section.string('store'),
    defaultGraph: section.string('default_graph'),
  };
  if (defaults.store !== undefined && defaults.server !== undefined) {
    throw new Failure(
      `${path}: \`defaults.server\` and \`defaults.store\` are both set, but a default scope binds one entity; remove one`,
    );
  }
  if (defaults.store !== undefined && defaults.defaultGraph !== undefined) {
    throw new Failure(
      `${path}: \`defaults.default_graph\` does not go with \`defaults.store\`: a store is already a single graph; remove one`,
    );
  }
  return defaults;
}

const readProfile = (entry: ConfigSection): OperatorProfile => ({
  server: entry.string('server'),
  cluster: entry.string('cluster'),
  store: entry.string('store'),
  defaultGraph: entry.string('default_graph'),
});

/** Aliases have no command yet, but a file that declares them is checked like every other section. */
function checkAlias(entry: ConfigSection): void {
  entry.requiredString('server');
  entry.requiredString('query');
  entry.string('graph');
  entry.choice('format', OUTPUT_FORMATS);
  entry.strings('args');
  entry.freeMapping('params');
}
