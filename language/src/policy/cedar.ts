/**
 * Bundles as Cedar (policy.md §5). Policies are Cedar's JSON form, not text, so an id may hold any character. This
 * module only translates; evaluation lives where cedar-wasm does.
 */
import { kindOf, type PolicyAction, type PolicyKind, type PolicyScope } from './actions.js';
import { knownActors, type PolicyBundle, type PolicyRule } from './bundle.js';

/** The fixed schema of §5.1, in Cedar's text form. */
export const CEDAR_SCHEMA = `namespace Omnigraph {
  type Request = {
    has_branch: Bool,
    branch: String,
    has_target_branch: Bool,
    target_branch: String,
    branch_is_protected: Bool,
    target_branch_is_protected: Bool,
  };
  entity Group, Graph, Server;
  entity Actor in [Group];
  action "read", "export", "change", "schema_apply", "branch_create", "branch_delete", "branch_merge", "invoke_query", "admin"
    appliesTo { principal: Actor, resource: Graph, context: Request };
  action "graph_list" appliesTo { principal: Actor, resource: Server, context: Request };
}
`;

interface EntityUid {
  readonly type: string;
  readonly id: string;
}

interface CedarEntity {
  readonly uid: EntityUid;
  readonly attrs: Readonly<Record<string, never>>;
  readonly parents: readonly EntityUid[];
}

/** A policy in Cedar's JSON format. */
interface CedarPolicy {
  readonly effect: 'permit';
  readonly principal: { readonly op: 'in'; readonly entity: EntityUid };
  readonly action: { readonly op: '=='; readonly entity: EntityUid };
  readonly resource: { readonly op: '=='; readonly entity: EntityUid };
  readonly conditions: readonly { readonly kind: 'when'; readonly body: CedarExpression }[];
}

type CedarExpression =
  | { readonly Value: boolean }
  | { readonly Var: 'context' }
  | { readonly '.': { readonly left: CedarExpression; readonly attr: string } }
  | { readonly '!': { readonly arg: CedarExpression } }
  | { readonly '&&': { readonly left: CedarExpression; readonly right: CedarExpression } };

interface CedarTranslation {
  readonly policies: ReadonlyMap<string, CedarPolicy>;
  /** Cedar policy id → rule id. */
  readonly ruleOf: ReadonlyMap<string, string>;
  readonly entities: readonly CedarEntity[];
}

export const actorUid = (id: string): EntityUid => ({ type: 'Omnigraph::Actor', id });
export const actionUid = (action: PolicyAction): EntityUid => ({ type: 'Omnigraph::Action', id: action });
const groupUid = (id: string): EntityUid => ({ type: 'Omnigraph::Group', id });

/** `graph_list` acts on the one server, everything else on the graph the bundle was compiled for. */
export const resourceUid = (action: PolicyAction, label: string): EntityUid =>
  kindOf(action) === 'server' ? { type: 'Omnigraph::Server', id: 'root' } : { type: 'Omnigraph::Graph', id: label };

/** `label`: the graph id, or `root` for a server bundle. */
export function translateToCedar(bundle: PolicyBundle, label: string): CedarTranslation {
  const policies = new Map<string, CedarPolicy>();
  const ruleOf = new Map<string, string>();
  for (const rule of bundle.rules) {
    for (const action of rule.actions) {
      const id = `${rule.id}:${action}`;
      policies.set(id, permit(rule, action, label));
      ruleOf.set(id, rule.id);
    }
  }
  return { policies, ruleOf, entities: entitiesOf(bundle, label) };
}

export interface BranchPair {
  readonly branch?: string;
  readonly targetBranch?: string;
}

/** All six context fields, always (§5.4.6). */
export function cedarContext(bundle: PolicyBundle, pair: BranchPair): Readonly<Record<string, boolean | string>> {
  const isProtected = (branch: string | undefined): boolean =>
    branch !== undefined && bundle.protectedBranches.includes(branch);
  return {
    has_branch: pair.branch !== undefined,
    branch: pair.branch ?? '',
    has_target_branch: pair.targetBranch !== undefined,
    target_branch: pair.targetBranch ?? '',
    branch_is_protected: isProtected(pair.branch),
    target_branch_is_protected: isProtected(pair.targetBranch),
  };
}

/** `server` bundles are compiled under the label `root`, graph bundles under the graph's id (§5.2). */
export const cedarLabel = (kind: PolicyKind, graphId: string): string => (kind === 'server' ? 'root' : graphId);

function permit(rule: PolicyRule, action: PolicyAction, label: string): CedarPolicy {
  return {
    effect: 'permit',
    principal: { op: 'in', entity: groupUid(rule.group) },
    action: { op: '==', entity: actionUid(action) },
    resource: { op: '==', entity: resourceUid(action, label) },
    conditions: conditionsOf(rule),
  };
}

function conditionsOf(rule: PolicyRule): CedarPolicy['conditions'] {
  const conditions: CedarExpression[] = [];
  if (rule.branchScope !== null) conditions.push(scopeCondition(rule.branchScope, 'has_branch', 'branch_is_protected'));
  if (rule.targetBranchScope !== null) {
    conditions.push(scopeCondition(rule.targetBranchScope, 'has_target_branch', 'target_branch_is_protected'));
  }
  return conditions.map((body) => ({ kind: 'when', body }));
}

/** A request without a branch matches neither `protected` nor `unprotected` (§5.3). */
function scopeCondition(scope: PolicyScope, has: string, isProtected: string): CedarExpression {
  if (scope === 'any') return { Value: true };
  const field = (attr: string): CedarExpression => ({ '.': { left: { Var: 'context' }, attr } });
  const guarded = field(isProtected);
  return { '&&': { left: field(has), right: scope === 'protected' ? guarded : { '!': { arg: guarded } } } };
}

function entitiesOf(bundle: PolicyBundle, label: string): readonly CedarEntity[] {
  const entity = (uid: EntityUid, parents: readonly EntityUid[] = []): CedarEntity => ({ uid, attrs: {}, parents });
  const groupsOf = (actor: string): readonly EntityUid[] =>
    [...bundle.groups].filter(([, members]) => members.includes(actor)).map(([name]) => groupUid(name));
  return [
    ...[...bundle.groups.keys()].map((name) => entity(groupUid(name))),
    ...[...knownActors(bundle)].map((actor) => entity(actorUid(actor), groupsOf(actor))),
    entity({ type: 'Omnigraph::Graph', id: label }),
    entity({ type: 'Omnigraph::Server', id: 'root' }),
  ];
}
