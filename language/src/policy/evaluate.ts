/**
 * Decisions of a bundle without Cedar, for places that cannot load it: the editor above all (policy.md §5.3 and §5.5).
 * The server decides with Cedar alone; a property test keeps the two equal.
 */
import type { PolicyScope } from './actions.js';
import { knownActors, type PolicyBundle, type PolicyRule } from './bundle.js';
import { decisionMessage, type PolicyDecision, type PolicyQuestion } from './decision.js';

/** What Cedar decides about this question to this bundle, the matched rule and the message included. */
export function evaluateBundle(bundle: PolicyBundle, question: PolicyQuestion): PolicyDecision {
  if (!knownActors(bundle).has(question.actor)) {
    return { allowed: false, matchedRuleId: null, message: decisionMessage.unknownActor(question) };
  }
  const matched = bundle.rules.filter((rule) => permits(rule, question, bundle)).map((rule) => rule.id);
  const [smallest] = matched.sort();
  if (smallest === undefined) {
    return { allowed: false, matchedRuleId: null, message: decisionMessage.denied(question) };
  }
  return { allowed: true, matchedRuleId: smallest, message: decisionMessage.allowed(question) };
}

function permits(rule: PolicyRule, question: PolicyQuestion, bundle: PolicyBundle): boolean {
  return (
    rule.actions.includes(question.action) &&
    (bundle.groups.get(rule.group)?.includes(question.actor) ?? false) &&
    covers(rule.branchScope, question.branch, bundle) &&
    covers(rule.targetBranchScope, question.targetBranch, bundle)
  );
}

/** A question without a branch is covered by `any` and by no scope at all, never by the other two. */
function covers(scope: PolicyScope | null, branch: string | undefined, bundle: PolicyBundle): boolean {
  switch (scope) {
    case null:
    case 'any':
      return true;
    case 'protected':
      return branch !== undefined && bundle.protectedBranches.includes(branch);
    case 'unprotected':
      return branch !== undefined && !bundle.protectedBranches.includes(branch);
    default:
      return scope satisfies never;
  }
}
