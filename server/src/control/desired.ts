/** The config directory on a real file system, read as the language package wants it (cluster.md §3 and §6). */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type ConfigFolder,
  type DesiredRevision,
  type FolderEntry,
  type FolderListing,
  type FolderProblem,
  type FolderRead,
  type LoadedHeader,
  loadDesired,
  loadHeader,
} from 'omnigraph-language';
import { atMost } from './concurrently.js';
import { decodeUtf8 } from './ledger.js';

/** Some systems let a process have 256 files open; a cluster may declare thousands. */
const FILES_AT_ONCE = 64;

/** A config directory as given on the command line. Diagnostics name its files as `cluster.yaml` names them. */
export function openConfigFolder(configDir: string): ConfigFolder {
  const inTurn = atMost(FILES_AT_ONCE);
  const at = (relative: string): string => path.resolve(configDir, relative);
  return {
    location: configDir,
    uri: (relative) => relative,
    read: (relative) => inTurn(() => readText(at(relative))),
    list: (relative) => inTurn(() => listDirectory(at(relative))),
    realDirectory: (absolute) => realDirectory(absolute),
  };
}

export interface DesiredFromDirectory {
  readonly desired: DesiredRevision;
  /** For re-reading files at the moment they take effect. */
  readonly folder: ConfigFolder;
}

/** Loads and checks everything that a config directory declares. */
export async function loadDesiredFrom(configDir: string): Promise<DesiredFromDirectory> {
  const folder = openConfigFolder(configDir);
  return { desired: await loadDesired(folder), folder };
}

/** Reads `cluster.yaml` alone: what status and force-unlock need. */
export const loadHeaderFrom = (configDir: string): Promise<LoadedHeader> => loadHeader(openConfigFolder(configDir));

async function readText(file: string): Promise<FolderRead> {
  try {
    const text = decodeUtf8(await readFile(file));
    return text === undefined ? { kind: 'not_utf8', message: 'it is not UTF-8 text' } : { kind: 'text', text };
  } catch (error) {
    return problemOf(error, 'no such file');
  }
}

async function listDirectory(directory: string): Promise<FolderListing> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const listed = entries.map(async (entry): Promise<FolderEntry> => {
      if (entry.isFile()) return { name: entry.name, kind: 'file' };
      if (entry.isDirectory()) return { name: entry.name, kind: 'directory' };
      return {
        name: entry.name,
        kind: entry.isSymbolicLink() ? await kindOf(path.join(directory, entry.name)) : 'other',
      };
    });
    return { kind: 'entries', entries: await Promise.all(listed) };
  } catch (error) {
    return problemOf(error, 'no such directory');
  }
}

/** What a symbolic link leads to; a dangling one leads nowhere. */
async function kindOf(file: string): Promise<FolderEntry['kind']> {
  try {
    const target = await stat(file);
    return target.isFile() ? 'file' : target.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return 'other';
  }
}

async function realDirectory(directory: string): Promise<string | undefined> {
  try {
    const real = await realpath(directory);
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

function problemOf(error: unknown, missing: string): FolderProblem {
  const code = errorCode(error);
  if (code === undefined) throw error;
  switch (code) {
    case 'ENOENT':
      return { kind: 'missing', message: missing };
    case 'ENOTDIR':
      return { kind: 'not_a_directory', message: 'it is not a directory' };
    case 'EISDIR':
      return { kind: 'unreadable', message: 'it is a directory' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'unreadable', message: 'permission denied' };
    default:
      return { kind: 'unreadable', message: error instanceof Error ? error.message : code };
  }
}

/** The code of a system error; anything else is a bug. */
const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
