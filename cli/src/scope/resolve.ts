/**
 * Addressing (cli.md §§5.2–5.3): from what was typed, the environment's profile and the operator config to one scope,
 * and whether a capability may use it. Pure; files and storage come later, in `target.ts`.
 */
import { Failure } from '../failure.js';
import type { OperatorConfig, OperatorProfile } from '../operator/config.js';
import type { GlobalFlags } from './global-flags.js';

export type Scope =
  | { readonly kind: 'server'; readonly server: string; readonly graph: string | undefined; readonly source: string }
  | { readonly kind: 'cluster'; readonly cluster: string; readonly graph: string | undefined; readonly source: string }
  | { readonly kind: 'store'; readonly uri: string; readonly source: string };

export interface Addressing {
  /** The positional URI or `--uri`. */
  readonly uri: string | undefined;
  /** How the URI was given, for messages: `the URI argument` or `--uri`. */
  readonly uriName: string;
  readonly flags: GlobalFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** True when the operator config has no say: one of the four explicit addresses was given. */
export const isExplicit = ({ uri, flags }: Addressing): boolean =>
  [uri, flags.store, flags.server, flags.cluster].some((address) => address !== undefined);

/** Resolves the scope of a command that works on one graph. Throws `Failure` with the remedies of §5.2. */
export function resolveScope(addressing: Addressing, config: OperatorConfig): Scope {
  return explicitScope(addressing) ?? profileScope(addressing, config) ?? defaultScope(addressing, config);
}

function explicitScope({ uri, uriName, flags }: Addressing): Scope | undefined {
  const given: readonly (readonly [string, string | undefined])[] = [
    [uriName, uri],
    ['--store', flags.store],
    ['--server', flags.server],
    ['--cluster', flags.cluster],
  ];
  const named = given.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (named.length > 1) {
    throw new Failure(`${listOf(named)} are mutually exclusive: each addresses a graph on its own; keep one`);
  }
  const { graph } = flags;
  if (flags.cluster !== undefined) return { kind: 'cluster', cluster: flags.cluster, graph, source: '`--cluster`' };
  if (flags.server !== undefined) return { kind: 'server', server: flags.server, graph, source: '`--server`' };
  const address = uri ?? flags.store;
  if (address === undefined) return undefined;
  if (address.trim() === '') throw new Failure(`the storage URI is empty: pass a path, file:// or s3:// URI`);
  if (graph !== undefined) {
    throw new Failure(`\`--graph ${graph}\` does not apply: ${address} is already a single graph; drop \`--graph\``);
  }
  return { kind: 'store', uri: address, source: uri === undefined ? '`--store`' : uriName };
}

function profileScope({ flags, env }: Addressing, config: OperatorConfig): Scope | undefined {
  const name = profileName(flags, env);
  if (name === undefined) return undefined;
  const source = `profile '${name}'`;
  const profile = findProfile(name, config);
  const graph = flags.graph ?? profile.defaultGraph;
  const binding = bindingOf(name, profile);
  switch (binding.kind) {
    case 'server':
      return { kind: 'server', server: binding.value, graph, source };
    case 'cluster':
      return { kind: 'cluster', cluster: binding.value, graph, source };
    case 'store':
      return storeScope(binding.value, graph, source);
    default:
      return binding.kind satisfies never;
  }
}

function defaultScope({ flags }: Addressing, { defaults }: OperatorConfig): Scope {
  const source = 'operator defaults';
  if (defaults.server !== undefined) {
    return { kind: 'server', server: defaults.server, graph: flags.graph ?? defaults.defaultGraph, source };
  }
  if (defaults.store !== undefined) return storeScope(defaults.store, flags.graph, source);
  throw new Failure(
    'no graph addressed: pass a storage URI, `--store <uri>`, `--server <name|url>` or `--profile <name>`, or set a default scope (`defaults.store` or `defaults.server`) in the operator config',
  );
}

function storeScope(uri: string, graph: string | undefined, source: string): Scope {
  if (graph === undefined) return { kind: 'store', uri, source };
  throw new Failure(
    `graph '${graph}' does not apply to a store scope: ${source} addresses ${uri}, which is already a single graph; drop \`--graph\` and \`default_graph\``,
  );
}

/** `--profile`, else a non-empty `OMNIGRAPH_PROFILE`. */
export const profileName = (
  flags: GlobalFlags,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined => flags.profile ?? (env.OMNIGRAPH_PROFILE === '' ? undefined : env.OMNIGRAPH_PROFILE);

/** Throws `Failure` listing the defined names. */
export function findProfile(name: string, config: OperatorConfig): OperatorProfile {
  const profile = config.profiles.get(name);
  if (profile !== undefined) return profile;
  throw new Failure(`unknown profile '${name}': ${definedNames('profiles', config.profiles)}`);
}

export interface ProfileBinding {
  readonly kind: 'server' | 'cluster' | 'store';
  readonly value: string;
}

/** The one entity a profile binds, or a `Failure` saying what is wrong with it (§6.4). */
export function bindingOf(name: string, profile: OperatorProfile): ProfileBinding {
  const bindings = profileBindings(profile);
  const [binding] = bindings;
  if (binding !== undefined && bindings.length === 1) return binding;
  throw new Failure(bindingProblem(name, bindings));
}

export function profileBindings(profile: OperatorProfile): readonly ProfileBinding[] {
  return (['server', 'cluster', 'store'] as const).flatMap((kind) => {
    const value = profile[kind];
    return value === undefined ? [] : [{ kind, value }];
  });
}

export function bindingProblem(name: string, bindings: readonly ProfileBinding[]): string {
  if (bindings.length === 0) return `profile '${name}' binds no scope: set one of server, cluster or store`;
  return `profile '${name}' binds ${bindings.length} scopes (${bindings.map(({ kind }) => kind).join(', ')}): keep exactly one`;
}

/** "defined servers: a, b", or where to add the first one. */
export function definedNames(section: string, entries: ReadonlyMap<string, unknown>): string {
  if (entries.size === 0) return `no ${section} are defined; add it under \`${section}:\` in the operator config`;
  return `defined ${section}: ${[...entries.keys()].join(', ')}`;
}

function listOf(names: readonly string[]): string {
  const quoted = names.map((name) => (name.startsWith('--') ? `\`${name}\`` : name));
  return `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

/** Server name or literal URL → base URL without trailing `/`. Throws `Failure` on an unknown name or another scheme. */
export function serverUrl(server: string, config: OperatorConfig): string {
  const url = server.includes('://') ? server : config.servers.get(server)?.url;
  if (url === undefined) throw new Failure(`unknown server '${server}': ${definedNames('servers', config.servers)}`);
  if (!/^https?:\/\//.test(url)) {
    throw new Failure(`server ${url} is not an http:// or https:// URL; address storage with \`--store <uri>\``);
  }
  return url.replace(/\/+$/, '');
}

/** The address of a graph's storage for a data command. Throws `Failure` where §5.3 or §5.4 refuses. */
export function storeOfDataCommand(label: string, scope: Scope, config: OperatorConfig): string {
  switch (scope.kind) {
    case 'store':
      if (!/^https?:\/\//.test(scope.uri)) return scope.uri;
      throw new Failure(`${scope.uri} is a remote graph, which must be addressed with \`--server <url>\``);
    case 'cluster':
      throw new Failure(
        `${scope.source} addresses a cluster, which is not valid for graph data commands such as \`${label}\`; go through a server (\`--server\`) or pass the graph's storage with \`--store <uri>\``,
      );
    case 'server':
      throw new Failure(
        `\`${label}\` on ${serverUrl(scope.server, config)} (from ${scope.source}): remote commands are not available in this version; address the graph's storage with \`--store <uri>\``,
      );
    default:
      return scope satisfies never;
  }
}
