import type { SourceRange } from '../diagnostics/index.js';
import type { PolicyAction, PolicyKind, PolicyScope } from './actions.js';

/** A policy bundle as written (policy.md §3). Every rule permits; what no rule permits is denied. */
export interface PolicyBundle {
  /** The author's assertion `kind:`; the kind itself comes from the binding alone. */
  readonly assertedKind: PolicyKind | null;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly protectedBranches: readonly string[];
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  readonly id: string;
  readonly group: string;
  readonly actions: readonly PolicyAction[];
  readonly branchScope: PolicyScope | null;
  readonly targetBranchScope: PolicyScope | null;
  readonly range: SourceRange;
}

/** Every actor of any group: anyone else is "unknown" and denied (policy.md §5.5). */
export function knownActors(bundle: PolicyBundle): ReadonlySet<string> {
  return new Set([...bundle.groups.values()].flat());
}
