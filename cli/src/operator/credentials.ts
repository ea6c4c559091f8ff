/**
 * `~/.omnigraph/credentials` (cli.md §7): an INI-like file of one section per server, mode 0600. Tokens leave this
 * module only as the value a caller asked for; no message ever holds one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, isErrno, reasonOf } from '../failure.js';

const SECTION = /^\s*\[(.*)\]\s*$/;

/** Refuses a file that others may read. Absent file: fine. POSIX only; elsewhere the mode means nothing. */
async function checkMode(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  let mode: number;
  try {
    mode = (await stat(path)).mode & 0o777;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return;
    throw new Failure(`could not read the credentials file ${path}: ${reasonOf(thrown)}`);
  }
  if ((mode & 0o077) === 0) return;
  throw new Failure(
    `the credentials file ${path} has mode ${mode.toString(8).padStart(4, '0')} and others may read it; run \`chmod 600 ${path}\``,
  );
}

async function readText(path: string): Promise<string> {
  await checkMode(path);
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return '';
    throw new Failure(`could not read the credentials file ${path}: ${reasonOf(thrown)}`);
  }
}

/** Stores a server's token, keeping every other line as it is. Throws `Failure` when the file is not private. */
export async function storeToken(path: string, server: string, token: string): Promise<void> {
  const kept = withoutSection(await readText(path), server).replace(/\n+$/, '');
  const before = kept === '' ? '' : `${kept}\n\n`;
  await replaceFile(path, `${before}[${server}]\ntoken = ${token}\n`);
}

/** Removes a server's section; nothing to remove is fine and writes nothing. */
export async function removeToken(path: string, server: string): Promise<void> {
  const text = await readText(path);
  const kept = withoutSection(text, server);
  if (kept !== text) await replaceFile(path, kept);
}

/** The text without every section of that name; all other lines stay as they are. Pure; exported for its tests. */
export function withoutSection(text: string, server: string): string {
  let inside = false;
  const kept = text.split(/(?<=\n)/).filter((line) => {
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) inside = name.trim() === server;
    return !inside;
  });
  return kept.join('');
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw new Failure(`could not write the credentials file ${path}: ${reasonOf(thrown)}`);
  }
}
