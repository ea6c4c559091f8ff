/**
 * Every diagnostic code of cluster configuration and control plane, with what it says. Contract: cluster.md §4, §17 and
 * §20. The constructors accept no other code, and the user's reference is checked against this table.
 */

/** When a code may appear: loading configuration, running a command, or booting a server. */
export type CodeArea = 'configuration' | 'command' | 'boot';

export interface CodeEntry {
  readonly area: CodeArea;
  readonly meaning: string;
}

const configuration = (meaning: string): CodeEntry => ({ area: 'configuration', meaning });
const command = (meaning: string): CodeEntry => ({ area: 'command', meaning });
const boot = (meaning: string): CodeEntry => ({ area: 'boot', meaning });

const CODES = {
  config_dir_not_found: configuration('the config directory does not exist or is no directory'),
  cluster_config_read_error: configuration('cluster.yaml cannot be read'),
  duplicate_yaml_key: configuration('a key is repeated in one mapping'),
  future_phase_field: configuration('a top-level key is reserved'),
  removed_streaming_declaration: configuration('a graph declares streaming, which no longer exists'),
  invalid_cluster_yaml: configuration('malformed YAML, an unknown or missing field, or a value of another type'),
  unsupported_cluster_config_version: configuration('version is not 1'),
  empty_metadata_name: configuration('metadata.name is blank'),
  unsupported_state_backend: configuration('state.backend is not cluster'),
  invalid_storage_root: configuration('storage names no usable root'),
  invalid_resource_id: configuration('a graph, provider, query or policy has an illegal name'),
  invalid_embedding_provider: configuration('an embedding provider is of unknown kind'),
  embedding_api_key_inline: configuration('an API key stands in the configuration instead of a reference'),
  embedding_api_key_required: configuration('an embedding provider lacks the reference to its API key'),
  dangling_embedding_provider_reference: configuration('a graph names an embedding provider that is not declared'),
  wrong_kind_reference: configuration('a reference names a resource of another kind'),
  invalid_external_blob_base: configuration('an external blob base is not acceptable'),
  invalid_external_blob_policy: configuration('external blob bases overlap'),
  schema_file_missing: configuration('a schema file cannot be read as UTF-8'),
  schema_parse_error: configuration('a schema does not parse'),
  schema_catalog_error: configuration('a schema parses but is not valid'),
  query_dir_unreadable: configuration('a query directory cannot be listed'),
  query_dir_empty: configuration('a query directory holds no .gq file'),
  query_file_missing: configuration('a query file cannot be read as UTF-8'),
  query_parse_error: configuration('a query file does not parse'),
  duplicate_query_name: configuration('a graph declares a query name twice'),
  query_key_mismatch: configuration('a file does not declare the query its key names'),
  query_typecheck_error: configuration('a query does not fit the desired schema'),
  query_typecheck_skipped: configuration('a query was not checked because its schema has errors'),
  policy_missing_applies_to: configuration('a policy governs nothing'),
  dangling_graph_reference: configuration('a policy names a graph that is not declared'),
  policy_mixed_binding_kinds: configuration('a policy governs both the cluster and graphs'),
  duplicate_policy_binding: configuration('two policies govern one scope'),
  policy_file_missing: configuration('a policy file cannot be read as UTF-8'),
  policy_invalid: configuration('a policy file is no valid bundle'),
  external_blob_ingress_default_deny: configuration('a graph accepts no external blob reference'),
  graph_id_not_servable: configuration('a graph id is legal but no server can route to it'),

  storage_root_invalid: command('no client for the storage root can be built'),
  state_read_error: command('the ledger cannot be read'),
  state_write_error: command('the ledger cannot be written'),
  state_cas_mismatch: command('another command changed the ledger meanwhile; nothing was recorded'),
  invalid_state_json: command('the ledger is not JSON or not of the expected shape'),
  unsupported_state_version: command('the ledger is of another version'),
  conflicting_graph_manifest_observation: command('an observation carries two different manifest versions'),
  external_blob_policy_digest_mismatch: command('a graph entry does not have the digest its parts give'),
  state_missing: command('there is no ledger yet'),
  state_already_exists: command('import found a ledger'),
  state_ledger_replaced: command('import rebuilt an unparseable ledger and kept its bytes aside'),
  state_lock_held: command('another command holds the lock'),
  state_lock_error: command('the lock cannot be taken'),
  state_lock_missing: command('there is no lock to remove'),
  state_lock_read_error: command('the lock cannot be read'),
  state_lock_id_mismatch: command('the lock is not the one named'),
  state_lock_disabled: command('the lock is switched off'),
  invalid_state_lock: command('the lock file is malformed'),
  unsupported_state_lock_version: command('the lock file is of another version'),
  apply_approval_invariant_violation: command('a gated change was about to run without approval; nothing ran'),
  apply_unsupported_change: command('apply cannot carry out a change and leaves it'),
  apply_dependency_blocked: command('apply holds a change back'),
  graph_create_failed: command('a graph could not be created'),
  graph_create_incomplete: command('a graph root exists but cannot be opened'),
  graph_create_skipped: command('a graph create was skipped after an earlier failure'),
  schema_apply_failed: command('a schema could not be applied'),
  schema_apply_skipped: command('a schema change was skipped after an earlier failure'),
  schema_preview_unavailable: command('a migration cannot be previewed, or apply would refuse it'),
  graph_delete_failed: command('a graph could not be deleted'),
  graph_delete_incomplete: command('a graph delete was interrupted and is proposed again'),
  graph_delete_skipped: command('a graph delete was skipped after an earlier failure'),
  graph_delete_export_in_progress: command('a graph is being exported and cannot be deleted'),
  graph_observation_error: command('graph roots could not be observed'),
  graph_not_applied: command('the named graph is not in the applied revision'),
  policy_unbound_before_graph_delete: command('a policy leaves a graph that stays served until its delete is approved'),
  resource_content_changed: command('a file changed between loading and applying it'),
  resource_payload_write_error: command('a query or policy could not be written to the catalog'),
  catalog_payload_missing: command('a catalog blob is missing'),
  catalog_payload_mismatch: command('a catalog blob does not have its digest'),
  catalog_payload_read_error: command('a catalog blob cannot be read'),
  approval_not_required: command('the named change needs no approval'),
  approval_stale: command('an approval no longer matches what is planned'),
  approval_write_error: command('an approval could not be written'),
  approval_read_error: command('an approval cannot be read'),
  invalid_approval_artifact: command('an approval file is malformed'),
  unsupported_approval_version: command('an approval file is of another version'),
  cluster_recovery_pending: command('an interrupted operation waits for recovery'),
  cluster_recovery_rolled_forward: command('an interrupted operation was recorded as done'),
  recovery_sidecar_read_error: command('recovery files cannot be listed or read'),
  recovery_sidecar_write_error: command('a recovery file could not be written, so the operation did not start'),
  recovery_sidecar_cleanup_failed: command('a recovery file that is no longer needed could not be removed'),
  invalid_recovery_sidecar: command('a recovery file is malformed'),
  unsupported_recovery_sidecar_version: command('a recovery file is of another version'),
  garbage_list_error: command('what lies in storage could not be listed, so nothing was collected'),
  garbage_delete_failed: command('garbage could not be deleted and is still there'),
  garbage_needs_lock: command('collecting garbage needs the lock, which the configuration switches off'),
  injected_failpoint: command('a test made the command fail here'),

  cluster_state_missing: boot('there is no ledger to serve from'),
  cluster_empty: boot('the applied revision has no graph'),
  cluster_no_healthy_graphs: boot('every graph waits for recovery'),
  cluster_recovery_unattributed: boot('a recovery file names no graph'),
  catalog_payload_digest_mismatch: boot('a catalog blob does not have its digest'),
  policy_bindings_missing: boot('a policy has no recorded bindings'),
  unknown_policy_binding: boot('a policy is bound to neither the cluster nor a graph'),
  embedding_provider_missing: boot('a graph is bound to a provider that is not recorded'),
  embedding_provider_profile_missing: boot('a provider has no recorded profile'),
  embedding_provider_digest_mismatch: boot('a recorded provider profile does not have its digest'),
} satisfies Readonly<Record<string, CodeEntry>>;

export type ClusterCode = keyof typeof CODES;

export const CLUSTER_CODES: ReadonlyMap<string, CodeEntry> = new Map(Object.entries(CODES));
