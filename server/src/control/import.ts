import type { ObserveReport } from 'omnigraph-language';
import { observeCluster } from './observe-cluster.js';
import type { ControlOptions } from './runtime.js';

/** `cluster import`: makes the first ledger, or rebuilds one that is no JSON. Contract: cluster.md §16, H13. */
export const importCluster = (options: ControlOptions): Promise<ObserveReport> => observeCluster('import', options);
