/**
 * The control plane: what `cluster.yaml` desires, what the ledger says is applied, and the commands that bring one to
 * the other. Contract: cluster.md. The ledger write is the publish point of every command.
 */
export { type ApplyOptions, applyCluster } from './apply.js';
export { type ApproveOptions, approveResource } from './approve.js';
export { type ClusterStore, graphLocationOf, openClusterStore } from './cluster-store.js';
export { type DesiredFromDirectory, loadDesiredFrom, loadHeaderFrom, openConfigFolder } from './desired.js';
export { nodeEditorHost } from './editor-host.js';
export { nodePlanSource } from './editor-plan.js';
export { engineGraphs } from './engine-graphs.js';
export { FAILPOINT_VARIABLE, FAILPOINTS, type Failpoint, type FailpointHook, InjectedFailpoint } from './failpoints.js';
export { type ForceUnlockOptions, forceUnlock } from './force-unlock.js';
export { collectGarbage, GC_LEAST_DAYS, type GcOptions } from './gc.js';
export { clusterGraph } from './graph.js';
export type { GraphOperations, GraphRootReading, MigratableGraph } from './graph-operations.js';
export { importCluster } from './import.js';
export { type LedgerSnapshot, readLedger } from './ledger.js';
export { planClusterAt, previewCluster } from './plan.js';
export { refreshCluster } from './refresh.js';
export type { ControlOptions, ControlRuntime } from './runtime.js';
export {
  readServingState,
  renderBootDiagnostic,
  renderBootRefusal,
  type ServingGraph,
  type ServingOptions,
  type ServingReading,
  type ServingState,
} from './serving.js';
export type { ServingPolicy, ServingQuery } from './serving-payloads.js';
export { clusterStatus } from './status.js';
export { validateCluster, validationReport } from './validate.js';
