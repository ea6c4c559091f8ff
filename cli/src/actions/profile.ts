/** `profile list` and `profile show` (cli.md §9.10). */
import type { ExitCode } from '../failure.js';
import type { OperatorConfig, OperatorProfile } from '../operator/config.js';
import { printJson } from '../output/json.js';
import { bindingOf, bindingProblem, findProfile, type ProfileBinding, profileBindings } from '../scope/resolve.js';
import type { Invocation } from '../shell.js';
import { operatorConfig } from './operator.js';

interface JsonOption {
  readonly json?: true;
}

interface ListedProfile {
  readonly name: string;
  readonly binding: string;
  readonly scope_kind: 'server' | 'cluster' | 'store' | 'invalid';
  readonly target: string | null;
  readonly valid: boolean;
  readonly error: string | null;
  readonly default_graph: string | null;
  readonly active: boolean;
}

export async function runProfileList({ terminal }: Invocation, options: JsonOption): Promise<ExitCode> {
  const { profiles } = await operatorConfig(terminal);
  const active = terminal.env.OMNIGRAPH_PROFILE;
  const listed = [...profiles].map(([name, profile]) => listedProfile(name, profile, name === active));
  if (options.json) await printJson(terminal, listed);
  else await terminal.print(listed.length === 0 ? 'no profiles are defined' : listed.map(listLine).join('\n'));
  return 0;
}

/** A malformed profile is shown as data; it never fails the command. */
function listedProfile(name: string, profile: OperatorProfile, active: boolean): ListedProfile {
  const bindings = profileBindings(profile);
  const [binding] = bindings;
  const default_graph = profile.defaultGraph ?? null;
  const problem =
    binding === undefined || bindings.length > 1
      ? bindingProblem(name, bindings)
      : binding.kind === 'store' && default_graph !== null
        ? `profile '${name}' has a default_graph, which does not apply to a store scope`
        : null;
  if (binding === undefined || problem !== null) {
    const error = problem ?? bindingProblem(name, bindings);
    return {
      name,
      binding: `invalid: ${error}`,
      scope_kind: 'invalid',
      target: null,
      valid: false,
      error,
      default_graph,
      active,
    };
  }
  return {
    name,
    binding: `${binding.kind}: ${binding.value}`,
    scope_kind: binding.kind,
    target: binding.value,
    valid: true,
    error: null,
    default_graph,
    active,
  };
}

const listLine = ({ name, active, binding, default_graph }: ListedProfile): string =>
  `${name}${active ? ' (active)' : ''}  ${binding}${default_graph === null ? '' : ` · graph: ${default_graph}`}`;

interface ShownProfile {
  readonly name: string;
  readonly scope_kind: 'server' | 'cluster' | 'store' | 'none';
  readonly target: string | null;
  readonly endpoint: string | null;
  readonly default_graph: string | null;
  readonly output_format: string | null;
}

export async function runProfileShow(
  { terminal }: Invocation,
  name: string | undefined,
  options: JsonOption,
): Promise<ExitCode> {
  const config = await operatorConfig(terminal);
  const chosen = name ?? (terminal.env.OMNIGRAPH_PROFILE === '' ? undefined : terminal.env.OMNIGRAPH_PROFILE);
  const shown = chosen === undefined ? shownDefaults(config) : shownProfile(chosen, config);
  if (options.json) await printJson(terminal, shown);
  else await terminal.print(showLines(shown));
  return 0;
}

function shownProfile(name: string, config: OperatorConfig): ShownProfile {
  const profile = findProfile(name, config);
  return shownScope(name, bindingOf(name, profile), profile.defaultGraph, config);
}

function shownDefaults(config: OperatorConfig): ShownProfile {
  const { server, store } = config.defaults;
  const binding: ProfileBinding | undefined =
    server !== undefined
      ? { kind: 'server', value: server }
      : store !== undefined
        ? { kind: 'store', value: store }
        : undefined;
  return shownScope('(defaults)', binding, undefined, config);
}

function shownScope(
  name: string,
  binding: ProfileBinding | undefined,
  graph: string | undefined,
  config: OperatorConfig,
): ShownProfile {
  return {
    name,
    scope_kind: binding?.kind ?? 'none',
    target: binding?.value ?? null,
    endpoint: binding === undefined ? null : (endpointOf(binding, config) ?? null),
    // For display only: no command inherits the defaults' graph into a profile (§5.2).
    default_graph: graph ?? config.defaults.defaultGraph ?? null,
    output_format: config.defaults.output ?? null,
  };
}

/** Where a binding leads, or `undefined` for a server or cluster name that is not defined. */
function endpointOf({ kind, value }: ProfileBinding, config: OperatorConfig): string | undefined {
  switch (kind) {
    case 'store':
      return value;
    case 'server':
      return value.includes('://') ? value : config.servers.get(value)?.url;
    case 'cluster':
      return value.includes('://') ? value : config.clusters.get(value)?.root;
    default:
      return kind satisfies never;
  }
}

function showLines(shown: ShownProfile): string {
  const { name, scope_kind, target, endpoint, default_graph, output_format } = shown;
  const undefinedName =
    scope_kind === 'server' || scope_kind === 'cluster' ? `(undefined ${scope_kind} '${target}')` : '';
  const place = endpoint ?? undefinedName;
  return [
    `profile: ${name}`,
    `  scope:   ${target === null ? scope_kind : `${scope_kind} ${target}`}`,
    ...(place === '' ? [] : [`  endpoint: ${place}`]),
    ...(default_graph === null ? [] : [`  default graph: ${default_graph}`]),
    ...(output_format === null ? [] : [`  output: ${output_format}`]),
  ].join('\n');
}
