/** Declared policies: their bindings and their files. Contract: cluster.md §3.6, policy.md §4. */
import { type Diagnostic, isError } from '../diagnostics/index.js';
import type { PolicyBundle } from '../policy/index.js';
import { byCodeUnit, graphAddress, isResourceId, sortedMap } from './address.js';
import type { Compilers } from './compilers.js';
import type { ClusterConfig, Located, PolicyEntry } from './config.js';
import { ConfigSink } from './config-sink.js';
import type { ConfigFolder, DesiredPolicy } from './desired.js';

interface CheckedPolicies {
  readonly policies: ReadonlyMap<string, DesiredPolicy>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The binding that means the cluster itself. */
export const CLUSTER_BINDING = 'cluster';

export async function checkPolicies(
  config: ClusterConfig,
  folder: ConfigFolder,
  compilers: Compilers,
  configUri: string,
): Promise<CheckedPolicies> {
  const sink = new ConfigSink(configUri);
  const boundBy = new Map<string, string>();
  const policies = new Map<string, DesiredPolicy>();
  for (const [name, entry] of sortedMap(config.policies)) {
    checkPolicyName(entry, sink);
    const appliesTo = checkBindings(entry, config, sink);
    checkScopesAreFree(entry, appliesTo, boundBy, sink);
    const file = await checkPolicyFile(entry, appliesTo, folder, compilers, sink);
    policies.set(name, { name, entry, path: entry.file.value, appliesTo, ...file });
  }
  return { policies, diagnostics: sink.diagnostics };
}

function checkPolicyName({ name }: PolicyEntry, sink: ConfigSink): void {
  if (isResourceId(name.value)) return;
  const remedy = 'start with a letter or underscore and go on with letters, digits, underscores and hyphens';
  sink.error(
    'invalid_resource_id',
    `policies.${name.value}`,
    `"${name.value}" is not a policy name`,
    name.range,
    remedy,
  );
}

/** The normalized bindings, sorted and unique; what binds nothing is reported and left out. */
function checkBindings(policy: PolicyEntry, config: ClusterConfig, sink: ConfigSink): readonly string[] {
  const path = `policies.${policy.name.value}.applies_to`;
  const { appliesTo } = policy;
  if (appliesTo.value.length === 0) {
    const remedy = 'name the graphs it governs, or cluster';
    sink.error('policy_missing_applies_to', path, 'the policy governs nothing', appliesTo.range, remedy);
  }
  const bindings = new Set(
    appliesTo.value.flatMap((target, at) => checkBinding(target, `${path}[${at}]`, config, sink) ?? []),
  );
  if (bindings.has(CLUSTER_BINDING) && bindings.size > 1) {
    const message = 'one bundle cannot govern both the cluster and graphs';
    sink.error('policy_mixed_binding_kinds', path, message, appliesTo.range, 'split it into two policies');
  }
  return [...bindings].sort(byCodeUnit);
}

function checkBinding(
  { value, range }: Located<string>,
  path: string,
  config: ClusterConfig,
  sink: ConfigSink,
): string | undefined {
  if (value === CLUSTER_BINDING) return CLUSTER_BINDING;
  const graph = value.startsWith('graph.') ? value.slice('graph.'.length) : value;
  if (graph === value && value.includes('.')) {
    const remedy = 'write cluster, graph.<id> or a bare graph id';
    sink.error('wrong_kind_reference', path, `"${value}" is neither the cluster nor a graph`, range, remedy);
    return undefined;
  }
  if (!config.graphs.has(graph)) {
    const declared = [...config.graphs.keys()];
    const remedy = declared.length === 0 ? 'declare it under graphs' : `declared graphs are ${declared.join(', ')}`;
    sink.error('dangling_graph_reference', path, `no graph "${graph}" is declared`, range, remedy);
    return undefined;
  }
  return graphAddress(graph);
}

function checkScopesAreFree(
  policy: PolicyEntry,
  appliesTo: readonly string[],
  boundBy: Map<string, string>,
  sink: ConfigSink,
): void {
  const name = policy.name.value;
  for (const scope of appliesTo) {
    const earlier = boundBy.get(scope);
    if (earlier === undefined) boundBy.set(scope, name);
    else {
      sink.error(
        'duplicate_policy_binding',
        `policies.${name}.applies_to`,
        `policies "${earlier}" and "${name}" both govern ${scope}`,
        policy.appliesTo.range,
        'merge them into one',
      );
    }
  }
}

async function checkPolicyFile(
  { name, file }: PolicyEntry,
  appliesTo: readonly string[],
  folder: ConfigFolder,
  compilers: Compilers,
  sink: ConfigSink,
): Promise<{ readonly text?: string; readonly bundle?: PolicyBundle }> {
  const path = `policies.${name.value}.file`;
  const read = await folder.read(file.value);
  if (read.kind !== 'text') {
    const message = `"${file.value}" cannot be read: ${read.message}`;
    sink.error('policy_file_missing', path, message, file.range, 'name an existing UTF-8 file');
    return {};
  }
  const uri = folder.uri(file.value);
  const { value: bundle, diagnostics } = compilers.parsePolicy(read.text, { uri, kind: kindFor(appliesTo) });
  const problem = diagnostics.find(isError);
  if (problem !== undefined) sink.errorIn({ uri, ...problem }, 'policy_invalid', path, '', file.range);
  return { text: read.text, ...(bundle && problem === undefined && { bundle }) };
}

/** How a bundle is loaded; with mixed or no bindings the binding diagnostics own the question (policy.md §4). */
function kindFor(appliesTo: readonly string[]): 'server' | 'graph' | 'either' {
  const servers = appliesTo.filter((scope) => scope === CLUSTER_BINDING).length;
  if (appliesTo.length === 0 || (servers > 0 && servers < appliesTo.length)) return 'either';
  return servers > 0 ? 'server' : 'graph';
}
