/**
 * Reads `__cluster/state.json`. Contract: cluster.md §8.1. Three outcomes, because import may replace a document that
 * is no JSON at all (H13) but never one that is merely refused.
 */

import type { Diagnostic } from '../diagnostics/index.js';
import type { BlobPolicy } from './blob-policy.js';
import { clusterError } from './cluster-diagnostic.js';
import type { ClusterCode } from './codes.js';
import type { EmbeddingProfile } from './config.js';
import type { JsonValue } from './json-text.js';
import { STATE_KEY } from './layout.js';
import type { AppliedRevision, Ledger, LedgerResource, ResourceState, ResourceStatus } from './ledger.js';
import { decodeJson, JsonObject } from './strict-json.js';

export type LedgerReading =
  | { readonly kind: 'ledger'; readonly ledger: Ledger }
  | { readonly kind: 'not_json'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic };

const RESTORE = 'restore the ledger from a trusted copy, or move the file aside and run `omnigraph cluster import`';

/**
 * Parses the text of a ledger. Codes: `invalid_state_json`, `unsupported_state_version`,
 * `conflicting_graph_manifest_observation`, all errors at `__cluster/state.json`.
 */
export function parseLedger(text: string): LedgerReading {
  const reading = decodeJson(text, (document): LedgerReading => {
    const version = document.integer('version');
    if (version !== 1) {
      return refused(
        'unsupported_state_version',
        `ledger version ${version} is not 1`,
        'use the release of omnigraph that wrote it, or restore the ledger from a trusted copy',
      );
    }
    const ledger = readLedger(document);
    const conflict = conflictingObservation(ledger.observations);
    if (conflict !== undefined) {
      return refused(
        'conflicting_graph_manifest_observation',
        `observation "${conflict}" has both manifest_version and graph_manifest_version, and they differ`,
        RESTORE,
      );
    }
    const observations = new Map([...ledger.observations].map(([key, value]) => [key, foldManifestVersion(value)]));
    return { kind: 'ledger', ledger: { ...ledger, observations } };
  });
  switch (reading.kind) {
    case 'value':
      return reading.value;
    case 'not_json':
      return {
        kind: 'not_json',
        diagnostic: clusterError('invalid_state_json', STATE_KEY, `the ledger is not JSON: ${reading.message}`, {
          remedy: 'run `omnigraph cluster import` to rebuild it; its bytes are kept aside',
        }),
      };
    case 'refused':
      return refused('invalid_state_json', `the ledger is not valid: ${reading.message}`, RESTORE);
    default:
      return reading satisfies never;
  }
}

const refused = (code: ClusterCode, message: string, remedy: string): LedgerReading => ({
  kind: 'refused',
  diagnostic: clusterError(code, STATE_KEY, message, { remedy }),
});

function readLedger(document: JsonObject): Ledger {
  const ledger: Ledger = {
    version: 1,
    state_revision: document.optionalInteger('state_revision') ?? 0,
    applied_revision: readApplied(document.object('applied_revision')),
    resource_statuses: document.map('resource_statuses', readStatus),
    approval_records: document.map('approval_records', (value) => value),
    recovery_records: document.map('recovery_records', (value) => value),
    observations: document.map('observations', (value) => value),
  };
  document.close();
  return ledger;
}

function readApplied(object: JsonObject | undefined): AppliedRevision {
  if (object === undefined) return { config_digest: null, resources: new Map() };
  const applied = {
    config_digest: object.nullableString('config_digest'),
    resources: object.map('resources', readResource),
  };
  object.close();
  return applied;
}

function readResource(value: JsonValue, at: string): LedgerResource {
  const object = JsonObject.of(value, at);
  const digest = object.string('digest');
  const appliesTo = object.optionalStrings('applies_to');
  const provider = object.optionalString('embedding_provider');
  const profile = object.object('embedding_profile');
  const policy = object.object('external_blob_policy');
  object.close();
  return {
    digest,
    ...(appliesTo && { applies_to: appliesTo }),
    ...(provider !== undefined && { embedding_provider: provider }),
    ...(profile && { embedding_profile: readProfile(profile) }),
    ...(policy && { external_blob_policy: readPolicy(policy) }),
  };
}

function readProfile(object: JsonObject): EmbeddingProfile {
  const alias = object.optionalString('provider');
  const kind = object.optionalString('kind') ?? alias;
  const baseUrl = object.optionalString('base_url');
  const model = object.optionalString('model');
  const apiKey = object.optionalString('api_key');
  object.close();
  return {
    ...(kind !== undefined && { kind }),
    ...(baseUrl !== undefined && { base_url: baseUrl }),
    ...(model !== undefined && { model }),
    ...(apiKey !== undefined && { api_key: apiKey }),
  };
}

function readPolicy(object: JsonObject): BlobPolicy {
  const mode = object.oneOf('mode', ['allow']);
  const bases = object.objects('bases').map((base) => {
    const read = { uri: base.string('uri'), scope: base.oneOf('scope', ['server_safe', 'embedded_only']) };
    base.close();
    return read;
  });
  if (bases.length === 0) object.refuse('bases', 'must not be empty');
  object.close();
  return { mode, bases };
}

const STATES: readonly ResourceState[] = ['pending', 'planned', 'applying', 'applied', 'drifted', 'blocked', 'error'];

function readStatus(value: JsonValue, at: string): ResourceStatus {
  const object = JsonObject.of(value, at);
  const status = object.oneOf('status', STATES);
  const conditions = object.optionalStrings('conditions');
  const message = object.optionalString('message');
  object.close();
  return {
    status,
    ...(conditions && conditions.length > 0 && { conditions }),
    ...(message !== undefined && { message }),
  };
}

const conflictingObservation = (observations: ReadonlyMap<string, JsonValue>): string | undefined =>
  [...observations].find(([, value]) => {
    if (!isObject(value) || !('manifest_version' in value) || !('graph_manifest_version' in value)) return false;
    return value.manifest_version !== value.graph_manifest_version;
  })?.[0];

/** Old ledgers spell `graph_manifest_version` as `manifest_version`. */
function foldManifestVersion(value: JsonValue): JsonValue {
  if (!isObject(value) || !('manifest_version' in value)) return value;
  const { manifest_version: version = null, ...rest } = value;
  return { ...rest, graph_manifest_version: version };
}

const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
