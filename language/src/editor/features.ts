/** The table of contents: every feature of every kind of document. A kind's features live in the folder of its name. */
import type { FeatureSet } from './feature.js';
import { panelFeature } from './panels/index.js';

export const FEATURES: FeatureSet = {
  schema: [],
  query: [],
  cluster: [],
  policy: [],
  'policy-tests': [],
  workspace: [panelFeature],
};
