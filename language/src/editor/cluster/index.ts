/** Everything the editor does for `cluster.yaml`. */

import type { Feature } from '../feature.js';
import { planLenses } from '../plan/index.js';
import { clusterActions } from './actions.js';
import { clusterCompletion } from './completion.js';
import { clusterDefinition } from './definition.js';
import { clusterDiagnostics } from './diagnostics.js';
import { clusterHover } from './hover.js';
import { clusterOutline } from './outline.js';
import { clusterRename } from './rename.js';

export const clusterFeatures: readonly Feature<'cluster'>[] = [
  clusterDiagnostics,
  clusterCompletion,
  clusterHover,
  clusterDefinition,
  clusterRename,
  clusterActions,
  clusterOutline,
  planLenses,
];
