/**
 * The durable sign that a schema apply runs, for other processes (schema-language.md §16). It only makes them refuse
 * early and say why: what keeps a write from landing on another schema is the commit log. So a holder that died is
 * simply cleared away.
 */
import { hostname } from 'node:os';
import type { ObjectStore } from '../../storage/index.js';
import { GraphError } from '../graph-error.js';
import { JsonObject, jsonBytes, SCHEMA_APPLY_KEY } from '../log/index.js';

interface Holder {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** On another machine a holder cannot be asked whether it lives; no apply takes this long. */
const ABANDONED_AFTER_MS = 15 * 60_000;

/** Takes the marker, clearing a dead holder's. `conflict` while another apply runs. */
export async function takeSchemaApplyMarker(store: ObjectStore, id: string, now: number): Promise<void> {
  const bytes = jsonBytes({ id, host: hostname(), pid: process.pid, started_at: now });
  if (await store.putIfAbsent(SCHEMA_APPLY_KEY, bytes)) return;
  const holder = await liveHolder(store, now);
  if (holder === undefined && (await store.putIfAbsent(SCHEMA_APPLY_KEY, bytes))) return;
  throw new GraphError('conflict', 'a schema apply is already in progress; try again when it has finished');
}

/** Gives the marker back, if it is still this holder's. */
export async function releaseSchemaApplyMarker(store: ObjectStore, id: string): Promise<void> {
  const holder = await readHolder(store);
  if (holder?.id === id) await store.delete(SCHEMA_APPLY_KEY);
}

/** `conflict` naming `operation` while an apply of another process runs; a dead one's marker is cleared. */
export async function refuseDuringSchemaApply(store: ObjectStore, operation: string, now: number): Promise<void> {
  if ((await liveHolder(store, now)) !== undefined) throw unavailable(operation);
}

export const unavailable = (operation: string): GraphError =>
  new GraphError('conflict', `${operation} is unavailable while schema apply is in progress`);

async function liveHolder(store: ObjectStore, now: number): Promise<Holder | undefined> {
  const holder = await readHolder(store);
  if (holder === undefined || isAlive(holder, now)) return holder;
  await store.delete(SCHEMA_APPLY_KEY);
  return undefined;
}

async function readHolder(store: ObjectStore): Promise<Holder | undefined> {
  const bytes = await store.read(SCHEMA_APPLY_KEY);
  if (bytes === undefined) return undefined;
  const json = JsonObject.parse(store.display(SCHEMA_APPLY_KEY), bytes);
  return { id: json.text('id'), host: json.text('host'), pid: json.count('pid'), startedAt: json.count('started_at') };
}

function isAlive(holder: Holder, now: number): boolean {
  if (holder.host !== hostname()) return now - holder.startedAt < ABANDONED_AFTER_MS;
  // This process asks only when its own gate says that no apply of its own runs.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
