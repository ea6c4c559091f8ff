/**
 * What the language server needs of the place it runs in. Node, a browser worker and tests each bring their own, so the
 * server itself touches no file, clock or process. URIs are whole (`file:///…`, `vscode-vfs://…`).
 */
import type { FolderListing, FolderRead } from '../cluster/index.js';

export interface WorkspaceHost {
  /** The whole text of a file, a byte-order mark included. */
  read(uri: string): Promise<FolderRead>;
  /** What lies directly in a directory, in any order. */
  list(uri: string): Promise<FolderListing>;
  /** The real path of an existing directory given by absolute path, as blob policies need it; absent: never found. */
  realDirectory?(absolutePath: string): Promise<string | undefined>;
  /**
   * Watches folders for a client that cannot. Calls back with the URIs of files that appeared, changed or went away;
   * returns how to stop.
   */
  watch?(folders: readonly string[], onChange: (uris: readonly string[]) => void): () => void;
  readonly timers: Timers;
}

export interface Timers {
  /** Runs once, so many milliseconds from now, after what is running has ended; returns how to call it off. */
  after(milliseconds: number, run: () => void): () => void;
}
