/** Everything the editor does for policy bundles and their tests. */
import type { Feature } from '../feature.js';
import { policyActions, policyTestsActions } from './actions.js';
import { policyCompletion, policyTestsCompletion } from './completion.js';
import { policyGroups } from './groups.js';
import { policyHover, policyTestsHover } from './hover.js';
import { policyLenses } from './lenses.js';
import { policyOutline, policyTestsOutline } from './outline.js';
import { policyTestCases } from './tests.js';

export { type MatrixActor, type MatrixCell, type PolicyMatrix, policyMatrix } from './matrix.js';

const policyDiagnostics: Feature<'policy'> = () => ({
  'omnigraph/diagnose': ({ checked }) => checked.diagnostics,
});

export const policyFeatures: readonly Feature<'policy'>[] = [
  policyDiagnostics,
  policyCompletion,
  policyHover,
  policyGroups,
  policyActions,
  policyLenses,
  policyOutline,
];

export const policyTestsFeatures: readonly Feature<'policy-tests'>[] = [
  policyTestCases,
  policyTestsCompletion,
  policyTestsHover,
  policyTestsActions,
  policyTestsOutline,
];
