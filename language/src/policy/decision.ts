import type { PolicyAction } from './actions.js';
import type { BranchPair } from './cedar.js';

/** What one question to a compiled bundle came to (policy.md §5.5). */
export interface PolicyDecision {
  readonly allowed: boolean;
  /** Of several rules that allow: the smallest id. `null` on a denial. */
  readonly matchedRuleId: string | null;
  readonly message: string;
}

export interface PolicyQuestion extends BranchPair {
  readonly actor: string;
  readonly action: PolicyAction;
}

/** The stable texts of §5.5, which clients match on. */
export const decisionMessage = {
  allowed: ({ action, actor }: PolicyQuestion): string => `policy allowed action '${action}' for actor '${actor}'`,
  denied: ({ action, actor, branch, targetBranch }: PolicyQuestion): string =>
    `policy denied action '${action}'${branch === undefined ? '' : ` on branch '${branch}'`}${
      targetBranch === undefined ? '' : ` targeting branch '${targetBranch}'`
    } for actor '${actor}'`,
  unknownActor: ({ action, actor }: PolicyQuestion): string =>
    `policy denied action '${action}' for unknown actor '${actor}'`,
} as const;
