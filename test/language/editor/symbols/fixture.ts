import type { ClientFacts, EditorContext } from '../../../../language/src/editor/feature.js';
import type { PlanSource } from '../../../../language/src/editor/plan-source.js';
import type { WorkspaceHost } from '../../../../language/src/editor/workspace-host.js';
import { WorkspaceModel } from '../../../../language/src/editor/workspace-model.js';

export const FOLDER = 'file:///w';

/** Where `|` stands in a marked text, and the text without it. */
export function unmarked(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  if (offset === -1) throw new Error(`no cursor in ${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

/** A folder of files by path, held in memory and open in an editor. */
export async function openFolder(
  files: Readonly<Record<string, string>>,
  client: Partial<ClientFacts> = {},
  plan?: PlanSource,
) {
  const workspace = new WorkspaceModel(memoryHost(files));
  workspace.setFolders([FOLDER]);
  for (const [path, text] of Object.entries(files)) workspace.didOpen(uriOf(path), '', 1, text);
  await workspace.index(() => undefined);
  for (const path of Object.keys(files)) await workspace.load(uriOf(path));
  return { workspace, context: contextOf(workspace, client, plan) };
}

export const uriOf = (path: string): string => `${FOLDER}/${path}`;

function memoryHost(files: Readonly<Record<string, string>>): WorkspaceHost {
  const paths = Object.keys(files);
  return {
    read: async (uri) => {
      const text = files[uri.slice(FOLDER.length + 1)];
      return text === undefined ? { kind: 'missing', message: 'no such file' } : { kind: 'text', text };
    },
    list: async (uri) => {
      const folder = uri === FOLDER ? '' : `${uri.slice(FOLDER.length + 1)}/`;
      const inside = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
      const names = new Map(
        inside.map((path) => [path.split('/')[0] ?? '', path.includes('/') ? 'directory' : 'file'] as const),
      );
      return { kind: 'entries', entries: [...names].map(([name, kind]) => ({ name, kind })) };
    },
    timers: { after: () => () => undefined },
  };
}

function contextOf(
  workspace: WorkspaceModel,
  client: Partial<ClientFacts>,
  plan: PlanSource | undefined,
): EditorContext {
  return {
    workspace,
    host: memoryHost({}),
    plan,
    client: {
      capabilities: {},
      snippets: true,
      links: true,
      documentChanges: false,
      changeAnnotations: false,
      commands: new Set(),
      ...client,
    },
    settings: () => ({ plan: { enabled: true }, codeLens: { enabled: true }, inlayHints: { enabled: true } }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    refresh: () => undefined,
    recheck: () => undefined,
    notify: () => undefined,
  };
}

/** Applies LSP edits to a text. */
export function edited(
  text: string,
  edits: readonly { readonly range: { start: Place; end: Place }; readonly newText: string }[],
): string {
  const offset = ({ line, character }: Place): number =>
    text
      .split('\n')
      .slice(0, line)
      .reduce((sum, one) => sum + one.length + 1, 0) + character;
  return [...edits]
    .map(({ range, newText }) => ({ start: offset(range.start), end: offset(range.end), newText }))
    .sort((left, right) => right.start - left.start || right.end - left.end)
    .reduce((sofar, { start, end, newText }) => sofar.slice(0, start) + newText + sofar.slice(end), text);
}

interface Place {
  readonly line: number;
  readonly character: number;
}
