/**
 * The language server's view of a real file system: files and folders by `file:` URI, watching for clients that cannot,
 * and timers. It reads only, and knows nothing of clusters.
 */
import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FolderProblem } from 'omnigraph-language';
import type { WorkspaceHost } from 'omnigraph-language/editor';
import { openConfigFolder } from './desired.js';

export function nodeEditorHost(): WorkspaceHost {
  const files = openConfigFolder(path.parse(process.cwd()).root);
  return {
    read: async (uri) => {
      const file = pathOf(uri);
      return file === undefined ? NO_FILE : files.read(file);
    },
    list: async (uri) => {
      const folder = pathOf(uri);
      return folder === undefined ? NO_FILE : files.list(folder);
    },
    realDirectory: (absolute) => files.realDirectory(absolute),
    watch: watchFolders,
    timers: {
      after: (milliseconds, run) => {
        if (milliseconds === 0) {
          const immediate = setImmediate(run);
          return () => clearImmediate(immediate);
        }
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
  };
}

const NO_FILE: FolderProblem = { kind: 'missing', message: 'it is not on this file system' };

/** An unsaved or virtual document has no path. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch (error) {
    // A host name or an encoded slash: legal as a URI, but no file here.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const MAX_WATCHED = 2_000;
const SKIPPED = /^(\..*|node_modules)$/;
/** Milliseconds: editors write a file in several steps. */
const SETTLE = 50;

/** Folder by folder: watching recursively would walk through `node_modules` as well. */
function watchFolders(uris: readonly string[], onChange: (uris: readonly string[]) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const report = (file: string): void => {
    changed.add(pathToFileURL(file).href);
    timer ??= setTimeout(() => {
      timer = undefined;
      const reported = [...changed];
      changed.clear();
      if (!stopped) onChange(reported);
    }, SETTLE);
  };

  const follow = async (folder: string): Promise<void> => {
    if (stopped || watchers.has(folder) || watchers.size >= MAX_WATCHED) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null) return;
        report(path.join(folder, name));
        if (!SKIPPED.test(name)) void follow(path.join(folder, name));
      });
      watchers.set(folder, watcher);
      watcher.on('error', () => forget(folder));
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.isDirectory() && !SKIPPED.test(entry.name)) await follow(path.join(folder, entry.name));
      }
    } catch (error) {
      // A file, or a folder that went away or may not be read: there is nothing to watch.
      if (!(error instanceof Error && 'code' in error)) throw error;
      forget(folder);
    }
  };

  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  for (const folder of uris.flatMap((uri) => pathOf(uri) ?? [])) void follow(folder);
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const folder of [...watchers.keys()]) forget(folder);
  };
}
