/** Requests behind an editor's panels, forms and test lists: what they show, as plain JSON. */
import type { CustomHandler, WorkspaceFeature } from '../feature.js';
import { policyTestResults } from './policy-tests.js';
import { queryPlaces } from './query-places.js';
import { runnableQuery } from './runnable-query.js';
import { schemaDiagram } from './schema-diagram.js';

export type { PolicyTestResult, PolicyTestResults } from './policy-tests.js';
export type { QueryPlace } from './query-places.js';
export type { PictureColumn, PictureLink, RunnableParam, RunnableQuery } from './runnable-query.js';
export type { DiagramEdge, DiagramNode, DiagramProperty, SchemaDiagram } from './schema-diagram.js';

export const panelFeature: WorkspaceFeature = ({ workspace }) => ({
  custom: new Map<`omnigraph/${string}`, CustomHandler>([
    ['omnigraph/schemaDiagram', (params) => schemaDiagram(workspace, params)],
    ['omnigraph/queries', (params) => queryPlaces(workspace, params)],
    ['omnigraph/runnableQuery', (params) => runnableQuery(workspace, params)],
    ['omnigraph/policyTests', (params) => policyTestResults(workspace, params)],
  ]),
});
