export * from './address.js';
export { gatedDifferences, gateReason, isConsumed, type MatchedApprovals, matchApprovals } from './approvals.js';
export * from './blob-policy.js';
export { CLUSTER_BINDING } from './check-policies.js';
export { EMBEDDING_KINDS, environmentReference } from './check-providers.js';
export * from './cluster-diagnostic.js';
export {
  type ClusterSource,
  type ConfigPath,
  configPathAt,
  type LocatedNode,
  locateInConfig,
  parseClusterSource,
} from './cluster-source.js';
export { CLUSTER_CODES, type ClusterCode, type CodeArea, type CodeEntry } from './codes.js';
export { COMPILERS, type Compilers } from './compilers.js';
export * from './composite.js';
export * from './config.js';
export * from './data-impact.js';
export { type DecodedConfig, decodeConfig } from './decode-config.js';
export * from './desired.js';
export { diffDigests, diffResources } from './diff.js';
export * from './digest.js';
export { classifyChanges, demoteChanges, type GraphOperationFailure } from './disposition.js';
export * from './documents.js';
export {
  type LoadedHeader,
  loadHeader,
  parseStorageRoot,
  readClusterConfig,
  readStorageDeclaration,
  type StorageDeclaration,
} from './header.js';
export * from './json-text.js';
export * from './layout.js';
export * from './ledger.js';
export { defaultDenyWarnings, type LoadOptions, loadDesired } from './load-desired.js';
export * from './plan.js';
export { graphsToObserve, planCluster } from './plan-cluster.js';
export { parseApproval, parseLock, parseSidecar, type SidecarReading } from './read-documents.js';
export { type LedgerReading, parseLedger } from './read-ledger.js';
export { renderReportJson } from './render-json.js';
export { MARKDOWN_LIMIT, renderPlanMarkdown } from './render-markdown.js';
export { renderDependencyGraph } from './render-mermaid.js';
export { renderPlanStep } from './render-step.js';
export { renderChange, renderDiagnosticLine, renderReportText } from './render-text.js';
export * from './report.js';
