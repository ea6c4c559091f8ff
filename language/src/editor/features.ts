/** The table of contents: every feature of every kind of document. A kind's features live in the folder of its name. */
import { clusterFeatures } from './cluster/index.js';
import type { FeatureSet } from './feature.js';
import { panelFeature } from './panels/index.js';
import { clusterTree, planPanel } from './plan/index.js';
import { policyFeatures, policyMatrix, policyTestsFeatures } from './policy/index.js';
import { queryFeatures } from './query/index.js';
import { schemaFeatures } from './schema/index.js';
import { workspaceSymbols } from './symbols/index.js';

export const FEATURES: FeatureSet = {
  schema: schemaFeatures,
  query: queryFeatures,
  cluster: clusterFeatures,
  policy: policyFeatures,
  'policy-tests': policyTestsFeatures,
  workspace: [panelFeature, planPanel, clusterTree, policyMatrix, workspaceSymbols],
};
