import type { ReadTarget } from '../engine/index.js';
import type { ServedGraph } from './context.js';
import { badRequest } from './http-error.js';

/** Trimmed before use and before authorization alike (policy.md §5.5); absent means main. */
export function branchOf(value: string | null | undefined): string {
  if (value === undefined || value === null) return 'main';
  const branch = value.trim();
  if (branch === '') throw badRequest('branch name cannot be empty');
  return branch;
}

export function readTarget(branch: string | null | undefined, snapshot: string | null | undefined): ReadTarget {
  const wanted = snapshot ?? undefined;
  if (wanted === undefined) return { branch: branchOf(branch) };
  if ((branch ?? undefined) !== undefined) throw badRequest('`branch` and `snapshot` exclude each other');
  return { snapshot: wanted };
}

/** The branch a read is judged by: a snapshot counts as the branch its commit was made on, else main (policy.md §6.2). */
export async function judgedBranch(served: ServedGraph, target: ReadTarget): Promise<string> {
  if ('branch' in target) return target.branch;
  const commit = await served.graph.commit(target.snapshot).catch(() => undefined);
  return commit?.graph_branch ?? 'main';
}
