/**
 * What apply will do about each difference. Contract: the table of cluster.md §9, the demotion below it, and H9.
 */
import { graphAddress, owningGraph, parseAddress, providerAddress, schemaAddress } from './address.js';
import type { DesiredRevision } from './desired.js';
import type { Ledger } from './ledger.js';
import type { Change, Disposition, Reason, ResourceDifference } from './plan.js';

interface ClassifyInput {
  readonly differences: readonly ResourceDifference[];
  readonly desired: DesiredRevision;
  readonly ledger: Ledger | undefined;
  /** R: graphs with a kept sidecar. */
  readonly pendingGraphs: ReadonlySet<string>;
  /** Addresses of gated changes that a valid approval covers. */
  readonly approved: ReadonlySet<string>;
}

/** Classifies every difference, in the given order. */
export function classifyChanges(input: ClassifyInput): readonly Change[] {
  const situation = situationOf(input);
  const changes = input.differences.map((difference): Change => {
    const [disposition, reason] = dispositionOf(difference, situation);
    return { ...difference, disposition, ...(reason && { reason }) };
  });
  return holdProviders(changes, input.ledger);
}

export type GraphOperationFailure = Extract<
  Reason,
  'graph_create_failed' | 'schema_apply_failed' | 'graph_delete_failed'
>;

/**
 * The changes after graph operations failed or were skipped: whatever was still to be applied for such a graph, and for
 * policies bound to it, becomes blocked. `failures`: graph id → what failed.
 */
export function demoteChanges(
  changes: readonly Change[],
  failures: ReadonlyMap<string, GraphOperationFailure>,
  desired: DesiredRevision,
  ledger: Ledger | undefined,
): readonly Change[] {
  const demoted = changes.map((change): Change => {
    if (change.disposition !== 'applied') return change;
    const failed = graphsBehind(change.resource, desired).find((graph) => failures.has(graph));
    const failure = failed === undefined ? undefined : failures.get(failed);
    if (failed === undefined || failure === undefined) return change;
    const isOriginator = change.resource === originatorOf(failure, failed);
    return { ...change, disposition: 'blocked', reason: isOriginator ? failure : 'dependency_not_applied' };
  });
  return holdProviders(demoted, ledger);
}

interface Situation {
  readonly desired: DesiredRevision;
  readonly pending: ReadonlySet<string>;
  readonly createdGraphs: ReadonlySet<string>;
  readonly deletedGraphs: ReadonlySet<string>;
  /** Graphs with a schema create that no graph create carries, or with any schema delete. */
  readonly orphanSchemas: ReadonlySet<string>;
  /** Graphs whose delete is approved and not held back by recovery. */
  readonly approvedGraphs: ReadonlySet<string>;
}

type Verdict = readonly [Disposition, Reason?];

const APPLIED: Verdict = ['applied'];
const UNSUPPORTED: Verdict = ['deferred', 'apply_unsupported_kind'];
const RECOVERY: Verdict = ['blocked', 'cluster_recovery_pending'];
const UNAPPROVED: Verdict = ['blocked', 'approval_required'];
const NO_DEPENDENCY: Verdict = ['blocked', 'dependency_not_applied'];

function situationOf({ differences, desired, pendingGraphs, approved }: ClassifyInput): Situation {
  const graphsWith = (kind: 'graph' | 'schema', operation: ResourceDifference['operation']): readonly string[] =>
    differences.flatMap((difference) => {
      const address = parseAddress(difference.resource);
      return difference.operation === operation && address.kind === kind ? [address.graph] : [];
    });
  const createdGraphs = new Set(graphsWith('graph', 'create'));
  const deletedGraphs = new Set(graphsWith('graph', 'delete'));
  const schemaCreates = graphsWith('schema', 'create').filter((graph) => !createdGraphs.has(graph));
  return {
    desired,
    pending: pendingGraphs,
    createdGraphs,
    deletedGraphs,
    orphanSchemas: new Set([...schemaCreates, ...graphsWith('schema', 'delete')]),
    approvedGraphs: new Set(
      [...deletedGraphs].filter((graph) => approved.has(graphAddress(graph)) && !pendingGraphs.has(graph)),
    ),
  };
}

