/** One run of apply under its lock: what it works on, and what it has found out and done so far. cluster.md §12. */
import type {
  Approval,
  Change,
  ConfigFolder,
  DesiredRevision,
  Diagnostic,
  GraphOperationFailure,
  Ledger,
  Sidecar,
  SidecarKind,
} from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { graphLocationOf } from './cluster-store.js';
import type { ControlRuntime } from './runtime.js';

export interface ApplyRun {
  readonly desired: DesiredRevision;
  readonly folder: ConfigFolder;
  readonly store: ObjectStore;
  readonly runtime: ControlRuntime;
  readonly actor: string | undefined;
  /** The ledger after the sweep, which the changes were planned against. */
  readonly ledger: Ledger;
  /** `sha256:…` of the ledger the run started from. */
  readonly stateCas: string;
  /** Graph address → the approval its delete runs under. */
  readonly approved: ReadonlyMap<string, Approval>;
  changes: readonly Change[];
  readonly diagnostics: Diagnostic[];
  /** Graph id → what failed or was skipped. Once there is one, no further graph operation of the run starts. */
  readonly failures: Map<string, GraphOperationFailure>;
  /** Own sidecars whose operation succeeded: deleted once the ledger is written. */
  readonly completed: string[];
  readonly deleted: { readonly graph: string; readonly approval: Approval }[];
}

/** The sidecar of an operation about to start. */
export function intentOf(
  run: ApplyRun,
  kind: SidecarKind,
  graph: string,
  details: Pick<Sidecar, 'observed_manifest_version' | 'desired_schema_digest' | 'approval_id'>,
): Sidecar {
  return {
    schema_version: 1,
    operation_id: run.runtime.newId(),
    started_at: run.runtime.now().toISOString(),
    actor: run.actor ?? null,
    kind,
    graph_id: graph,
    graph_uri: graphLocationOf(run.store, graph),
    expected_manifest_version: null,
    state_cas_base: run.stateCas,
    ...details,
  };
}
