/** Lenses and inlay text of the plan: one lens on top, one per graph, query folder and policy, and a word on each line. */
import type { CodeLens, Command, InlayHint } from 'vscode-languageserver';
import type { Change } from '../../cluster/index.js';
import type { SourceRange } from '../../diagnostics/index.js';
import type { ClusterEntry } from '../clusters.js';
import type { ClusterDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { rangeOf } from '../positions.js';
import { canonicalUri } from '../uris.js';
import { anchorOf, changeMarkdown, changePhrase, queriesPhrase, signOf, summaryTitle } from './phrases.js';
import { placeOfAddress } from './places.js';
import { type PlanState, planPreviews } from './previews.js';

export const planLenses: Feature<'cluster'> = (context) => {
  const previews = planPreviews(context);
  return {
    'textDocument/codeLens': async (document) => {
      const cluster = clusterOf(document, context);
      if (cluster === undefined || !context.settings().codeLens.enabled) return null;
      return lensesOf(document, await previews.shown(cluster), context);
    },
    'textDocument/inlayHint': async (document, { range }) => {
      const cluster = clusterOf(document, context);
      if (cluster === undefined || !context.settings().inlayHints.enabled) return null;
      const hints = inlaysOf(document, await previews.shown(cluster));
      return hints.filter(({ position: { line } }) => line >= range.start.line && line <= range.end.line);
    },
  };
};

export const clusterOf = (document: ClusterDocument, { workspace }: EditorContext): ClusterEntry | undefined =>
  workspace.clusters.find(({ uri }) => uri === canonicalUri(document.uri));

/** Changes that show at one line. */
interface Group {
  readonly range: SourceRange;
  readonly anchor: ReturnType<typeof anchorOf>;
  readonly isOwn: boolean;
  readonly changes: readonly Change[];
}

export function lensesOf(document: ClusterDocument, state: PlanState, context: EditorContext): readonly CodeLens[] {
  if (state.phase === 'off') return [];
  const lens = (range: SourceRange, title: string, address?: string): CodeLens => ({
    range: rangeOf(range),
    command: showPlan(title, document.uri, address, context),
  });
  const groups = groupsOf(document, state).filter(({ anchor }) => anchor !== 'schema' && anchor !== 'unknown');
  return [
    lens(document.lines.range(0, 0), summaryTitle(state)),
    ...groups.map((group) => lens(group.range, lensTitle(group, state), group.changes[0]?.resource)),
  ];
}

function lensTitle({ anchor, changes, isOwn }: Group, { preview }: PlanState): string {
  const [change] = changes;
  if (anchor === 'queries' && isOwn) return `Queries: ${queriesPhrase(changes)}`;
  if (change === undefined) return '';
  if (!isOwn) return changes.map((each) => `${each.resource}: ${changePhrase(each)}`).join(' · ');
  if (anchor !== 'graph') return `${signOf(change)} ${changePhrase(change)}`;
  const id = change.resource.slice('graph.'.length);
  const schema = preview?.report.changes.find(({ resource }) => resource === `schema.${id}`);
  const about = schema === undefined || change.operation !== 'update' ? [] : [`schema ${changePhrase(schema)}`];
  return [`${signOf(change)} ${changePhrase(change)}`, ...about].join(' · ');
}

export function inlaysOf(document: ClusterDocument, state: PlanState): readonly InlayHint[] {
  if (state.phase === 'off') return [];
  return groupsOf(document, state).flatMap(({ range, anchor, isOwn, changes }) => {
    const [change] = changes;
    if (change === undefined || !isOwn) return [];
    const phrase = anchor === 'queries' ? queriesPhrase(changes) : changePhrase(change);
    return [
      {
        position: endOfLine(document, range),
        label: `${signOf(change)} ${phrase}`,
        paddingLeft: true,
        tooltip: {
          kind: 'markdown' as const,
          value: changes.slice(0, MOST_SHOWN).map(changeMarkdown).join('\n\n---\n\n'),
        },
      },
    ];
  });
}

const MOST_SHOWN = 20;

/** Changes by the line they belong to; those of deleted things gather at what is left of their section. */
function groupsOf(document: ClusterDocument, { preview }: PlanState): readonly Group[] {
  const groups = new Map<string, { range: SourceRange; anchor: Group['anchor']; isOwn: boolean; changes: Change[] }>();
  for (const change of preview?.report.changes ?? []) {
    const { range, isOwn } = placeOfAddress(document, change.resource);
    const anchor = anchorOf(change);
    const key = `${range.offset} ${isOwn ? anchor : 'gone'}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { range, anchor, isOwn, changes: [change] });
    else group.changes.push(change);
  }
  return [...groups.values()].sort((left, right) => left.range.offset - right.range.offset);
}

/** Text after the line's last character, a comment included. */
function endOfLine({ text, lines }: ClusterDocument, range: SourceRange): InlayHint['position'] {
  const newline = text.indexOf('\n', range.offset);
  const end = newline === -1 ? text.length : newline;
  return lines.position(text[end - 1] === '\r' ? end - 1 : end);
}

/** A command only where the client has it; elsewhere the title alone, which every client can show. */
function showPlan(title: string, uri: string, address: string | undefined, { client }: EditorContext): Command {
  if (!client.commands.has('omnigraph.showPlan')) return { title, command: '' };
  return { title, command: 'omnigraph.showPlan', arguments: [uri, ...(address === undefined ? [] : [address])] };
}
