import type { ObserveReport } from 'omnigraph-language';
import { observeCluster } from './observe-cluster.js';
import type { ControlOptions } from './runtime.js';

/** `cluster refresh`: records what is observably there in the existing ledger. Contract: cluster.md §16. */
export const refreshCluster = (options: ControlOptions): Promise<ObserveReport> => observeCluster('refresh', options);
