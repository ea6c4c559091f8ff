/**
 * The header of a `cluster.yaml`: version, name, state and where the cluster stores things. It is all that `status` and
 * `force-unlock` need. Contract: cluster.md §3.1, §3.2 and §3.8.
 */
import { type Diagnostic, LineIndex } from '../diagnostics/index.js';
import { clusterError, clusterWarning } from './cluster-diagnostic.js';
import { type ClusterSource, locateInConfig, parseClusterSource } from './cluster-source.js';
import type { ClusterCode } from './codes.js';
import type { ClusterConfig, Located } from './config.js';
import { findDuplicateKeys, findReservedKeys } from './config-keys.js';
import { type DecodedConfig, decodeConfig } from './decode-config.js';
import type { ClusterHeader, ConfigFolder, StorageRoot } from './desired.js';
import { CONFIG_FILE } from './layout.js';

export interface LoadedHeader {
  readonly configDir: string;
  readonly configFile: string;
  /** Absent when the YAML cannot be interpreted. */
  readonly config?: ClusterConfig;
  /** Absent when the YAML cannot be interpreted, or says nothing usable about storage. */
  readonly header?: ClusterHeader;
  readonly diagnostics: readonly Diagnostic[];
}

/** Steps 1 to 4 of §3.8 and the header checks; no schema, query or policy file is read. */
export async function loadHeader(folder: ConfigFolder): Promise<LoadedHeader> {
  const base = { configDir: folder.location, configFile: configFileOf(folder.location) };
  const directory = await folder.list('');
  if (directory.kind !== 'entries') {
    const error = clusterError(
      'config_dir_not_found',
      folder.location,
      `cannot be read as a directory: ${directory.message}`,
      {
        remedy: 'give the folder that holds cluster.yaml with --config',
      },
    );
    return { ...base, diagnostics: [error] };
  }
  const file = await folder.read(CONFIG_FILE);
  if (file.kind !== 'text') {
    const error = clusterError('cluster_config_read_error', CONFIG_FILE, file.message, {
      remedy: `create ${CONFIG_FILE} in ${folder.location}, or give its folder with --config`,
    });
    return { ...base, diagnostics: [error] };
  }
  return { ...base, ...readClusterConfig(file.text, folder.uri(CONFIG_FILE)) };
}

/** Steps 2 to 4 of §3.8 and the header checks on the text of a `cluster.yaml`. Never throws. */
export function readClusterConfig(text: string, uri: string): Pick<LoadedHeader, 'config' | 'header' | 'diagnostics'> {
  const source = parseClusterSource(text, uri);
  const keyProblems = [...findDuplicateKeys(source), ...findReservedKeys(source)];
  if (keyProblems.length > 0) return { diagnostics: keyProblems };
  const decoded = decodeConfig(source);
  const malformed = malformedYaml(source, decoded);
  if (malformed !== undefined || decoded.config === undefined) {
    return { diagnostics: malformed === undefined ? [] : [malformed] };
  }
  const { header, diagnostics } = checkHeader(decoded.config, uri);
  return { config: decoded.config, ...(header && { header }), diagnostics };
}

/** The one `invalid_cluster_yaml` of step 4; further problems are its related places. */
function malformedYaml(source: ClusterSource, decoded: DecodedConfig): Diagnostic | undefined {
  const lines = new LineIndex(source.text);
  const problems = [
    ...source.syntaxErrors.map(({ message, pos }) => ({ message, range: lines.range(pos[0], pos[1] - pos[0]) })),
    ...decoded.problems,
  ];
  const [first, ...others] = problems;
  if (first === undefined) return undefined;
  return clusterError('invalid_cluster_yaml', CONFIG_FILE, first.message, {
    uri: source.uri,
    range: first.range,
    ...(others.length > 0 && { related: others.map((other) => ({ uri: source.uri, ...other })) }),
  });
}

function checkHeader(
  config: ClusterConfig,
  uri: string,
): { readonly header?: ClusterHeader; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { version, metadataName, stateBackend, stateLock } = config;
  const refuse = (
    code: ClusterCode,
    path: string,
    message: string,
    { range }: Located<unknown>,
    remedy: string,
  ): void => {
    diagnostics.push(clusterError(code, path, message, { uri, range, remedy }));
  };
  if (version.value !== 1) {
    refuse(
      'unsupported_cluster_config_version',
      'version',
      `version ${version.value} is not 1`,
      version,
      'write version: 1',
    );
  }
  if (metadataName?.value.trim() === '') {
    refuse(
      'empty_metadata_name',
      'metadata.name',
      'the name is blank',
      metadataName,
      'name the cluster or remove the key',
    );
  }
  if (stateBackend && stateBackend.value !== 'cluster') {
    const message = `unknown backend "${stateBackend.value}"`;
    refuse('unsupported_state_backend', 'state.backend', message, stateBackend, 'write cluster, the only backend');
  }
  const storage = config.storage === undefined ? CONFIG_DIR : parseStorageRoot(config.storage.value);
  if (storage.kind === 'rejected') {
    if (config.storage) refuse('invalid_storage_root', 'storage', storage.reason, config.storage, STORAGE_FORMS);
    return { diagnostics };
  }
  const name = metadataName?.value.trim();
  return { header: { ...(name && { name }), storage, lock: stateLock?.value ?? true }, diagnostics };
}