function dispositionOf(difference: ResourceDifference, situation: Situation): Verdict {
  const address = parseAddress(difference.resource);
  const { operation } = difference;
  switch (address.kind) {
    case 'graph':
      return graphVerdict(address.graph, operation, situation);
    case 'schema':
      return schemaVerdict(address.graph, operation, situation);
    case 'query':
      return queryVerdict(address.graph, operation, situation);
    case 'policy': {
      if (operation === 'delete') return APPLIED;
      const bound = graphsBehind(difference.resource, situation.desired);
      return bound.some((graph) => situation.pending.has(graph)) ? RECOVERY : APPLIED;
    }
    case 'embedding_provider':
      return APPLIED;
    case 'unknown':
      return UNSUPPORTED;
    default:
      return address satisfies never;
  }
}

function graphVerdict(graph: string, operation: ResourceDifference['operation'], situation: Situation): Verdict {
  switch (operation) {
    case 'create':
      return situation.pending.has(graph) ? RECOVERY : APPLIED;
    case 'update':
      return situation.orphanSchemas.has(graph) ? UNSUPPORTED : ['derived'];
    case 'delete':
      return deleteVerdict(graph, situation);
    default:
      return operation satisfies never;
  }
}

function schemaVerdict(graph: string, operation: ResourceDifference['operation'], situation: Situation): Verdict {
  switch (operation) {
    case 'create':
      return situation.createdGraphs.has(graph) && !situation.pending.has(graph) ? APPLIED : RECOVERY;
    case 'update':
      return situation.pending.has(graph) ? RECOVERY : APPLIED;
    case 'delete':
      return situation.deletedGraphs.has(graph) ? deleteVerdict(graph, situation) : UNSUPPORTED;
    default:
      return operation satisfies never;
  }
}

function queryVerdict(graph: string, operation: ResourceDifference['operation'], situation: Situation): Verdict {
  if (operation === 'delete') {
    return situation.deletedGraphs.has(graph) && !situation.approvedGraphs.has(graph) ? UNAPPROVED : APPLIED;
  }
  if (situation.pending.has(graph)) return RECOVERY;
  return situation.orphanSchemas.has(graph) ? NO_DEPENDENCY : APPLIED;
}

function deleteVerdict(graph: string, situation: Situation): Verdict {
  if (situation.pending.has(graph)) return RECOVERY;
  return situation.approvedGraphs.has(graph) ? APPLIED : UNAPPROVED;
}

/**
 * H9: a ledger graph whose delete is blocked is still served, so the provider it names must stay as it is. A change that
 * leaves the digest alone (a backfilled profile) is harmless.
 */
function holdProviders(changes: readonly Change[], ledger: Ledger | undefined): readonly Change[] {
  const resources = ledger?.applied_revision.resources ?? new Map();
  const held = new Set(
    changes.flatMap(({ resource, operation, disposition }) =>
      operation === 'delete' && disposition === 'blocked' && parseAddress(resource).kind === 'graph'
        ? [resources.get(resource)?.embedding_provider]
        : [],
    ),
  );
  return changes.map((change): Change => {
    const address = parseAddress(change.resource);
    const isHeld =
      address.kind === 'embedding_provider' &&
      change.disposition === 'applied' &&
      change.operation !== 'create' &&
      change.before_digest !== change.after_digest &&
      held.has(providerAddress(address.provider));
    return isHeld ? { ...change, disposition: 'blocked', reason: 'dependency_not_applied' } : change;
  });
}

/** The graphs whose fate an address shares: its own, or those a desired policy is bound to. */
function graphsBehind(address: string, desired: DesiredRevision): readonly string[] {
  const own = owningGraph(address);
  if (own !== undefined) return [own];
  const parsed = parseAddress(address);
  if (parsed.kind !== 'policy') return [];
  return (desired.policies.get(parsed.policy)?.appliesTo ?? []).flatMap((target) => owningGraph(target) ?? []);
}

function originatorOf(failure: GraphOperationFailure, graph: string): string {
  switch (failure) {
    case 'graph_create_failed':
    case 'graph_delete_failed':
      return graphAddress(graph);
    case 'schema_apply_failed':
      return schemaAddress(graph);
    default:
      return failure satisfies never;
  }
}
