/**
 * `omnigraph/plan`: the whole plan for a panel, as data. It waits for the plan of the current text.
 *
 * Parameters: `{ uri, fresh? }`, `uri` of any file of the cluster. Result: `PlanPanel`, or null in no cluster.
 */
import { type Change, renderPlanMarkdown, renderPlanStep, renderReportJson } from '../../cluster/index.js';
import type { ClusterEntry } from '../clusters.js';
import { type EditorContext, RequestRefused, type WorkspaceFeature } from '../feature.js';
import type { PlanPreview } from '../plan-source.js';
import { rangeOf } from '../positions.js';
import type { Workspace } from '../workspace.js';
import { changePhrase, signOf, summaryTitle } from './phrases.js';
import { placeOfAddress } from './places.js';
import { planPreviews } from './previews.js';

export interface PlanPanel {
  readonly uri: string;
  readonly name: string | null;
  /** False where no plan can be made: in a browser, in a virtual workspace, or switched off. */
  readonly available: boolean;
  readonly title: string;
  readonly ledger: PlanPreview['ledger'];
  readonly state: object | null;
  readonly sections: readonly PlanSection[];
  readonly approvals: readonly PlanApproval[];
  readonly notes: readonly {
    readonly severity: string;
    readonly code: string;
    readonly path: string;
    readonly message: string;
  }[];
  /** The report of `cluster plan --json`, and its Markdown for a pull request; null when there is none. */
  readonly report: unknown;
  readonly markdown: string | null;
}

export interface PlanSection {
  readonly address: string;
  readonly kind: string;
  readonly operation: string;
  readonly disposition: string;
  readonly reason: string | null;
  readonly sign: string;
  readonly title: string;
  readonly steps: readonly { readonly kind: string; readonly text: string; readonly rows: number | null }[];
  /** False when apply would refuse the migration; null without one. */
  readonly supported: boolean | null;
  readonly dataImpact: {
    readonly rows: number;
    readonly types: readonly { readonly type: string; readonly rows: number }[];
  } | null;
  readonly before: string | null;
  readonly after: string | null;
  /** What depends on it directly. */
  readonly affects: readonly string[];
  readonly place: { readonly uri: string; readonly range: object } | null;
}

export interface PlanApproval {
  readonly resource: string;
  readonly reason: string;
  readonly satisfied: boolean;
  readonly command: string;
}

export const planPanel: WorkspaceFeature = (context) => ({
  custom: new Map([
    [
      'omnigraph/plan',
      async (params: unknown) => {
        const { uri, fresh } = readParams(params);
        const cluster = await clusterNamed(uri, context.workspace);
        return cluster === undefined ? null : panelOf(cluster, fresh, context);
      },
    ],
  ]),
});

async function panelOf(cluster: ClusterEntry, fresh: boolean, context: EditorContext): Promise<PlanPanel> {
  const state = await planPreviews(context).settled(cluster, { fresh });
  const name = state.desired?.header?.name ?? null;
  const base = { uri: cluster.uri, name, title: summaryTitle(state) };
  if (state.preview === undefined) {
    const nothing = { state: null, sections: [], approvals: [], notes: [], report: null, markdown: null };
    return { ...base, available: false, ledger: 'unknown', ...nothing };
  }
  const { report, ledger } = state.preview;
  return {
    ...base,
    available: true,
    ledger,
    state: report.state_observations,
    sections: report.changes.map((change) => sectionOf(change, report, cluster, context.workspace)),
    approvals: report.approvals_required.map((gate) => ({
      ...gate,
      command: `omnigraph cluster approve ${gate.resource}`,
    })),
    notes: report.diagnostics.map(({ severity, code, path = '', message }) => ({ severity, code, path, message })),
    report: JSON.parse(renderReportJson(report)) as unknown,
    markdown: renderPlanMarkdown(report),
  };
}

function sectionOf(
  change: Change,
  { blast_radius }: PlanPreview['report'],
  cluster: ClusterEntry,
  workspace: Workspace,
): PlanSection {
  const { resource, operation, disposition, reason, migration, data_impact: impact } = change;
  const document = workspace.document(cluster.uri);
  const place = document?.kind === 'cluster' ? placeOfAddress(document, resource) : undefined;
  return {
    address: resource,
    kind: resource.slice(0, resource.indexOf('.')),
    operation,
    disposition,
    reason: reason ?? null,
    sign: signOf(change),
    title: changePhrase(change),
    steps: (migration?.steps ?? []).map((step, at) => ({
      kind: step.kind,
      text: renderPlanStep(step),
      rows: impact?.steps?.[at] ?? null,
    })),
    supported: migration?.supported ?? null,
    dataImpact:
      impact === undefined
        ? null
        : { rows: impact.rows, types: impact.types.map(({ type_name: type, rows }) => ({ type, rows })) },
    before: change.before_digest ?? null,
    after: change.after_digest ?? null,
    affects: blast_radius.find((each) => each.resource === resource)?.affected ?? [],
    place: place?.isOwn === true ? { uri: cluster.uri, range: rangeOf(place.range) } : null,
  };
}

/** The cluster that a file belongs to, its configuration included. */
export async function clusterNamed(uri: string, workspace: Workspace): Promise<ClusterEntry | undefined> {
  await workspace.load(uri);
  return workspace.clusterOf(uri);
}

function readParams(params: unknown): { readonly uri: string; readonly fresh: boolean } {
  return { uri: uriIn(params), fresh: isFresh(params) };
}

/** Whether storage is to be looked at even when nothing seems to have changed. */
export const isFresh = (params: unknown): boolean =>
  typeof params === 'object' && params !== null && 'fresh' in params && params.fresh === true;

/** The `uri` of a request of our own. */
export function uriIn(params: unknown): string {
  if (typeof params === 'object' && params !== null && 'uri' in params && typeof params.uri === 'string') {
    return params.uri;
  }
  throw new RequestRefused('the request needs a `uri`');
}
