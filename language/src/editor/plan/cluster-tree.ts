/**
 * `omnigraph/cluster`: every cluster of the workspace with what it declares, what is applied and what would change, for
 * a tree view and a status bar. Unless it is to be `fresh`, it never waits for storage: what is not known yet comes with
 * `omnigraph/planChanged`.
 *
 * Parameters: `{ uri?, fresh? }`; with a `uri` only the cluster that the file belongs to. Result: `{ clusters: ClusterNode[] }`.
 */
import {
  type DesiredRevision,
  graphAddress,
  policyAddress,
  providerAddress,
  queryAddress,
  schemaAddress,
} from '../../cluster/index.js';
import type { ClusterEntry } from '../clusters.js';
import type { EditorContext, WorkspaceFeature } from '../feature.js';
import { resolvePath } from '../uris.js';
import { clusterNamed, isFresh, uriIn } from './panel.js';
import { changePhrase, summaryTitle } from './phrases.js';
import { type PlanState, planPreviews } from './previews.js';

export interface ClusterNode {
  readonly uri: string;
  readonly name: string | null;
  readonly title: string;
  readonly phase: PlanState['phase'];
  readonly ledger: string;
  readonly revision: number | null;
  readonly storage: string;
  readonly locked: boolean;
  /** Applied and desired are the same; null while unknown. */
  readonly converged: boolean | null;
  readonly pending: number;
  readonly drifted: number;
  readonly errors: number;
  readonly graphs: readonly GraphNode[];
  readonly policies: readonly ResourceNode[];
  readonly providers: readonly ResourceNode[];
  /** What the ledger still has and the configuration no longer declares. */
  readonly removed: readonly ResourceNode[];
}

export interface ResourceNode extends Marks {
  readonly address: string;
  readonly name: string;
  readonly uri: string | null;
}

/** What a change and the ledger say of a resource; null: nothing. */
interface Marks {
  readonly change: string | null;
  readonly disposition: string | null;
  readonly title: string | null;
  readonly status: string | null;
}

export interface GraphNode extends ResourceNode {
  readonly schema: ResourceNode;
  readonly queries: readonly ResourceNode[];
  readonly branches: readonly string[];
  /** On `main`; null when the graph cannot be read. */
  readonly rows: number | null;
}

export const clusterTree: WorkspaceFeature = (context) => ({
  custom: new Map([
    [
      'omnigraph/cluster',
      async (params: unknown) => {
        const asksForOne = typeof params === 'object' && params !== null && 'uri' in params && params.uri !== null;
        const one = asksForOne ? await clusterNamed(uriIn(params), context.workspace) : undefined;
        const shown = asksForOne ? (one === undefined ? [] : [one]) : context.workspace.clusters;
        // After a command wrote to storage that nobody watches, a client wants it looked at.
        if (isFresh(params))
          await Promise.all(shown.map((each) => planPreviews(context).settled(each, { fresh: true })));
        return { clusters: await Promise.all(shown.map((cluster) => nodeOf(cluster, context))) };
      },
    ],
  ]),
});

async function nodeOf(cluster: ClusterEntry, context: EditorContext): Promise<ClusterNode> {
  const previews = planPreviews(context);
  const state = previews.current(cluster);
  const desired = await previews.desired(cluster);
  const { preview } = state;
  const report = preview?.report;
  const isKnown = report !== undefined && report.desired_revision.config_digest !== undefined;
  const found = preview?.ledger === 'found';
  const marks = marksIn(state);
  const addresses = new Set(desired.resources.keys());
  return {
    uri: cluster.uri,
    name: desired.header?.name ?? null,
    title: summaryTitle(state),
    phase: state.phase,
    ledger: preview?.ledger ?? 'unknown',
    revision: found && report ? report.state_observations.state_revision : null,
    storage: storageOf(desired),
    locked: report?.state_observations.locked ?? false,
    converged: isKnown && preview?.ledger !== 'unreachable' ? found && report.changes.length === 0 : null,
    pending: report?.changes.filter(({ disposition }) => disposition !== 'derived').length ?? 0,
    drifted: [...(preview?.resource_statuses.values() ?? [])].filter(({ status }) => status === 'drifted').length,
    errors: desired.diagnostics.filter(({ severity }) => severity === 'error').length,
    graphs: [...desired.graphs.values()].map((graph): GraphNode => {
      const live = preview?.graphs.get(graph.id);
      const uriOf = (path: string): string => resolvePath(cluster.folder, path);
      const schema = {
        address: schemaAddress(graph.id),
        name: graph.entry.schema.value,
        uri: uriOf(graph.entry.schema.value),
      };
      return {
        address: graphAddress(graph.id),
        name: graph.id,
        uri: cluster.uri,
        ...marks(graphAddress(graph.id)),
        schema: { ...schema, ...marks(schema.address) },
        queries: [...graph.queries.values()].map(({ name, path }) => {
          const address = queryAddress(graph.id, name);
          return { address, name, uri: uriOf(path), ...marks(address) };
        }),
        branches: live?.kind === 'open' ? live.branches : [],
        rows: live?.kind === 'open' ? [...live.rows.values()].reduce((sum, rows) => sum + rows, 0) : null,
      };
    }),
    policies: [...desired.policies.values()].map(({ name, path }) => {
      const address = policyAddress(name);
      return { address, name, uri: resolvePath(cluster.folder, path), ...marks(address) };
    }),
    providers: [...desired.providers.keys()].map((name) => {
      const address = providerAddress(name);
      return { address, name, uri: cluster.uri, ...marks(address) };
    }),
    removed: (report?.changes ?? [])
      .filter(({ operation, resource }) => operation === 'delete' && !addresses.has(resource))
      .map(({ resource }) => ({ address: resource, name: resource, uri: null, ...marks(resource) })),
  };
}

function marksIn({ preview }: PlanState): (address: string) => Marks {
  const changes = new Map(preview?.report.changes.map((change) => [change.resource, change]));
  return (address) => {
    const change = changes.get(address);
    return {
      change: change?.operation ?? null,
      disposition: change?.disposition ?? null,
      title: change === undefined ? null : changePhrase(change),
      status: preview?.resource_statuses.get(address)?.status ?? null,
    };
  };
}

function storageOf({ header, configDir }: DesiredRevision): string {
  const storage = header?.storage;
  if (storage?.kind === 's3') return storage.uri;
  return storage?.kind === 'local' ? storage.path : configDir;
}
