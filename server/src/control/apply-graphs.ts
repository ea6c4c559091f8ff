/**
 * The graph operations of apply: creates, then schema updates, then (much later) approved deletes. Contract: cluster.md
 * §12 steps 7, 8 and 11. Each is fenced by a sidecar written before anything moves; after the first failure no further
 * operation starts.
 */
import {
  type Change,
  type ClusterCode,
  clusterError,
  clusterWarning,
  type DesiredSchema,
  type Diagnostic,
  type GraphOperationFailure,
  graphAddress,
  graphRootKey,
  type MigrationStep,
  owningGraph,
  parseAddress,
  recoveryKey,
  type Sidecar,
  schemaAddress,
} from 'omnigraph-language';
import { StorageError } from '../storage/index.js';
import { type ApplyRun, intentOf } from './apply-run.js';
import { graphLocationOf } from './cluster-store.js';
import { messageOf } from './error-text.js';
import { type Failpoint, InjectedFailpoint } from './failpoints.js';
import type { MigratableGraph } from './graph-operations.js';
import { observeGraphRoot } from './graph-roots.js';
import { deleteSidecars, writeSidecar } from './sidecars.js';
import { rereadSource } from './source-files.js';

/** Creates every graph whose create is to be applied, in address order. */
export function createGraphs(run: ApplyRun): Promise<void> {
  return inOrder(run, 'graph', 'create', 'graph_create_failed', createGraph);
}

/** Migrates every graph whose schema update is to be applied, in address order. */
export function migrateSchemas(run: ApplyRun): Promise<void> {
  return inOrder(run, 'schema', 'update', 'schema_apply_failed', migrateSchema);
}

/** Deletes every graph whose delete is approved, in address order. */
export function deleteGraphs(run: ApplyRun): Promise<void> {
  return inOrder(run, 'graph', 'delete', 'graph_delete_failed', deleteGraph);
}

/** An operation either succeeds or says why it failed. An `after_*` failpoint goes through to the run. */
type Operation = (run: ApplyRun, graph: string) => Promise<Diagnostic | undefined>;

const SKIPPED: Readonly<Record<GraphOperationFailure, ClusterCode>> = {
  graph_create_failed: 'graph_create_skipped',
  schema_apply_failed: 'schema_apply_skipped',
  graph_delete_failed: 'graph_delete_skipped',
};

async function inOrder(
  run: ApplyRun,
  kind: 'graph' | 'schema',
  operation: Change['operation'],
  failure: GraphOperationFailure,
  perform: Operation,
): Promise<void> {
  for (const change of run.changes) {
    const graph = owningGraph(change.resource);
    const isDue = change.disposition === 'applied' && change.operation === operation;
    if (!isDue || graph === undefined || parseAddress(change.resource).kind !== kind) continue;
    if (run.failures.size > 0) {
      run.diagnostics.push(
        clusterWarning(SKIPPED[failure], change.resource, 'skipped because an earlier graph operation failed', {
          remedy: 'repair that failure, then run `omnigraph cluster apply` again',
        }),
      );
      run.failures.set(graph, failure);
      continue;
    }
    const problem = await perform(run, graph);
    if (problem === undefined) continue;
    run.diagnostics.push(problem);
    run.failures.set(graph, failure);
  }
}

