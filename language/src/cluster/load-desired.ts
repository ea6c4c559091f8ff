/** Loads the desired revision. Contract: cluster.md §§3–6; diagnostics in the order of §4. */
import { type Diagnostic, hasErrors } from '../diagnostics/index.js';
import { byCodeUnit, graphAddress, policyAddress, providerAddress, schemaAddress, sortedMap } from './address.js';
import { type CheckedGraph, checkGraph } from './check-graph.js';
import { checkPolicies } from './check-policies.js';
import { checkProviders } from './check-providers.js';
import { clusterWarning } from './cluster-diagnostic.js';
import { COMPILERS, type Compilers } from './compilers.js';
import type { EmbeddingProfile } from './config.js';
import { ConfigSink } from './config-sink.js';
import type { ConfigFolder, Dependency, DesiredPolicy, DesiredResource, DesiredRevision } from './desired.js';
import { configDigest, contentDigest, graphComposite, providerDigest } from './digest.js';
import { loadHeader } from './header.js';
import { CONFIG_FILE } from './layout.js';

export interface LoadOptions {
  /** Front ends that remember what they compiled. */
  readonly compilers?: Compilers;
}

/**
 * Reads and checks everything a config directory declares. All problems are collected; what could not be read is
 * missing from the result. Never throws for anything a user can cause, and touches no storage.
 */
export async function loadDesired(folder: ConfigFolder, options: LoadOptions = {}): Promise<DesiredRevision> {
  const { config, ...loaded } = await loadHeader(folder);
  if (config === undefined) return { ...loaded, ...NOTHING };

  const compilers = options.compilers ?? COMPILERS;
  const configUri = folder.uri(CONFIG_FILE);
  const providerSink = new ConfigSink(configUri);
  const providers = checkProviders(config, providerSink);
  const [checkedGraphs, { policies, diagnostics: policyProblems }] = await Promise.all([
    Promise.all(
      [...sortedMap(config.graphs).values()].map((entry) => checkGraph(entry, config, folder, compilers, configUri)),
    ),
    checkPolicies(config, folder, compilers, configUri),
  ]);
  const resources = resourcesOf(checkedGraphs, policies, providers);
  const diagnostics: readonly Diagnostic[] = [
    ...loaded.diagnostics,
    ...providerSink.diagnostics,
    ...checkedGraphs.flatMap((checked) => checked.diagnostics),
    ...policyProblems,
  ];
  const digests = new Map([...resources].map(([address, { digest }]) => [address, digest]));
  return {
    ...loaded,
    config,
    ...(!hasErrors(diagnostics) && { configDigest: configDigest(config, digests) }),
    graphs: new Map(checkedGraphs.map(({ graph }) => [graph.id, graph])),
    policies,
    providers,
    resources,
    dependencies: dependenciesOf(checkedGraphs, policies),
    diagnostics,
  };
}

/**
 * `external_blob_ingress_default_deny` for every graph that may take no external blob reference. Validate alone says
 * so, and only of a revision without errors (§4).
 */
export function defaultDenyWarnings(desired: DesiredRevision): readonly Diagnostic[] {
  if (hasErrors(desired.diagnostics)) return [];
  return [...desired.graphs.values()]
    .filter((graph) => graph.blobPolicy === undefined)
    .map(({ id }) =>
      clusterWarning(
        'external_blob_ingress_default_deny',
        `graphs.${id}.external_blobs`,
        'no base is allowed, so new external blob references will be refused',
      ),
    );
}

const NOTHING = {
  graphs: new Map(),
  policies: new Map(),
  providers: new Map(),
  resources: new Map(),
  dependencies: [],
} as const;

function resourcesOf(
  graphs: readonly CheckedGraph[],
  policies: ReadonlyMap<string, DesiredPolicy>,
  providers: ReadonlyMap<string, EmbeddingProfile>,
): ReadonlyMap<string, DesiredResource> {
  const providerResources = [...providers].map(
    ([name, profile]): DesiredResource => ({
      address: providerAddress(name),
      kind: 'embedding_provider',
      digest: providerDigest(profile),
    }),
  );
  const digests = new Map(providerResources.map(({ address, digest }) => [address, digest]));
  const policyResources = [...policies.values()].flatMap(({ name, path, text }): readonly DesiredResource[] =>
    text === undefined
      ? []
      : [{ address: policyAddress(name), kind: 'policy', digest: contentDigest(text), path, content: text }],
  );
  const all = [...graphs.flatMap((graph) => graphResources(graph, digests)), ...policyResources, ...providerResources];
  return sortedMap(all.map((resource) => [resource.address, resource] as const));
}

function graphResources(
  { graph, queryFiles }: CheckedGraph,
  providerDigests: ReadonlyMap<string, string>,
): readonly DesiredResource[] {
  const { id, schema, queries, provider, blobPolicy } = graph;
  const composite = graphComposite({
    id,
    schema: schema?.digest,
    queries: new Map([...queries.values()].map(({ name, digest }) => [name, digest])),
    ...(provider !== undefined && { provider: { address: provider, digest: providerDigests.get(provider) } }),
    blobPolicy,
  });
  const schemaResources: readonly DesiredResource[] =
    schema === undefined
      ? []
      : [
          {
            address: schemaAddress(id),
            kind: 'schema',
            digest: schema.digest,
            path: schema.path,
            content: schema.text,
          },
        ];
  const queryResources = [...queries.values()].map(({ address, digest, path }): DesiredResource => {
    const content = queryFiles.get(path);
    return { address, kind: 'query', digest, path, ...(content !== undefined && { content }) };
  });
  return [{ address: graphAddress(id), kind: 'graph', digest: composite }, ...schemaResources, ...queryResources];
}

/** "from depends on to", sorted (§5). */
function dependenciesOf(
  graphs: readonly CheckedGraph[],
  policies: ReadonlyMap<string, DesiredPolicy>,
): readonly Dependency[] {
  const ofGraphs = graphs.flatMap(({ graph }) => {
    const to = graphAddress(graph.id);
    const schema = schemaAddress(graph.id);
    return [
      { from: schema, to },
      ...[...graph.queries.values()].flatMap(({ address: from }) => [
        { from, to },
        { from, to: schema },
      ]),
      ...(graph.provider === undefined ? [] : [{ from: to, to: graph.provider }]),
    ];
  });
  const ofPolicies = [...policies.values()].flatMap(({ name, appliesTo }) =>
    appliesTo.filter((scope) => scope.startsWith('graph.')).map((to) => ({ from: policyAddress(name), to })),
  );
  return [...ofGraphs, ...ofPolicies].sort(
    (left, right) => byCodeUnit(left.from, right.from) || byCodeUnit(left.to, right.to),
  );
}
