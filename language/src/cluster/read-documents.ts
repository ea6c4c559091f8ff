/** Reads the lock, recovery sidecars and approvals. Contract: cluster.md §8.2–8.4 and §14 (H4). */

import type { Checked, Diagnostic, Severity } from '../diagnostics/index.js';
import { isResourceId } from './address.js';
import { clusterDiagnostic, clusterWarning } from './cluster-diagnostic.js';
import type { ClusterCode } from './codes.js';
import { type Approval, LOCK_OPERATIONS, type LockDocument, type Sidecar } from './documents.js';
import { LOCK_KEY } from './layout.js';
import { decodeJson, type JsonObject } from './strict-json.js';

/**
 * The lock document; exactly its five members. Codes `invalid_state_lock` and `unsupported_state_lock_version`: warnings
 * in status, errors in force-unlock.
 */
export function parseLock(
  text: string,
  severity: Extract<Severity, 'error' | 'warning'>,
): Checked<LockDocument | undefined> {
  const invalid = (code: ClusterCode, message: string): Checked<undefined> => ({
    value: undefined,
    diagnostics: [
      clusterDiagnostic(severity, code, LOCK_KEY, message, {
        remedy: 'make sure that no cluster command is running, then remove the file by hand',
      }),
    ],
  });
  const reading = decodeJson(text, (document): LockDocument | number => {
    const version = document.integer('version');
    if (version !== 1) return version;
    const lock: LockDocument = {
      version,
      lock_id: document.string('lock_id'),
      operation: document.oneOf('operation', LOCK_OPERATIONS),
      created_at: document.string('created_at'),
      pid: document.integer('pid'),
    };
    document.close();
    return lock;
  });
  if (reading.kind !== 'value') return invalid('invalid_state_lock', `the lock is malformed: ${reading.message}`);
  if (typeof reading.value === 'number') {
    return invalid('unsupported_state_lock_version', `lock version ${reading.value} is not 1`);
  }
  return { value: reading.value, diagnostics: [] };
}

export type SidecarReading =
  | { readonly kind: 'sidecar'; readonly sidecar: Sidecar }
  /** Well formed, but it names no graph: whose recovery is pending is unknown. */
  | { readonly kind: 'unattributed'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'invalid'; readonly diagnostic: Diagnostic };

/**
 * A recovery sidecar. `stem` is the file's name without `.json`, `location` its place for messages. Codes, all warnings:
 * `invalid_recovery_sidecar`, `unsupported_recovery_sidecar_version`.
 */
export function parseSidecar(text: string, stem: string, location: string): SidecarReading {
  const invalid = (code: ClusterCode, message: string): SidecarReading => ({
    kind: 'invalid',
    diagnostic: clusterWarning(code, location, message, {
      remedy: 'the file is left in place; inspect the graph it is about before removing it',
    }),
  });
  const reading = decodeJson(text, (document): Sidecar | number => {
    const version = document.integer('schema_version');
    if (version !== 1) return version;
    return readSidecar(document);
  });
  if (reading.kind !== 'value') return invalid('invalid_recovery_sidecar', `malformed: ${reading.message}`);
  if (typeof reading.value === 'number') {
    return invalid('unsupported_recovery_sidecar_version', `sidecar version ${reading.value} is not 1`);
  }
  const sidecar = reading.value;
  if (sidecar.operation_id !== stem) {
    return invalid('invalid_recovery_sidecar', `operation_id "${sidecar.operation_id}" is not the file's name`);
  }
  if (sidecar.graph_id.trim() === '') {
    return {
      kind: 'unattributed',
      diagnostic: clusterWarning('invalid_recovery_sidecar', location, 'graph_id is blank', {
        remedy: 'inspect the cluster and remove the file by hand',
      }),
    };
  }
  if (!isResourceId(sidecar.graph_id)) {
    return invalid('invalid_recovery_sidecar', `"${sidecar.graph_id}" is not a graph id`);
  }
  return { kind: 'sidecar', sidecar };
}

function readSidecar(document: JsonObject): Sidecar {
  const sidecar: Sidecar = {
    schema_version: 1,
    operation_id: document.string('operation_id'),
    started_at: document.string('started_at'),
    actor: document.nullableString('actor'),
    kind: document.oneOf('kind', ['graph_create', 'schema_apply', 'graph_delete']),
    graph_id: document.string('graph_id'),
    graph_uri: document.string('graph_uri'),
    observed_manifest_version: document.nullableInteger('observed_manifest_version'),
    expected_manifest_version: document.nullableInteger('expected_manifest_version'),
    desired_schema_digest: document.string('desired_schema_digest'),
    state_cas_base: document.nullableString('state_cas_base'),
  };
  const approvalId = document.nullableString('approval_id');
  document.close();
  return approvalId === null ? sidecar : { ...sidecar, approval_id: approvalId };
}

/**
 * An approval artifact; a bad one authorizes nothing. Codes, all warnings at `location`: `invalid_approval_artifact`,
 * `unsupported_approval_version`.
 */
export function parseApproval(text: string, location: string): Checked<Approval | undefined> {
  const invalid = (code: ClusterCode, message: string): Checked<undefined> => ({
    value: undefined,
    diagnostics: [
      clusterWarning(code, location, message, {
        remedy: 'it authorizes nothing; approve again with `omnigraph cluster approve`',
      }),
    ],
  });
  const reading = decodeJson(text, (document): Approval | number => {
    const version = document.integer('schema_version');
    if (version !== 1) return version;
    const approval: Approval = {
      schema_version: version,
      approval_id: document.string('approval_id'),
      resource: document.string('resource'),
      operation: document.oneOf('operation', ['create', 'update', 'delete']),
      reason: document.string('reason'),
      bound_config_digest: document.string('bound_config_digest'),
      bound_before_digest: document.nullableString('bound_before_digest'),
      bound_after_digest: document.nullableString('bound_after_digest'),
      approved_by: document.string('approved_by'),
      created_at: document.string('created_at'),
      consumed_at: document.nullableString('consumed_at'),
      consumed_by_operation: document.nullableString('consumed_by_operation'),
    };
    document.close();
    return approval;
  });
  if (reading.kind !== 'value') return invalid('invalid_approval_artifact', `malformed: ${reading.message}`);
  if (typeof reading.value === 'number') {
    return invalid('unsupported_approval_version', `approval version ${reading.value} is not 1`);
  }
  return { value: reading.value, diagnostics: [] };
}
