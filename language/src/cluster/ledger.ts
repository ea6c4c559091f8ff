/**
 * The ledger, `__cluster/state.json`: the record of what has been applied, and the only thing a server serves.
 * Contract: cluster.md §8.1. Member names and their order are those of the stored document.
 */
import { sortedMap } from './address.js';
import type { BlobPolicy } from './blob-policy.js';
import type { EmbeddingProfile } from './config.js';
import { type JsonValue, prettyJson } from './json-text.js';

export interface LedgerResource {
  readonly digest: string;
  /** Policies: normalized bindings, `cluster` or `graph.<id>`. */
  readonly applies_to?: readonly string[];
  /** Graphs: address of the bound provider. */
  readonly embedding_provider?: string;
  /** Providers: the profile as written, its secret an unresolved `${NAME}`. */
  readonly embedding_profile?: EmbeddingProfile;
  /** Graphs: absent means Deny. */
  readonly external_blob_policy?: BlobPolicy;
}

export type ResourceState = 'pending' | 'planned' | 'applying' | 'applied' | 'drifted' | 'blocked' | 'error';

export interface ResourceStatus {
  readonly status: ResourceState;
  /** Left out of the document when empty. */
  readonly conditions?: readonly string[];
  readonly message?: string;
}

export interface AppliedRevision {
  /** Digest of the desired revision that import saw or that apply converged on. */
  readonly config_digest: string | null;
  readonly resources: ReadonlyMap<string, LedgerResource>;
}

export interface Ledger {
  readonly version: 1;
  readonly state_revision: number;
  readonly applied_revision: AppliedRevision;
  readonly resource_statuses: ReadonlyMap<string, ResourceStatus>;
  /** By approval id: `{consumed_at, consumed_by_operation}`. */
  readonly approval_records: ReadonlyMap<string, JsonValue>;
  /** By operation id: `{kind, graph_id, outcome, recovered_at, actor}`. */
  readonly recovery_records: ReadonlyMap<string, JsonValue>;
  /** By address: §16 observations and tombstones. */
  readonly observations: ReadonlyMap<string, JsonValue>;
}

/** A ledger in which nothing is applied: what import starts from (§16). */
export const emptyLedger = (configDigest: string | null): Ledger => ({
  version: 1,
  state_revision: 0,
  applied_revision: { config_digest: configDigest, resources: new Map() },
  resource_statuses: new Map(),
  approval_records: new Map(),
  recovery_records: new Map(),
  observations: new Map(),
});

/** The stored bytes of a ledger, as text: pretty JSON, maps sorted, empty `conditions` left out (§8). */
export function serializeLedger(ledger: Ledger): string {
  const { applied_revision: applied } = ledger;
  return prettyJson({
    version: ledger.version,
    state_revision: ledger.state_revision,
    applied_revision: {
      config_digest: applied.config_digest,
      resources: mapValues(applied.resources, orderedResource),
    },
    resource_statuses: mapValues(ledger.resource_statuses, orderedStatus),
    approval_records: ledger.approval_records,
    recovery_records: ledger.recovery_records,
    observations: ledger.observations,
  });
}

const orderedResource = (resource: LedgerResource): LedgerResource => ({
  digest: resource.digest,
  ...(resource.applies_to && { applies_to: resource.applies_to }),
  ...(resource.embedding_provider !== undefined && { embedding_provider: resource.embedding_provider }),
  ...(resource.embedding_profile && { embedding_profile: orderedProfile(resource.embedding_profile) }),
  ...(resource.external_blob_policy && { external_blob_policy: orderedPolicy(resource.external_blob_policy) }),
});

const orderedProfile = (profile: EmbeddingProfile): EmbeddingProfile => ({
  ...(profile.kind !== undefined && { kind: profile.kind }),
  ...(profile.base_url !== undefined && { base_url: profile.base_url }),
  ...(profile.model !== undefined && { model: profile.model }),
  ...(profile.api_key !== undefined && { api_key: profile.api_key }),
});

const orderedPolicy = ({ mode, bases }: BlobPolicy): BlobPolicy => ({
  mode,
  bases: bases.map(({ uri, scope }) => ({ uri, scope })),
});

const orderedStatus = ({ status, conditions, message }: ResourceStatus): ResourceStatus => ({
  status,
  ...(conditions && conditions.length > 0 && { conditions }),
  ...(message !== undefined && { message }),
});

const mapValues = <A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): ReadonlyMap<string, B> =>
  sortedMap([...map].map(([key, value]) => [key, change(value)] as const));
