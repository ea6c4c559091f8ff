/** Policy tests while they are written: each case with what the policy beside it decides (policy.md §9). */
import type { Diagnostic } from '../../diagnostics/index.js';
import type { PolicyDocument, PolicyTestsDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { policyTestResults } from '../panels/policy-tests.js';
import { nameOf, parentUri, resolvePath } from '../uris.js';
import type { Workspace } from '../workspace.js';

export const policyTestCases: Feature<'policy-tests'> = ({ workspace, settings }) => ({
  'omnigraph/diagnose': async (document) => [
    ...document.checked.diagnostics,
    ...(document.checked.value === undefined ? [] : await failures(document, workspace)),
  ],

  'textDocument/inlayHint': async (document, { range }) => {
    if (!settings().inlayHints.enabled) return null;
    const results = await policyTestResults(workspace, { uri: document.uri });
    if (results.kind === 'undecided') return null;
    return results.cases
      .filter((each) => each.range.start.line >= range.start.line && each.range.start.line <= range.end.line)
      .map(({ range: place, expected, actual, message }) => ({
        position: place.end,
        label: expected === actual ? `✓ ${actual}` : `✗ ${actual}`,
        paddingLeft: true,
        tooltip: message,
      }));
  },
});

async function failures(document: PolicyTestsDocument, workspace: Workspace): Promise<readonly Diagnostic[]> {
  const results = await policyTestResults(workspace, { uri: document.uri });
  if (results.kind === 'undecided') {
    const remedy = `the tests of ${nameOf(document.uri)} are about ${nameOf(policyUri(document.uri))}`;
    const range = document.lines.range(0, 0);
    return [
      { code: 'policy-tests-undecided', severity: 'info', message: results.reason, remedy, uri: document.uri, range },
    ];
  }
  return results.cases.flatMap(({ id, range, expected, actual, message }) => {
    if (expected === actual) return [];
    const verdict = `${id}: expected ${expected === 'allow' ? 'Allow' : 'Deny'} but got ${actual}`;
    return [
      {
        code: 'policy-test-failed',
        severity: 'error',
        stage: 'Y',
        message: verdict,
        remedy: message,
        uri: document.uri,
        range,
      },
    ];
  });
}

/** `gate.policy.tests.yaml` is about `gate.policy.yaml`. */
const policyUri = (uri: string): string =>
  resolvePath(parentUri(uri) ?? uri, nameOf(uri).replace(/\.tests(\.ya?ml)$/, '$1'));

/** The policy that a tests file is about, when there is one. */
export async function policyBeside(
  { uri }: PolicyTestsDocument,
  workspace: Workspace,
): Promise<PolicyDocument | undefined> {
  const document = await workspace.load(policyUri(uri));
  return document?.kind === 'policy' ? document : undefined;
}
