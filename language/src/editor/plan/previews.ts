/**
 * What the editor knows of each cluster's plan: computed off the typing path from unsaved text, called off by the next
 * edit, and never in the way of an answer. Design §5.
 */
import { type DesiredRevision, loadDesired } from '../../cluster/index.js';
import type { ClusterEntry } from '../clusters.js';
import type { EditorContext } from '../feature.js';
import type { PlanPreview } from '../plan-source.js';
import { displayPath, isWithin } from '../uris.js';
import type { WorkspaceChange } from '../workspace.js';

export interface PlanState {
  /** `off`: nobody can plan here, or the user does not want it. `pending`: a newer text is being planned. */
  readonly phase: 'off' | 'pending' | 'ready';
  /** The last one, which while `pending` may be of an earlier text. */
  readonly preview: PlanPreview | undefined;
  readonly desired: DesiredRevision | undefined;
}

interface PlanPreviews {
  /** The cluster as its files say now, unsaved ones included. Remembered until one of them changes. */
  desired(cluster: ClusterEntry): Promise<DesiredRevision>;
  /** What is known now; starts planning when something newer is to be known. */
  current(cluster: ClusterEntry): PlanState;
  /** The plan of the current text. `fresh`: looks at storage even when nothing seems to have changed. */
  settled(cluster: ClusterEntry, options?: { readonly fresh?: boolean }): Promise<PlanState>;
  /** Waits only for a client that cannot be told later. */
  shown(cluster: ClusterEntry): PlanState | Promise<PlanState>;
}

/** The previews of a server: every feature that asks gets the same. */
export function planPreviews(context: EditorContext): PlanPreviews {
  const known = services.get(context) ?? createPreviews(context);
  services.set(context, known);
  return known;
}

const services = new WeakMap<EditorContext, PlanPreviews>();

/** Milliseconds without an edit before a plan is made. */
const DEBOUNCE = 250;

interface Planning {
  state: PlanState;
  /** Grows with every change; a result of an older one is dropped. */
  generation: number;
  /** Which generation `state` is of. */
  plannedGeneration: number;
  running: Promise<void> | undefined;
  callOff: (() => void) | undefined;
}

function createPreviews(context: EditorContext): PlanPreviews {
  const { workspace, host, log } = context;
  const plannings = new Map<string, Planning>();
  const desiredRevisions = new Map<string, Promise<DesiredRevision>>();

  workspace.onChange((change) => {
    for (const uri of changedClusters(change, context)) {
      desiredRevisions.delete(uri);
      const planning = plannings.get(uri);
      if (planning === undefined) continue;
      planning.generation += 1;
      planning.callOff?.();
      planning.callOff = host.timers.after(DEBOUNCE, () => {
        planning.callOff = undefined;
        const cluster = workspace.clusters.find((each) => each.uri === uri);
        if (cluster !== undefined) void plan(cluster, planning, false);
      });
    }
  });

  const previews: PlanPreviews = {
    desired: (cluster) => {
      const loaded = desiredRevisions.get(cluster.uri) ?? load(cluster);
      desiredRevisions.set(cluster.uri, loaded);
      return loaded;
    },
    current: (cluster) => {
      if (!canPlan(cluster, context)) return OFF;
      const planning = planningOf(cluster);
      const isCurrent = planning.plannedGeneration === planning.generation;
      if (!isCurrent && planning.callOff === undefined) void plan(cluster, planning, false);
      return isCurrent ? planning.state : { ...planning.state, phase: 'pending' };
    },
    settled: async (cluster, { fresh = false } = {}) => {
      if (!canPlan(cluster, context)) return { ...OFF, desired: await previews.desired(cluster) };
      const planning = planningOf(cluster);
      if (fresh) planning.generation += 1;
      while (planning.plannedGeneration !== planning.generation) await plan(cluster, planning, fresh);
      return planning.state;
    },
    shown: (cluster) =>
      context.client.capabilities.workspace?.codeLens?.refreshSupport === true
        ? previews.current(cluster)
        : previews.settled(cluster),
  };
  return previews;

  function planningOf({ uri }: ClusterEntry): Planning {
    const known = plannings.get(uri);
    if (known !== undefined) return known;
    const state: PlanState = { phase: 'pending', preview: undefined, desired: undefined };
    const begun = { state, generation: 0, plannedGeneration: -1, running: undefined, callOff: undefined };
    plannings.set(uri, begun);
    return begun;
  }

  /** One at a time: what was asked for while one ran is planned after it. */
  async function plan(cluster: ClusterEntry, planning: Planning, fresh: boolean): Promise<void> {
    planning.callOff?.();
    planning.callOff = undefined;
    while (planning.running !== undefined) await planning.running;
    if (planning.plannedGeneration === planning.generation) return;
    planning.running = planOnce(cluster, planning, fresh).finally(() => {
      planning.running = undefined;
    });
    await planning.running;
  }

  async function planOnce(cluster: ClusterEntry, planning: Planning, fresh: boolean): Promise<void> {
    const { generation } = planning;
    const desired = await previews.desired(cluster);
    let preview: PlanPreview | undefined;
    try {
      preview = await context.plan?.preview(desired, { configDir: pathOf(cluster.folder), fresh });
    } catch (error) {
      log.error(`planning ${cluster.uri} failed`, error);
    }
    planning.plannedGeneration = generation;
    planning.state = { phase: 'ready', preview, desired };
    // A newer text is planned on its own; until then the older plan shows as pending.
    context.refresh('codeLens');
    context.refresh('inlayHint');
    context.recheck([cluster.uri]);
    if (context.client.commands.size > 0) context.notify('omnigraph/planChanged', { uri: cluster.uri });
  }

  function load(cluster: ClusterEntry): Promise<DesiredRevision> {
    return loadDesired(workspace.configFolder(cluster), { compilers: workspace.compilers });
  }
}

const OFF: PlanState = { phase: 'off', preview: undefined, desired: undefined };

/** Plans need a place on this machine, which a virtual workspace has not. */
const canPlan = (cluster: ClusterEntry, { plan, settings }: EditorContext): boolean =>
  plan !== undefined && settings().plan.enabled && cluster.uri.startsWith('file:');

/** Clusters whose configuration or storage a change may concern. */
function changedClusters(change: WorkspaceChange, { workspace }: EditorContext): ReadonlySet<string> {
  const touched = new Set([...change.affected, ...change.clusters]);
  // Rows that are loaded change no plan; a ledger may lie anywhere, and looking at one costs little.
  const files = change.files.filter((file) => !file.includes('.omni/'));
  const ledgers = files.some((file) => file.includes('/__cluster/'));
  const changed = workspace.clusters.filter(
    ({ uri, folder }) => ledgers || touched.has(uri) || files.some((file) => isWithin(file, folder)),
  );
  return new Set([...change.clusters, ...changed.map(({ uri }) => uri)]);
}

/** The folder's path as this machine writes it: before a drive letter there is no slash. */
const pathOf = (folder: string): string => displayPath(folder).replace(/^\/(?=[A-Za-z]:)/, '');
