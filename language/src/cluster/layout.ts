/** Where things lie below a storage root, on disk and on S3 alike. Contract: cluster.md §2. */
export const STATE_KEY = '__cluster/state.json';
export const LOCK_KEY = '__cluster/lock.json';
export const RECOVERIES_PREFIX = '__cluster/recoveries';
export const APPROVALS_PREFIX = '__cluster/approvals';
export const CONFIG_FILE = 'cluster.yaml';

export const queryBlobKey = (graph: string, query: string, digest: string): string =>
  `__cluster/resources/query/${graph}/${query}/${digest}.gq`;

export const policyBlobKey = (policy: string, digest: string): string =>
  `__cluster/resources/policy/${policy}/${digest}.yaml`;

export const recoveryKey = (operationId: string): string => `${RECOVERIES_PREFIX}/${operationId}.json`;

export const approvalKey = (approvalId: string): string => `${APPROVALS_PREFIX}/${approvalId}.json`;

/** The copy of an unparseable ledger that import leaves behind (H13). */
export const corruptStateKey = (id: string): string => `__cluster/state.corrupt-${id}.json`;

export const graphRootKey = (graph: string): string => `graphs/${graph}.omni`;