async function createGraph(run: ApplyRun, graph: string): Promise<Diagnostic | undefined> {
  const { store, runtime } = run;
  const schema = declaredSchema(run, graph);
  const failed = (message: string, remedy: string) =>
    clusterError('graph_create_failed', graphAddress(graph), message, { remedy });
  const sidecar = intentOf(run, 'graph_create', graph, {
    observed_manifest_version: null,
    desired_schema_digest: schema.digest,
  });
  const refused =
    (await announce(run, sidecar, graphAddress(graph))) ??
    (await injectedBefore(run, 'cluster_apply.before_graph_create'));
  if (refused !== undefined) return refused;

  const source = await rereadSource(run.folder, schema.path, schema.digest);
  if (source.kind !== 'unchanged') {
    // Nothing moved, so there is nothing to recover.
    run.diagnostics.push(...(await deleteSidecars(store, [sidecar.operation_id])));
    return source.kind === 'changed'
      ? contentChanged(schemaAddress(graph), schema.path)
      : failed(`${schema.path} cannot be read: ${source.message}`, 'make the file readable, then apply again');
  }
  let version: number;
  try {
    // The engine refuses an existing graph; residue that is no graph must not be built upon either.
    if (await store.existsBelow(graphRootKey(graph))) {
      return failed(
        `${graphLocationOf(store, graph)} already exists, and the ledger does not know it`,
        'run `omnigraph cluster refresh` to adopt it, or move it away',
      );
    }
    version = await runtime.graphs.create(graphLocationOf(store, graph), source.text, run.actor);
  } catch (error) {
    return failed(messageOf(error), 'the next apply inspects what was left behind');
  }
  await pinVersion(run, sidecar, version);
  await runtime.reach('cluster_apply.after_graph_create');
  run.completed.push(sidecar.operation_id);
  return undefined;
}

async function migrateSchema(run: ApplyRun, graph: string): Promise<Diagnostic | undefined> {
  let opened: MigratableGraph;
  try {
    opened = await run.runtime.graphs.open(graphLocationOf(run.store, graph));
  } catch (error) {
    return schemaFailed(graph, messageOf(error), 'check the graph root, or run `omnigraph cluster refresh`');
  }
  try {
    return await migrateOpenGraph(run, graph, opened);
  } finally {
    await opened.close();
  }
}

async function migrateOpenGraph(
  run: ApplyRun,
  graph: string,
  opened: MigratableGraph,
): Promise<Diagnostic | undefined> {
  const { store, runtime } = run;
  const schema = declaredSchema(run, graph);
  const source = await rereadSource(run.folder, schema.path, schema.digest);
  if (source.kind === 'changed') return contentChanged(schemaAddress(graph), schema.path);
  if (source.kind === 'unreadable') {
    return schemaFailed(
      graph,
      `${schema.path} cannot be read: ${source.message}`,
      'make the file readable, then apply',
    );
  }
  const before = await observeGraphRoot(store, graph, runtime.graphs);
  if (before.kind !== 'open') {
    const reason = before.kind === 'absent' ? 'the graph root is missing' : before.message;
    return schemaFailed(graph, reason, 'run `omnigraph cluster refresh` to record what is there');
  }
  const obstacle = await obstacleTo(opened, source.text, before.branches);
  if (obstacle !== undefined) return schemaFailed(graph, obstacle.message, obstacle.remedy);

  const sidecar = intentOf(run, 'schema_apply', graph, {
    observed_manifest_version: before.manifestVersion,
    desired_schema_digest: schema.digest,
  });
  const refused =
    (await announce(run, sidecar, schemaAddress(graph))) ??
    (await injectedBefore(run, 'cluster_apply.before_schema_apply'));
  if (refused !== undefined) return refused;

  let version: number;
  try {
    version = await opened.applySchema(source.text, run.actor);
  } catch (error) {
    await withdrawIfUnmoved(run, graph, sidecar);
    return schemaFailed(graph, messageOf(error), 'the next apply inspects what was left behind');
  }
  await pinVersion(run, sidecar, version);
  await runtime.reach('cluster_apply.after_schema_apply');
  run.completed.push(sidecar.operation_id);
  return undefined;
}

async function deleteGraph(run: ApplyRun, graph: string): Promise<Diagnostic | undefined> {
  const { store, runtime } = run;
  const address = graphAddress(graph);
  const approval = run.approved.get(address);
  if (approval === undefined) throw new Error(`${address} would be deleted without an approval`);
  const root = await observeGraphRoot(store, graph, runtime.graphs);
  const sidecar = intentOf(run, 'graph_delete', graph, {
    observed_manifest_version: root.kind === 'open' ? root.manifestVersion : null,
    desired_schema_digest: '',
    approval_id: approval.approval_id,
  });
  const refused =
    (await announce(run, sidecar, address)) ?? (await injectedBefore(run, 'cluster_apply.before_graph_delete'));
  if (refused !== undefined) return refused;
  try {
    await store.deleteBelow(graphRootKey(graph));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return clusterError('graph_delete_failed', address, error.message, {
      remedy: 'run `omnigraph cluster apply` again to complete the delete',
    });
  }
  await runtime.reach('cluster_apply.after_graph_delete');
  run.completed.push(sidecar.operation_id);
  run.deleted.push({ graph, approval });
  return undefined;
}

