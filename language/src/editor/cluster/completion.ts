/** Completion in `cluster.yaml`: keys by place, and values from the folder and from the file itself. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { ConfigFolder, FolderEntry } from '../../cluster/index.js';
import type { ClusterDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { canonicalUri } from '../uris.js';
import type { Workspace } from '../workspace.js';
import { completeYaml, type OfferedValue } from '../yaml/completion.js';
import type { YamlCursor } from '../yaml/cursor.js';
import { CLUSTER_SHAPE } from './keys.js';
import { declaredNames } from './names.js';

export const clusterCompletion: Feature<'cluster'> = (context) => ({
  announces: { completionTriggers: [':', ' ', '[', '-', '/'] },
  'textDocument/completion': async (document, { position }) => {
    const items = await completeYaml({
      text: document.text,
      lines: document.lines,
      offset: document.lines.offset(position),
      shape: CLUSTER_SHAPE,
      snippets: context.client.snippets,
      values: (source, cursor) => valuesOf(source, cursor, document, context),
    });
    return items;
  },
});

async function valuesOf(
  source: string,
  cursor: YamlCursor,
  document: ClusterDocument,
  { workspace }: EditorContext,
): Promise<readonly OfferedValue[]> {
  const entry = workspace.clusters.find(({ uri }) => uri === canonicalUri(document.uri));
  const folder = entry && workspace.configFolder(entry);
  switch (source) {
    case 'schema-file':
      return filesIn(folder, isSchema);
    case 'query-file':
      return filesIn(folder, isQueries);
    case 'query-path': {
      const files = await filesIn(folder, isQueries);
      return [...foldersOf(files), ...files];
    }
    case 'policy-file':
      return filesIn(folder, isPolicy);
    case 'provider':
      return named(declaredNames(document, 'provider'), 'embedding provider');
    case 'binding':
      return bindings(cursor, declaredNames(document, 'graph'));
    case 'env':
      return [...new Set(['OPENAI_API_KEY', 'GEMINI_API_KEY', 'EMBEDDING_API_KEY'])].map((name) => ({
        value: `\${${name}}`,
        detail: 'environment variable of the server',
      }));
    case 'storage':
      return STORAGE_FORMS;
    case 'name:query name':
      return queryNames(cursor, document, workspace);
    default:
      return [];
  }
}

const named = (names: readonly string[], detail: string): readonly OfferedValue[] =>
  names.map((value) => ({ value, detail, kind: CompletionItemKind.Reference }));

/** The cluster and graphs exclude each other in one bundle; a graph called `cluster` needs its long name. */
function bindings({ siblings }: YamlCursor, graphs: readonly string[]): readonly OfferedValue[] {
  const takenByGraphs = siblings.some((name) => name !== '' && name !== 'cluster');
  const takenByCluster = siblings.includes('cluster');
  const taken = new Set(siblings.map((name) => (name.startsWith('graph.') ? name.slice('graph.'.length) : name)));
  const free = takenByCluster ? [] : graphs.filter((id) => !taken.has(id));
  const offered = named(
    free.map((id) => (id === 'cluster' ? 'graph.cluster' : id)),
    'graph',
  );
  const cluster: OfferedValue = { value: 'cluster', detail: 'the server itself', kind: CompletionItemKind.Keyword };
  return takenByGraphs ? offered : [...offered, cluster];
}

const STORAGE_FORMS: readonly OfferedValue[] = [
  { value: 's3://bucket/prefix', detail: 'object storage' },
  { value: 'file:///var/lib/omnigraph', detail: 'another folder of this machine' },
  { value: './state', detail: 'a folder beside cluster.yaml' },
];

/** The queries that lie in files this graph could name. */
async function queryNames(
  { path }: YamlCursor,
  document: ClusterDocument,
  workspace: Workspace,
): Promise<readonly OfferedValue[]> {
  if (path[0] !== 'graphs') return [];
  const related = await workspace.related(document.uri);
  const all = related.flatMap((each) => (each.kind === 'query' ? each.compiled.queries.map(({ name }) => name) : []));
  return named([...new Set(all)], 'query');
}

// Files

const isSchema = (name: string): boolean => name.endsWith('.pg');
const isQueries = (name: string): boolean => name.endsWith('.gq');
const isPolicy = (name: string): boolean => /\.ya?ml$/.test(name) && !/(^cluster|\.tests)\.ya?ml$/.test(name);

const MAX_DEPTH = 4;
const MAX_FILES = 200;
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '__cluster', 'graphs']);

/** Files below the config directory, nearest first, as `cluster.yaml` names them. */
async function filesIn(
  folder: ConfigFolder | undefined,
  fits: (name: string) => boolean,
): Promise<readonly OfferedValue[]> {
  const found: string[] = [];
  let level = [''];
  for (let depth = 0; depth < MAX_DEPTH && found.length < MAX_FILES && folder !== undefined; depth += 1) {
    const below: string[] = [];
    for (const directory of level) {
      for (const { name, kind } of await entriesIn(folder, directory)) {
        const path = directory === '' ? name : `${directory}/${name}`;
        if (kind === 'file' && fits(name)) found.push(path);
        else if (kind === 'directory' && !name.startsWith('.') && !SKIPPED.has(name)) below.push(path);
      }
    }
    level = below;
  }
  return found.map((value) => ({ value, kind: CompletionItemKind.File }));
}

async function entriesIn(folder: ConfigFolder, directory: string): Promise<readonly FolderEntry[]> {
  const listing = await folder.list(directory);
  if (listing.kind !== 'entries') return [];
  return [...listing.entries].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function foldersOf(files: readonly OfferedValue[]): readonly OfferedValue[] {
  const folders = files.flatMap(({ value }) =>
    value.includes('/') ? [value.slice(0, value.lastIndexOf('/') + 1)] : [],
  );
  return [...new Set(folders)].map((value) => ({
    value,
    detail: 'every .gq file in it',
    kind: CompletionItemKind.Folder,
  }));
}
