/**
 * One process at a time per file, on one machine, without help of the operating system's locks (Node has none). The
 * claim is a file created only if absent that names its holder; the claim of a process that died is broken, and by one
 * breaker only, since each dead claim has its own claim for breaking it. Held for the few milliseconds of a
 * compare-and-replace, never across a network call or a user's work.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Longer than any compare-and-replace; only a holder that hangs, or a process id that was given out again, takes so long. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 4;

/** True for the names of claims and of what they are made from: no objects of the store. */
export const isClaim = (name: string): boolean => name.startsWith('.claim-');

/** Runs `task` while no other process does so for the same file. Throws when a claim is held for implausibly long. */
export async function exclusivelyAmongProcesses<T>(file: string, task: () => Promise<T>): Promise<T> {
  const claim = path.join(path.dirname(file), `.claim-${path.basename(file)}`);
  await take(claim);
  try {
    return await task();
  } finally {
    await rm(claim, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  /** A process of another host (or container) cannot be asked whether it lives, so its claim is never broken. */
  readonly host: string;
  /** Never given out twice, so that a dead claim can be told from the next one of the same name. */
  readonly id: string;
}

async function take(claim: string): Promise<void> {
  const own = `${claim}.${randomUUID()}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() } satisfies Holder), {
    flag: 'wx',
  });
  try {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await linkIfAbsent(own, claim))) {
      const holder = await readHolder(claim);
      if (holder !== undefined && !isAlive(holder)) await breakClaim(claim, holder);
      else if (Date.now() > deadline) throw new Error(heldTooLong(claim, holder));
      else await delay(RETRY_MS * (1 + Math.random()));
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes the claim of a dead holder. Only who holds the claim to break it may, so a newer claim is never hit. */
async function breakClaim(claim: string, dead: Holder): Promise<void> {
  const breaking = `${claim}.${dead.id}`;
  await take(breaking);
  try {
    if ((await readHolder(claim))?.id === dead.id) await rm(claim, { force: true });
  } finally {
    await rm(breaking, { force: true });
  }
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(claim: string): Promise<Holder | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(claim, 'utf8'));
    return isHolder(holder) ? holder : undefined;
  } catch (error) {
    // Given back since, or no claim of ours: waiting decides.
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'host' in value &&
  typeof value.host === 'string' &&
  'id' in value &&
  typeof value.id === 'string';

function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

const heldTooLong = (claim: string, holder: Holder | undefined): string =>
  `${holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`} has held ${claim} for ${PATIENCE_MS / 1000} s; ` +
  'if nothing is writing there, remove that file';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