function declaredSchema(run: ApplyRun, graph: string): DesiredSchema {
  const schema = run.desired.graphs.get(graph)?.schema;
  if (schema === undefined) throw new Error(`${schemaAddress(graph)} is to be applied but is not declared`);
  return schema;
}

interface Obstacle {
  readonly message: string;
  readonly remedy: string;
}

/** Why the engine could not migrate, found before anything is written. */
async function obstacleTo(
  opened: MigratableGraph,
  source: string,
  branches: readonly string[],
): Promise<Obstacle | undefined> {
  const others = branches.filter((branch) => branch !== 'main');
  if (others.length > 0) {
    return {
      message: `the graph has live branches: ${others.join(', ')}`,
      remedy: 'merge or delete them, then apply again',
    };
  }
  try {
    const plan = await opened.planSchema(source);
    if (plan.supported) return undefined;
    return { message: refusalOf(plan.steps), remedy: 'change the schema so that the migration is supported' };
  } catch (error) {
    return { message: messageOf(error), remedy: 'repair the cause, then apply again' };
  }
}

function refusalOf(steps: readonly MigrationStep[]): string {
  const reasons = steps.flatMap((step) =>
    step.kind === 'unsupported_change' ? [`${step.entity}: ${step.reason}`] : [],
  );
  return `the migration is not supported: ${reasons.join('; ')}`;
}

/** Writes the sidecar, or refuses the operation while nothing has moved. */
async function announce(run: ApplyRun, sidecar: Sidecar, address: string): Promise<Diagnostic | undefined> {
  try {
    await writeSidecar(run.store, sidecar);
    return undefined;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return clusterError(
      'recovery_sidecar_write_error',
      run.store.display(recoveryKey(sidecar.operation_id)),
      `${address} was left alone: ${error.message}`,
    );
  }
}

/** A `before_*` failpoint fails its operation and leaves the sidecar, as a crash would. */
async function injectedBefore(run: ApplyRun, point: Failpoint): Promise<Diagnostic | undefined> {
  try {
    await run.runtime.reach(point);
    return undefined;
  } catch (error) {
    if (!(error instanceof InjectedFailpoint)) throw error;
    return clusterError('injected_failpoint', point, error.message);
  }
}

/** Forensic only: recovery compares schemas, so a sidecar that cannot be rewritten is as good. */
async function pinVersion(run: ApplyRun, sidecar: Sidecar, version: number): Promise<void> {
  try {
    await writeSidecar(run.store, { ...sidecar, expected_manifest_version: version });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}

/** Deletes the sidecar of a failed migration when the graph provably stayed what it was. */
async function withdrawIfUnmoved(run: ApplyRun, graph: string, sidecar: Sidecar): Promise<void> {
  const after = await observeGraphRoot(run.store, graph, run.runtime.graphs);
  const recorded = run.ledger.applied_revision.resources.get(schemaAddress(graph))?.digest;
  const isUnmoved =
    after.kind === 'open' &&
    after.manifestVersion === sidecar.observed_manifest_version &&
    after.schemaDigest === recorded;
  if (isUnmoved) run.diagnostics.push(...(await deleteSidecars(run.store, [sidecar.operation_id])));
}

const schemaFailed = (graph: string, message: string, remedy: string): Diagnostic =>
  clusterError('schema_apply_failed', schemaAddress(graph), message, { remedy });

const contentChanged = (address: string, path: string): Diagnostic =>
  clusterError('resource_content_changed', address, `${path} changed while apply was running`, {
    remedy: 'run `omnigraph cluster apply` again',
  });
