/** The language server of `.pg`, `.gq`, `cluster.yaml` and policies: pure; files, timers and plans are passed in. */
export type { DocumentKind, EditorDocument } from './documents.js';
export { type EditorContext, type Feature, type FeatureSet, RequestRefused, type WorkspaceFeature } from './feature.js';
export type * from './panels/index.js';
export type { ClusterNode, GraphNode, PlanApproval, PlanPanel, PlanSection, ResourceNode } from './plan/index.js';
export type { GraphPreview, PlanPreview, PlanSource, PreviewOptions } from './plan-source.js';
export type { MatrixActor, MatrixCell, PolicyMatrix } from './policy/index.js';
export { type LanguageServerOptions, startLanguageServer } from './server.js';
export type { Timers, WorkspaceHost } from './workspace-host.js';
