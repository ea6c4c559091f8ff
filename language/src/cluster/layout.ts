/** Where things lie below a storage root, on disk and on S3 alike. Contract: cluster.md §2. */
export const STATE_KEY = '__cluster/state.json';
export const LOCK_KEY = '__cluster/lock.json';
export const RECOVERIES_PREFIX = '__cluster/recoveries';
export const APPROVALS_PREFIX = '__cluster/approvals';
export const CATALOG_PREFIX = '__cluster/resources';
export const CLUSTER_PREFIX = '__cluster';
export const CONFIG_FILE = 'cluster.yaml';

export const queryBlobKey = (graph: string, query: string, digest: string): string =>
  `${CATALOG_PREFIX}/query/${graph}/${query}/${digest}.gq`;

export const policyBlobKey = (policy: string, digest: string): string =>
  `${CATALOG_PREFIX}/policy/${policy}/${digest}.yaml`;

export const recoveryKey = (operationId: string): string => `${RECOVERIES_PREFIX}/${operationId}.json`;

export const approvalKey = (approvalId: string): string => `${APPROVALS_PREFIX}/${approvalId}.json`;

const BLOB = /^__cluster\/resources\/(?:query\/[^/]+\/[^/]+\/[0-9a-f]{64}\.gq|policy\/[^/]+\/[0-9a-f]{64}\.yaml)$/;

/** Whether a key is that of a catalog blob; anything else in the catalog's folder was put there by someone else. */
export const isBlobKey = (key: string): boolean => BLOB.test(key);

/** The copy of an unparseable ledger that import leaves behind (H13). */
export const corruptStateKey = (id: string): string => `__cluster/state.corrupt-${id}.json`;

export const graphRootKey = (graph: string): string => `graphs/${graph}.omni`;

const CORRUPT_STATE = /^__cluster\/state\.corrupt-[0-9A-HJKMNP-TV-Z]{26}\.json$/;

/** Whether a key is that of such a copy. */
export const isCorruptStateKey = (key: string): boolean => CORRUPT_STATE.test(key);
