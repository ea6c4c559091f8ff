/** What hovers add about the plan of the resource under the cursor. */
import type { ConfigPath } from '../../cluster/index.js';
import type { ClusterDocument } from '../documents.js';
import type { EditorContext } from '../feature.js';
import { clusterOf } from './lenses.js';
import { changeMarkdown, counted, summaryTitle } from './phrases.js';
import { placeOfAddress } from './places.js';
import { planPreviews } from './previews.js';

const MOST_SHOWN = 12;

/** Markdown about the resource that a path of `cluster.yaml` declares; `undefined` where the plan says nothing. */
export function planDetail(document: ClusterDocument, path: ConfigPath, context: EditorContext): string | undefined {
  const cluster = clusterOf(document, context);
  const state = cluster && planPreviews(context).current(cluster);
  if (state?.preview === undefined) return undefined;
  if (path.length === 1 && (path[0] === 'version' || path[0] === 'storage')) return summaryTitle(state);
  const { report, graphs, resource_statuses } = state.preview;
  const changes = report.changes.filter(({ resource }) => {
    const place = placeOfAddress(document, resource);
    return place.isOwn && samePath(place.path, path);
  });
  const [kind, id] = path;
  const graph = kind === 'graphs' && path.length === 2 ? graphs.get(String(id)) : undefined;
  const rows = graph?.kind === 'open' ? [...graph.rows.values()].reduce((sum, count) => sum + count, 0) : 0;
  const parts = [
    ...changes.slice(0, MOST_SHOWN).map(changeMarkdown),
    ...(changes.length > MOST_SHOWN ? [`… and ${changes.length - MOST_SHOWN} more`] : []),
    ...(graph?.kind === 'open' ? [`Live: ${counted(rows, 'row')} on main, branches ${graph.branches.join(', ')}`] : []),
    ...(graph?.kind === 'absent' ? ['The graph root is missing.'] : []),
    ...(graph?.kind === 'unreadable' ? [`The graph root cannot be read: ${graph.message}`] : []),
    ...(path.length === 2
      ? statusOf(resource_statuses.get(`${kind === 'graphs' ? 'graph' : 'policy'}.${String(id)}`))
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

function statusOf(
  status: { readonly status: string; readonly conditions?: readonly string[] } | undefined,
): readonly string[] {
  if (status === undefined) return [];
  return [`Recorded: ${[status.status, ...(status.conditions ?? [])].join(', ')}`];
}

const samePath = (left: ConfigPath, right: ConfigPath): boolean =>
  left.length === right.length && left.every((step, at) => step === right[at]);
