import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyCluster, importCluster } from 'omnigraph-server/control';
import { graphLocation, openGraph } from 'omnigraph-server/engine';

/** The `demo` cluster of server.md §16: two graphs, two stored queries, a graph bundle and a server bundle. */
const LIBRARY_PG = `node Book { isbn: String @key title: String pages: I32? }
edge Cites: Book -> Book
`;

const LIBRARY_GQ = `query book_by_isbn($isbn: String) @description("One book") {
  match { $b: Book { isbn: $isbn } }
  return { $b.isbn, $b.title, $b.pages }
}

query add_book($isbn: String, $title: String) {
  insert Book { isbn: $isbn, title: $title }
}
`;

const LIBRARY_POLICY = `version: 1
groups:
  everyone: [act-ines, act-tomas, act-tool]
  keepers: [act-ines]
  tools: [act-tool]
protected_branches: [main]
rules:
  - { id: keepers-all, allow: { actors: { group: keepers }, actions: [read, export, change], branch_scope: any } }
  - { id: keepers-call, allow: { actors: { group: keepers }, actions: [invoke_query] } }
  - { id: keepers-migrate, allow: { actors: { group: keepers }, actions: [schema_apply], target_branch_scope: any } }
  - { id: everyone-reads, allow: { actors: { group: everyone }, actions: [read], branch_scope: any } }
  - { id: everyone-drafts, allow: { actors: { group: everyone }, actions: [change], branch_scope: unprotected } }
  - { id: tools-call, allow: { actors: { group: tools }, actions: [invoke_query] } }
`;

const SERVER_POLICY = `version: 1
groups: { operators: [act-ines] }
rules:
  - { id: operators-list, allow: { actors: { group: operators }, actions: [graph_list] } }
`;

const MAPS_PG = 'node Map { code: String @key scale: I64? }\n';

export const TOKENS = '{"act-ines":"ti","act-tomas":"tt","act-tool":"tc"}';

export interface LibraryOptions {
  /** Which bundles are bound; default both. */
  readonly policies?: readonly ('library' | 'server')[];
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Writes, imports and applies the cluster, and loads two books. Returns its folder. */
export async function libraryCluster({ policies = ['library', 'server'] }: LibraryOptions = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'omnigraph-http-'));
  const declared = [
    policies.includes('library') ? '  library: { file: library.policy.yaml, applies_to: [library] }\n' : '',
    policies.includes('server') ? '  server: { file: server.policy.yaml, applies_to: [cluster] }\n' : '',
  ].join('');
  writeFiles(folder, {
    'cluster.yaml': `version: 1
graphs:
  library: { schema: library.pg, queries: queries/ }
  maps: { schema: maps.pg }
${declared === '' ? '' : `policies:\n${declared}`}`,
    'library.pg': LIBRARY_PG,
    'maps.pg': MAPS_PG,
    'queries/library.gq': LIBRARY_GQ,
    'library.policy.yaml': LIBRARY_POLICY,
    'server.policy.yaml': SERVER_POLICY,
  });
  await applied(folder);
  const graph = await openGraph(graphLocation(join(folder, 'graphs', 'library.omni'), {}), { mode: 'write' });
  await graph.load({
    source:
      '{"type":"Book","data":{"isbn":"1","title":"One","pages":10}}\n{"type":"Book","data":{"isbn":"2","title":"Two"}}\n',
    mode: 'append',
    branch: 'main',
    actor: null,
  });
  await graph.close();
  return folder;
}

async function applied(configDir: string): Promise<void> {
  for (const report of [await importCluster({ configDir }), await applyCluster({ configDir })]) {
    if (!report.ok) throw new Error(JSON.stringify(report.diagnostics, null, 2));
  }
}

export const removeCluster = (folder: string): void => rmSync(folder, { recursive: true, force: true });
