/**
 * The cases of a policy tests file, each with what the policy beside it decides (policy.md §9). A tests file
 * `gate.policy.tests.yaml` is about `gate.policy.yaml` in the same folder.
 */
import type { SourceRange } from '../../diagnostics/index.js';
import { evaluateBundle, type PolicyBundle } from '../../policy/index.js';
import { nameOf, parentUri, resolvePath } from '../uris.js';
import type { Workspace } from '../workspace.js';
import { documentOf } from './request.js';

export interface PolicyTestResult {
  readonly id: string;
  readonly range: SourceRange;
  readonly expected: 'allow' | 'deny';
  readonly actual: 'allow' | 'deny';
  /** Why, in the words of `omnigraph policy explain`. */
  readonly message: string;
}

export type PolicyTestResults =
  | { readonly kind: 'results'; readonly policy: string; readonly cases: readonly PolicyTestResult[] }
  /** The cases cannot be decided: `reason` says what is wrong with the file or its policy. */
  | { readonly kind: 'undecided'; readonly reason: string };

/** `{ uri }` of a tests document → its cases. */
export async function policyTestResults(workspace: Workspace, params: unknown): Promise<PolicyTestResults> {
  const { uri, checked } = await documentOf(workspace, params, 'policy-tests');
  if (checked.value === undefined) return undecided(checked.diagnostics[0]?.message ?? 'the file has errors');
  const policy = policyOf(uri);
  const document = await workspace.load(policy);
  if (document?.kind !== 'policy') return undecided(`there is no policy ${nameOf(policy)} beside the tests`);
  const bundle: PolicyBundle | undefined = document.checked.value;
  if (bundle === undefined) {
    return undecided(
      `${nameOf(policy)} has errors: ${document.checked.diagnostics[0]?.message ?? 'it cannot be read'}`,
    );
  }
  const cases = checked.value.map(({ id, range, expect: expected, question }): PolicyTestResult => {
    const { allowed, message } = evaluateBundle(bundle, question);
    return { id, range, expected, actual: allowed ? 'allow' : 'deny', message };
  });
  return { kind: 'results', policy, cases };
}

const undecided = (reason: string): PolicyTestResults => ({ kind: 'undecided', reason });

const policyOf = (testsUri: string): string =>
  resolvePath(parentUri(testsUri) ?? testsUri, nameOf(testsUri).replace(/\.tests(\.ya?ml)$/, '$1'));
