/** Looks at the branch `main` of every declared graph, without the native engine. Contract: cluster.md §16. */
import {
  clusterError,
  type DesiredGraph,
  type DesiredRevision,
  type Diagnostic,
  graphAddress,
  type JsonValue,
  schemaAddress,
  sortedMap,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { graphLocationOf } from './cluster-store.js';
import { mapConcurrently } from './concurrently.js';
import { type GraphRoot, recoverGraphRoot } from './graph-roots.js';
import { type LedgerDraft, recordLiveSchema, setGraphStatus } from './ledger-draft.js';
import type { ControlRuntime } from './runtime.js';

export interface GraphObserver {
  readonly store: ObjectStore;
  readonly draft: LedgerDraft;
  readonly desired: DesiredRevision;
  readonly runtime: Pick<ControlRuntime, 'graphs' | 'now'>;
}

/** Records in the draft what each graph is. At most one error, which counts the graphs that could not be read. */
export async function observeGraphs(observer: GraphObserver): Promise<readonly Diagnostic[]> {
  const unreadable: string[] = [];
  const declared = [...sortedMap(observer.desired.graphs).values()];
  const observed = await mapConcurrently(declared, async (graph) => ({
    graph,
    root: await recoverGraphRoot(observer.store, graph.id, observer.runtime.graphs),
  }));
  for (const { graph, root } of observed) {
    const { id } = graph;
    recordRoot(observer.draft, graph, root);
    observer.draft.observations.set(graphAddress(id), observationOf(observer, graph, root));
    if (root.kind === 'unopenable' || root.kind === 'unverifiable')
      unreadable.push(`${graphAddress(id)} (${root.message})`);
  }
  if (unreadable.length === 0) return [];
  const count = unreadable.length === 1 ? '1 graph' : `${unreadable.length} graphs`;
  return [
    clusterError('graph_observation_error', 'graphs', `${count} could not be observed: ${unreadable.join(', ')}`, {
      remedy: 'check the graph roots, then run the command again',
    }),
  ];
}

function recordRoot(draft: LedgerDraft, graph: DesiredGraph, root: GraphRoot): void {
  switch (root.kind) {
    case 'absent':
      draft.resources.delete(graphAddress(graph.id));
      draft.resources.delete(schemaAddress(graph.id));
      setGraphStatus(draft, graph.id, { status: 'drifted', conditions: ['graph_missing'] });
      return;
    case 'open':
      recordLiveSchema(draft, graph.id, root.schemaDigest);
      setGraphStatus(
        draft,
        graph.id,
        root.schemaDigest === graph.schema?.digest
          ? { status: 'applied' }
          : { status: 'drifted', conditions: ['schema_mismatch'] },
      );
      return;
    case 'unopenable':
    case 'unverifiable':
      setGraphStatus(draft, graph.id, {
        status: 'error',
        conditions: ['graph_observation_error'],
        message: root.message,
      });
      return;
    default:
      root satisfies never;
  }
}

function observationOf({ store, runtime }: GraphObserver, graph: DesiredGraph, root: GraphRoot): JsonValue {
  const desiredDigest = graph.schema?.digest ?? null;
  const open = root.kind === 'open' ? root : undefined;
  const failure = root.kind === 'unopenable' || root.kind === 'unverifiable' ? root.message : null;
  return {
    kind: 'graph',
    address: graphAddress(graph.id),
    graph_uri: graphLocationOf(store, graph.id),
    observed_at: runtime.now().toISOString(),
    exists: root.kind === 'unverifiable' ? null : root.kind !== 'absent',
    graph_manifest_version: open?.manifestVersion ?? null,
    schema_digest: open?.schemaDigest ?? null,
    desired_schema_digest: desiredDigest,
    schema_matches_desired: failure === null ? open?.schemaDigest === desiredDigest : null,
    error: failure,
  };
}
