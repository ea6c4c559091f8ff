/**
 * What lies where: directory listings from the host, remembered until something changes on disk, and the walk that
 * finds every file of ours in the workspace folders.
 */
import type { FolderEntry } from '../cluster/index.js';
import { kindByName } from './documents-kind.js';
import { canonicalUri, childUri, isWithin, nameOf, parentUri } from './uris.js';
import type { WorkspaceHost } from './workspace-host.js';

/** Never worth a look, and often huge. What a cluster stores is among them: its blobs and accepted schemas are copies. */
const SKIPPED = new Set(['node_modules', '__cluster', 'dist', 'target']);
const isSkippedName = (name: string): boolean => name.startsWith('.') || name.endsWith('.omni') || SKIPPED.has(name);
const MAX_FOLDERS = 20_000;
/** How far up a file outside every workspace folder looks for its cluster and schema. */
const MAX_LEVELS_UP = 8;

export class WorkspaceFolders {
  readonly #listings = new Map<string, Promise<readonly FolderEntry[]>>();
  readonly #listed = new Map<string, readonly FolderEntry[]>();
  #roots: readonly string[] = [];

  constructor(private readonly host: WorkspaceHost) {}

  get roots(): readonly string[] {
    return this.#roots;
  }

  setRoots(uris: readonly string[]): void {
    this.#roots = uris.map(canonicalUri);
  }

  /** The folders that may say something about a file: its own and those above, up to its workspace folder. */
  above(uri: string): readonly string[] {
    const root = this.#roots.filter((folder) => isWithin(uri, folder)).sort((a, b) => b.length - a.length)[0];
    const found: string[] = [];
    for (let at = parentUri(uri); at !== undefined; at = parentUri(at)) {
      found.push(at);
      if (at === root || (root === undefined && found.length === MAX_LEVELS_UP)) break;
    }
    return found;
  }

  /** What is known to lie in a folder; nothing before `list` answered. */
  known(folder: string): readonly FolderEntry[] {
    return this.#listed.get(folder) ?? [];
  }

  /** What lies in a folder; nothing when it cannot be listed. */
  list(folder: string): Promise<readonly FolderEntry[]> {
    const running = this.#listings.get(folder);
    if (running !== undefined) return running;
    const listing = this.host.list(folder).then((answer) => {
      const entries = answer.kind === 'entries' ? answer.entries : [];
      if (this.#listings.get(folder) === listing) this.#listed.set(folder, entries);
      return entries;
    });
    this.#listings.set(folder, listing);
    return listing;
  }

  /** Something appeared or went away. */
  forgetListings(): void {
    this.#listings.clear();
    this.#listed.clear();
  }

  /** Whether a file of the workspace lies where the walk never goes; one that is opened by hand counts all the same. */
  isSkipped(uri: string): boolean {
    const root = this.#roots.find((folder) => isWithin(uri, folder));
    if (root === undefined) return false;
    const folders = uri
      .slice(root.length + 1)
      .split('/')
      .slice(0, -1);
    return folders.some((segment) => isSkippedName(nameOf(segment)));
  }

  /** Every file of a kind of ours within the roots, breadth first. */
  async findAll(): Promise<readonly string[]> {
    const found: string[] = [];
    const queue = [...this.#roots];
    for (let at = 0; at < queue.length && at < MAX_FOLDERS; at += 1) {
      const folder = queue[at] ?? '';
      for (const { name, kind } of await this.list(folder)) {
        if (kind === 'directory' && !isSkippedName(name)) queue.push(childUri(folder, name));
        else if (kind === 'file' && kindByName(name) !== undefined) found.push(childUri(folder, name));
      }
    }
    return [...new Set(found)];
  }
}
