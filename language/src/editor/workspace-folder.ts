/** A cluster's folder as loading wants it: what the client has open stands over what is on disk. */
import type { ConfigFolder, FolderEntry } from '../cluster/index.js';
import type { ClusterEntry } from './clusters.js';
import { displayPath, nameOf, parentUri, resolvePath } from './uris.js';
import type { WorkspaceFiles } from './workspace-files.js';
import type { WorkspaceHost } from './workspace-host.js';

export function overlayFolder({ folder }: ClusterEntry, host: WorkspaceHost, files: WorkspaceFiles): ConfigFolder {
  const uri = (path: string): string => resolvePath(folder, path);
  return {
    location: displayPath(folder),
    uri,
    read: async (path) => {
      const file = files.get(uri(path));
      // A closed file's text may be remembered, but only the host can say what is wrong with one that has none.
      return file === undefined ? host.read(uri(path)) : { kind: 'text', text: file.source.text };
    },
    list: async (path) => {
      const directory = uri(path);
      const listing = await host.list(directory);
      const unsaved = [...files.all()].filter(({ open, key }) => open && parentUri(key) === directory);
      if (unsaved.length === 0 || (listing.kind !== 'entries' && listing.kind !== 'missing')) return listing;
      const entries: readonly FolderEntry[] = listing.kind === 'entries' ? listing.entries : [];
      const added = unsaved.map(({ key }): FolderEntry => ({ name: nameOf(key), kind: 'file' }));
      return { kind: 'entries', entries: [...entries, ...added.filter(({ name }) => !names(entries).has(name))] };
    },
    realDirectory: async (path) => host.realDirectory?.(path),
  };
}

const names = (entries: readonly FolderEntry[]): ReadonlySet<string> => new Set(entries.map(({ name }) => name));
