/**
 * Computes the plan. Pure: the world comes in as a ledger, approvals and observations. Contract: cluster.md §9 and §11.
 * Apply runs the very same function under its lock, so a preview cannot differ from what is executed.
 */
import { type Diagnostic, hasErrors } from '../diagnostics/index.js';
import { planMigration } from '../schema/index.js';
import { graphAddress, owningGraph, parseAddress, policyAddress } from './address.js';
import { gatedDifferences, gateReason, matchApprovals } from './approvals.js';
import { clusterWarning } from './cluster-diagnostic.js';
import { deletionImpact, migrationImpact } from './data-impact.js';
import type { DesiredRevision } from './desired.js';
import { diffResources } from './diff.js';
import { classifyChanges } from './disposition.js';
import type { Ledger } from './ledger.js';
import type { BlastRadius, Change, ClusterPlan, GraphObservation, PlanInput, ResourceDifference } from './plan.js';

/**
 * Plans what apply would do. A desired revision with errors plans nothing: it must never turn what could not be read
 * into deletes. Diagnostics, all warnings: `approval_stale`, `schema_preview_unavailable`,
 * `policy_unbound_before_graph_delete`.
 */
export function planCluster(input: PlanInput): ClusterPlan {
  const { desired, ledger } = input;
  if (desired.configDigest === undefined || hasErrors(desired.diagnostics)) return EMPTY_PLAN;

  const differences = diffResources(desired, ledger);
  const matched = matchApprovals(differences, input.approvals, ledger, desired.configDigest);
  const classified = classifyChanges({
    differences,
    desired,
    ledger,
    pendingGraphs: input.pendingGraphs,
    approved: new Set(matched.approved.keys()),
  });
  const previews = classified.map((change) => previewChange(change, desired, input.observations));
  const changes = previews.map((preview) => preview.change);
  return {
    configDigest: desired.configDigest,
    changes,
    blastRadius: blastRadiusOf(differences, desired),
    approvalsRequired: gatedDifferences(differences).map((difference) => ({
      resource: difference.resource,
      reason: gateReason(difference),
      satisfied: matched.approved.has(difference.resource),
    })),
    approved: matched.approved,
    diagnostics: [
      ...matched.diagnostics,
      ...previews.flatMap((preview) => preview.diagnostics),
      ...loosenedAccess(changes, desired, ledger),
    ],
  };
}

/** Graphs a plan wants observed: those whose schema is to be updated, and those to be deleted. */
export function graphsToObserve(desired: DesiredRevision, ledger: Ledger | undefined): readonly string[] {
  return diffResources(desired, ledger).flatMap((difference) => {
    const address = parseAddress(difference.resource);
    const isUpdate = address.kind === 'schema' && difference.operation === 'update';
    const isDelete = address.kind === 'graph' && difference.operation === 'delete';
    return isUpdate || isDelete ? [address.graph] : [];
  });
}

const EMPTY_PLAN: ClusterPlan = {
  changes: [],
  blastRadius: [],
  approvalsRequired: [],
  approved: new Map(),
  diagnostics: [],
};

interface Preview {
  readonly change: Change;
  readonly diagnostics: readonly Diagnostic[];
}

function previewChange(
  change: Change,
  desired: DesiredRevision,
  observations: ReadonlyMap<string, GraphObservation>,
): Preview {
  const address = parseAddress(change.resource);
  const observation =
    address.kind === 'schema' || address.kind === 'graph' ? observations.get(address.graph) : undefined;
  if (observation === undefined) return { change, diagnostics: [] };
  if (address.kind === 'graph' && change.operation === 'delete') {
    // A root that is gone or unreadable holds no rows that could be told; the delete itself says what it does.
    const isOpen = observation.kind === 'open';
    return {
      change: isOpen ? { ...change, data_impact: deletionImpact(observation.entityCounts) } : change,
      diagnostics: [],
    };
  }
  if (address.kind === 'schema' && change.operation === 'update') {
    return previewMigration(change, address.graph, desired, observation);
  }
  return { change, diagnostics: [] };
}

function previewMigration(
  change: Change,
  graph: string,
  desired: DesiredRevision,
  observation: GraphObservation,
): Preview {
  const unavailable = (message: string, remedy: string): Diagnostic =>
    clusterWarning('schema_preview_unavailable', change.resource, message, { remedy });
  switch (observation.kind) {
    case 'missing':
      return {
        change,
        diagnostics: [
          unavailable('the graph root is missing', 'run `omnigraph cluster refresh` to record what is really there'),
        ],
      };
    case 'unreadable':
      return {
        change,
        diagnostics: [
          unavailable(
            `the graph root cannot be read: ${observation.message}`,
            'check the storage root, then plan again',
          ),
        ],
      };
    case 'open': {
      const catalog = desired.graphs.get(graph)?.schema?.catalog;
      if (catalog === undefined) return { change, diagnostics: [] };
      const migration = planMigration(observation.accepted, catalog);
      // A schema that apply would refuse is no error of the plan (§11): it says so and goes on.
      const findings = migration.diagnostics.map(
        (each): Diagnostic => ({ ...each, severity: 'warning', path: change.resource }),
      );
      const branches = observation.branches.filter((branch) => branch !== 'main');
      const live = `live branches ${branches.join(', ')} make apply refuse a schema change`;
      return {
        change: { ...change, migration, data_impact: migrationImpact(migration.steps, observation.entityCounts) },
        diagnostics: [...findings, ...(branches.length === 0 ? [] : [unavailable(live, 'merge or delete them first')])],
      };
    }
    default:
      return observation satisfies never;
  }
}

function blastRadiusOf(differences: readonly ResourceDifference[], desired: DesiredRevision): readonly BlastRadius[] {
  const dependents = new Map<string, string[]>();
  for (const { from, to } of desired.dependencies) {
    const list = dependents.get(to) ?? [];
    list.push(from);
    dependents.set(to, list);
  }
  return differences.flatMap(({ resource }) => {
    const affected = dependents.get(resource);
    return affected === undefined ? [] : [{ resource, affected }];
  });
}

/** H9: a policy leaves a graph at once, even while that graph's own delete waits and the graph is still served. */
function loosenedAccess(
  changes: readonly Change[],
  desired: DesiredRevision,
  ledger: Ledger | undefined,
): readonly Diagnostic[] {
  if (ledger === undefined) return [];
  const waiting = new Set(
    changes.flatMap(({ resource, operation, disposition }) =>
      operation === 'delete' && disposition === 'blocked' && parseAddress(resource).kind === 'graph' ? [resource] : [],
    ),
  );
  return changes.flatMap((change) => {
    const address = parseAddress(change.resource);
    if (address.kind !== 'policy' || change.disposition !== 'applied' || change.operation === 'create') return [];
    const kept = new Set(desired.policies.get(address.policy)?.appliesTo);
    const recorded = ledger.applied_revision.resources.get(policyAddress(address.policy))?.applies_to ?? [];
    const loosened = recorded.filter((target) => waiting.has(target) && !kept.has(target));
    return loosened.map((target) =>
      clusterWarning(
        'policy_unbound_before_graph_delete',
        change.resource,
        `it stops governing ${target} at once, while ${target} stays served until its delete is approved`,
        {
          remedy: `approve ${graphAddress(owningGraph(target) ?? '')} in the same run, or keep the binding until then`,
        },
      ),
    );
  });
}
