/** The language server of `.pg`, `.gq`, `cluster.yaml` and policies: pure; files, timers and plans are passed in. */
export type { DocumentKind } from './documents.js';
export type { FeatureSet } from './feature.js';
export type { PlanSource } from './plan-source.js';
export { type LanguageServerOptions, startLanguageServer } from './server.js';
export type { Timers, WorkspaceHost } from './workspace-host.js';
