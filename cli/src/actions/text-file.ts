import { readFile, stat } from 'node:fs/promises';
import { Failure, isErrno, reasonOf } from '../failure.js';

/** The text of a file the user named, strict UTF-8. `what` names its role: "schema file". Throws `Failure`. */
export async function readTextFile(path: string, what: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    throw unreadable(path, what, thrown);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure(`${what} ${path} is not valid UTF-8`);
  }
}

/** Fails like `readTextFile` when the path is not a readable file, without reading it. */
export async function requireFile(path: string, what: string): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (thrown) {
    throw unreadable(path, what, thrown);
  }
  if (isDirectory) throw new Failure(`${what} ${path} is a directory; pass a file`);
}

function unreadable(path: string, what: string, thrown: unknown): Failure {
  if (isErrno(thrown, 'ENOENT')) return new Failure(`${what} ${path} does not exist; check the path`);
  if (isErrno(thrown, 'EISDIR')) return new Failure(`${what} ${path} is a directory; pass a file`);
  return new Failure(`could not read ${what} ${path}: ${reasonOf(thrown)}`);
}
