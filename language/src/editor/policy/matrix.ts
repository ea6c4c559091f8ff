/**
 * Who may do what: every known actor against every action and class of branch, decided as the server decides.
 * `omnigraph/policyMatrix`: `{ uri }` of a policy → `PolicyMatrix`.
 */
import {
  evaluateBundle,
  kindOf,
  knownActors,
  POLICY_ACTIONS,
  type PolicyAction,
  type PolicyBundle,
  type PolicyQuestion,
  scopeKeyOf,
} from '../../policy/index.js';
import type { PolicyDocument } from '../documents.js';
import { RequestRefused, type WorkspaceFeature } from '../feature.js';
import { uriIn } from '../plan/index.js';

/** A request that names a protected branch, another branch, or none. */
export type BranchClass = 'protected' | 'unprotected' | 'none';

export interface PolicyMatrix {
  readonly uri: string;
  readonly binding: PolicyDocument['binding'];
  readonly protectedBranches: readonly string[];
  readonly actions: readonly MatrixAction[];
  /** In code-unit order of the ids. */
  readonly actors: readonly MatrixActor[];
  /** What is wrong with the bundle; there is no matrix then. */
  readonly problem: string | null;
}

interface MatrixAction {
  readonly action: PolicyAction;
  /** For which requests the answer may differ. */
  readonly classes: readonly BranchClass[];
}

export interface MatrixActor {
  readonly actor: string;
  readonly groups: readonly string[];
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  readonly action: PolicyAction;
  readonly branch: BranchClass;
  readonly allowed: boolean;
  readonly rule: string | null;
}

export const policyMatrix: WorkspaceFeature = ({ workspace }) => ({
  custom: new Map([
    [
      'omnigraph/policyMatrix',
      async (params: unknown): Promise<PolicyMatrix> => {
        const document = await workspace.load(uriIn(params));
        if (document?.kind !== 'policy') throw new RequestRefused('the request needs the `uri` of a policy');
        return matrixOf(document);
      },
    ],
  ]),
});

export function matrixOf({ uri, binding, checked }: PolicyDocument): PolicyMatrix {
  const bundle = checked.value;
  if (bundle === undefined) {
    const problem = checked.diagnostics[0]?.message ?? 'the bundle cannot be read';
    return { uri, binding, protectedBranches: [], actions: [], actors: [], problem };
  }
  const actions = actionsFor(bundle, binding).map((action) => ({ action, classes: classesOf(action) }));
  const actors = [...knownActors(bundle)].sort().map((actor) => ({
    actor,
    groups: [...bundle.groups].flatMap(([name, members]) => (members.includes(actor) ? [name] : [])),
    cells: actions.flatMap(({ action, classes }) => classes.map((branch) => cellOf(bundle, actor, action, branch))),
  }));
  return { uri, binding, protectedBranches: bundle.protectedBranches, actions, actors, problem: null };
}

/** Actions that a bundle of its kind may permit; of a bundle without a binding, those of what it permits. */
function actionsFor(bundle: PolicyBundle, binding: PolicyDocument['binding']): readonly PolicyAction[] {
  if (binding !== 'either') return POLICY_ACTIONS.filter((action) => kindOf(action) === binding);
  const kinds = new Set(bundle.rules.flatMap(({ actions }) => actions.map(kindOf)));
  return POLICY_ACTIONS.filter((action) => kinds.size === 0 || kinds.has(kindOf(action)));
}

function classesOf(action: PolicyAction): readonly BranchClass[] {
  switch (scopeKeyOf(action)) {
    case 'branch_scope':
      return ['protected', 'unprotected', 'none'];
    case 'target_branch_scope':
      return ['protected', 'unprotected'];
    case undefined:
      return ['none'];
  }
}

function cellOf(bundle: PolicyBundle, actor: string, action: PolicyAction, branch: BranchClass): MatrixCell {
  const name = branchOf(branch, bundle);
  // Without a protected branch there is nothing to ask about.
  if (branch === 'protected' && name === undefined) return { action, branch, allowed: false, rule: null };
  const place: Pick<PolicyQuestion, 'branch' | 'targetBranch'> =
    name === undefined ? {} : scopeKeyOf(action) === 'branch_scope' ? { branch: name } : { targetBranch: name };
  const { allowed, matchedRuleId } = evaluateBundle(bundle, { actor, action, ...place });
  return { action, branch, allowed, rule: matchedRuleId };
}

/** One branch stands for its class, since nothing else of its name counts (policy.md §5.3). */
function branchOf(branch: BranchClass, { protectedBranches }: PolicyBundle): string | undefined {
  switch (branch) {
    case 'protected':
      return protectedBranches[0];
    case 'unprotected':
      return `${protectedBranches.join('')}-`;
    case 'none':
      return undefined;
    default:
      return branch satisfies never;
  }
}
