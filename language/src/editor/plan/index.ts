/** The plan in the editor: lenses, inlay text, hovers, notes, and the data behind panel, tree view and status bar. */
export { type ClusterNode, clusterTree, type GraphNode, type ResourceNode } from './cluster-tree.js';
export { planDetail } from './hover.js';
export { clusterOf, planLenses } from './lenses.js';
export { planNotes } from './notes.js';
export { type PlanApproval, type PlanPanel, type PlanSection, planPanel, uriIn } from './panel.js';
export { pathOfText } from './places.js';
export { planPreviews } from './previews.js';