const STORAGE_FORMS = 'write s3://bucket/prefix, file:///folder or a path; credentials come from the environment';

const CONFIG_DIR: StorageRoot = { kind: 'config_dir' };

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s;

/** The storage root a text names (§3.2), or why it names none. */
export function parseStorageRoot(text: string): StorageRoot | { readonly kind: 'rejected'; readonly reason: string } {
  const rejected = (reason: string) => ({ kind: 'rejected', reason }) as const;
  const trimmed = text.trim();
  if (trimmed === '') return rejected('it is blank');
  const uri = SCHEME.exec(trimmed);
  if (uri === null) return { kind: 'local', path: withoutTrailingSlash(trimmed) };
  const scheme = (uri[1] ?? '').toLowerCase();
  const rest = uri[2] ?? '';
  if (scheme === 's3') return s3Root(rest);
  if (scheme !== 'file') return rejected(`unknown scheme "${scheme}"`);
  if (!rest.startsWith('/')) return rejected('a file URI names no host; write file:///folder');
  try {
    return { kind: 'local', path: withoutTrailingSlash(decodeURIComponent(rest)) };
  } catch (error) {
    if (error instanceof URIError) return rejected('it has a malformed percent escape');
    throw error;
  }
}

function s3Root(rest: string): ReturnType<typeof parseStorageRoot> {
  const rejected = (reason: string) => ({ kind: 'rejected', reason }) as const;
  if (/[?#]/.test(rest)) return rejected('it has a query or fragment');
  const slash = rest.indexOf('/');
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  if (bucket.includes('@')) return rejected('it carries credentials');
  if (bucket === '') return rejected('it names no bucket');
  if (!/^[A-Za-z0-9._-]+$/.test(bucket)) return rejected('it names no valid bucket');
  const prefix = slash === -1 ? '' : rest.slice(slash + 1).replace(/\/+$/, '');
  return { kind: 's3', bucket, prefix, uri: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}` };
}

const withoutTrailingSlash = (path: string): string => path.replace(/\/+$/, '') || '/';

const configFileOf = (directory: string): string =>
  directory.endsWith('/') ? `${directory}${CONFIG_FILE}` : `${directory}/${CONFIG_FILE}`;

export type StorageDeclaration =
  | { readonly kind: 'declared'; readonly storage: StorageRoot }
  /** The text is no YAML, so where the cluster stores things is unknown. A warning; the caller decides (H10). */
  | { readonly kind: 'unparseable'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'rejected'; readonly diagnostic: Diagnostic };

/**
 * Where a `cluster.yaml` says the cluster stores things, and nothing else of it: a server must boot from the applied
 * revision whatever unapplied edits the file holds (§17).
 */
export function readStorageDeclaration(text: string, uri: string): StorageDeclaration {
  const source = parseClusterSource(text, uri);
  const [syntaxError] = source.syntaxErrors;
  if (syntaxError !== undefined) {
    const [start, end] = syntaxError.pos;
    return {
      kind: 'unparseable',
      diagnostic: clusterWarning(
        'invalid_cluster_yaml',
        CONFIG_FILE,
        `it cannot be parsed, so its storage is taken to be its own folder: ${syntaxError.message}`,
        {
          uri,
          range: source.lines.range(start, end - start),
          remedy: 'correct it, or boot from the storage root itself',
        },
      ),
    };
  }
  const declared = source.document.get('storage');
  if (declared === undefined || declared === null) return { kind: 'declared', storage: CONFIG_DIR };
  const range = locateInConfig(source, ['storage'])?.value;
  const storage = typeof declared === 'string' ? parseStorageRoot(declared) : NOT_TEXT;
  if (storage.kind !== 'rejected') return { kind: 'declared', storage };
  const place = { uri, ...(range && { range }), remedy: STORAGE_FORMS };
  return { kind: 'rejected', diagnostic: clusterError('invalid_storage_root', 'storage', storage.reason, place) };
}

const NOT_TEXT = { kind: 'rejected', reason: 'it is not a string' } as const;
