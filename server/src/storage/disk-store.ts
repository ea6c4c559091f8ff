/**
 * The local-disk store (cluster.md §7). A write is a complete, synced temporary file in the target's own folder, made
 * visible in one step: by rename where the old object may be replaced, by an exclusive hard link where it may not.
 * `putIfMatch` re-reads, compares and replaces as one step for all processes of this machine (not for a network share).
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { contentTag } from './content-tag.js';
import { byCodeUnit, checkedKey, checkedPrefix } from './keys.js';
import { type ETag, type ListedObject, type ObjectStore, StorageError, type VersionedObject } from './object-store.js';
import { exclusivelyAmongProcesses, isClaim } from './process-mutex.js';

/** Opens a folder as a store. The folder need not exist; it is made by the first write. */
export const openDiskStore = (directory: string): ObjectStore => new DiskStore(path.resolve(directory));

const TEMPORARY = /^\.tmp-[0-9a-f-]{36}$/;
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

class DiskStore implements ObjectStore {
  readonly location: string;

  constructor(location: string) {
    this.location = location;
  }

  display(key: string): string {
    return path.join(this.location, key);
  }

  below(prefix: string): ObjectStore {
    return new DiskStore(this.#place(prefix));
  }

  read(key: string): Promise<Uint8Array | undefined> {
    return attempt('read', this.#file(key), async (file) => readIfThere(file));
  }

  async readVersioned(key: string): Promise<VersionedObject | undefined> {
    const bytes = await this.read(key);
    return bytes && { bytes, etag: contentTag(bytes) };
  }

  exists(key: string): Promise<boolean> {
    return attempt('look up', this.#file(key), async (file) => (await statIfThere(file))?.isFile() ?? false);
  }

  existsBelow(prefix: string): Promise<boolean> {
    return attempt('look up', this.#place(prefix), async (place) => (await statIfThere(place)) !== undefined);
  }

  list(prefix: string): Promise<readonly string[]> {
    return attempt('list', this.#place(prefix), async (place) => {
      const entries = await absentAs([], () => readdir(place, { withFileTypes: true }));
      const names: string[] = [];
      for (const entry of entries) {
        const isObject =
          entry.isFile() ||
          (entry.isSymbolicLink() && ((await statIfThere(path.join(place, entry.name)))?.isFile() ?? false));
        if (isObject && !TEMPORARY.test(entry.name) && !isClaim(entry.name)) names.push(entry.name);
      }
      return names.sort(byCodeUnit);
    });
  }

  listBelow(prefix: string): Promise<readonly ListedObject[]> {
    return attempt('list', this.#place(prefix), async (place) => {
      const files = await filesBelow(place);
      const listed = files.map((file) => ({ ...file, key: toKey(path.relative(this.location, file.key)) }));
      return listed.sort((left, right) => byCodeUnit(left.key, right.key));
    });
  }

  write(key: string, bytes: Uint8Array): Promise<void> {
    return attempt('write', this.#file(key), (file) => replaceFile(file, bytes));
  }

  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    return attempt('create', this.#file(key), (file) => linkFile(file, bytes));
  }

  putIfMatch(key: string, bytes: Uint8Array, etag: ETag): Promise<ETag | undefined> {
    return attempt('replace', this.#file(key), (file) =>
      oneAtATime(file, async () => {
        const isCurrent = async () => {
          const current = await readIfThere(file);
          return current !== undefined && contentTag(current) === etag;
        };
        // Cheap answer for the loser, and no claim beside a file that does not exist.
        if (!(await isCurrent())) return undefined;
        return exclusivelyAmongProcesses(file, async () => {
          if (!(await isCurrent())) return undefined;
          await replaceFile(file, bytes);
          return contentTag(bytes);
        });
      }),
    );
  }

  delete(key: string): Promise<void> {
    return attempt('delete', this.#file(key), async (file) => absentAs(undefined, () => unlink(file)));
  }

  deleteBelow(prefix: string): Promise<void> {
    return attempt('delete', this.#place(prefix), (place) => rm(place, { recursive: true, force: true }));
  }

  #file(key: string): string {
    return path.join(this.location, checkedKey(key));
  }

  #place(prefix: string): string {
    return path.join(this.location, checkedPrefix(prefix));
  }
}

const toKey = (relative: string): string => relative.split(path.sep).join('/');

/** Plain files at any depth, each with its own path as its key. */
async function filesBelow(folder: string): Promise<readonly ListedObject[]> {
  const entries = await absentAs([], () => readdir(folder, { withFileTypes: true }));
  const found: ListedObject[] = [];
  for (const entry of entries) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(place)));
    if (!entry.isFile() || TEMPORARY.test(entry.name) || isClaim(entry.name)) continue;
    const stats = await statIfThere(place);
    if (stats !== undefined) found.push({ key: place, size: stats.size, modified: stats.mtime });
  }
  return found;
}

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  await withTemporary(file, bytes, (temporary) => rename(temporary, file));
}

async function linkFile(file: string, bytes: Uint8Array): Promise<boolean> {
  // Cheap answer for the common loser; the exclusive link below decides.
  if ((await statIfThere(file)) !== undefined) return false;
  return withTemporary(file, bytes, async (temporary) => {
    try {
      await link(temporary, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') {
        await unlink(temporary);
        return false;
      }
      if (NO_HARD_LINKS.has(codeOf(error))) {
        throw new Error('this file system cannot make hard links, which creating an object exactly once needs', {
          cause: error,
        });
      }
      throw error;
    }
    await unlink(temporary);
    return true;
  });
}

async function withTemporary<T>(
  file: string,
  bytes: Uint8Array,
  publish: (temporary: string) => Promise<T>,
): Promise<T> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = path.join(folder, `.tmp-${randomUUID()}`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const published = await publish(temporary);
    await syncFolder(folder);
    return published;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes the new name survive a power cut. Windows cannot open a folder, and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const lastTurn = new Map<string, Promise<unknown>>();

/** Runs compare-and-replace calls on one file one after the other, for every store of this process. */
async function oneAtATime<T>(file: string, task: () => Promise<T>): Promise<T> {
  const turn = (lastTurn.get(file) ?? Promise.resolve()).then(task, task);
  lastTurn.set(file, turn);
  try {
    return await turn;
  } finally {
    if (lastTurn.get(file) === turn) lastTurn.delete(file);
  }
}

const readIfThere = (file: string): Promise<Uint8Array | undefined> =>
  absentAs<Uint8Array | undefined>(undefined, async () => new Uint8Array(await readFile(file)));

const statIfThere = (file: string) => absentAs(undefined, () => stat(file));

async function absentAs<T>(absent: T, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return absent;
    throw error;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

async function attempt<T>(operation: string, target: string, task: (target: string) => Promise<T>): Promise<T> {
  try {
    return await task(target);
  } catch (error) {
    throw new StorageError(operation, target, error);
  }
}
