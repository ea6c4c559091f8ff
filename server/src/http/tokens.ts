/** Bearer tokens of the process (server.md §5): where they come from, and how a presented one is recognised. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration the server must not start with; the message never holds a token. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

export interface TokenBook {
  readonly size: number;
  /** The actor of a presented token. Every stored digest is compared, in constant time, without early exit. */
  actorOf(presented: string): string | undefined;
}

const SINGLE = 'OMNIGRAPH_SERVER_BEARER_TOKEN';
const FILE = 'OMNIGRAPH_SERVER_BEARER_TOKENS_FILE';
const JSON_MAP = 'OMNIGRAPH_SERVER_BEARER_TOKENS_JSON';
const AWS_SECRET = 'OMNIGRAPH_SERVER_BEARER_TOKENS_AWS_SECRET';

/** Reads all token sources. Rejects with `StartupError` naming the variable or file at fault. */
export async function loadTokens(env: Environment): Promise<TokenBook> {
  if (setting(env, AWS_SECRET) !== undefined) {
    throw new StartupError(
      `${AWS_SECRET} is set, but this build cannot read AWS Secrets Manager; use ${FILE} or ${JSON_MAP}`,
    );
  }
  const entries: [string, string][] = [];
  const single = setting(env, SINGLE);
  if (single !== undefined) entries.push(['default', single]);
  const file = setting(env, FILE);
  const json = setting(env, JSON_MAP);
  if (file !== undefined) entries.push(...tokenMap(await readTokenFile(file), `${FILE} (${file})`));
  else if (json !== undefined) entries.push(...tokenMap(json, JSON_MAP));
  return tokenBook(entries);
}

function setting(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError(`${FILE}: cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function tokenMap(text: string, source: string): readonly [string, string][] {
  const refuse = (): never => {
    throw new StartupError(`${source} must be a JSON object of actor → token`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    refuse();
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse();
  return Object.entries(parsed).map(([actor, token]) => {
    if (typeof token !== 'string') throw new StartupError(`${source}: the token of actor '${actor}' must be a string`);
    return [actor, token];
  });
}

function tokenBook(entries: readonly [string, string][]): TokenBook {
  const actors = new Set<string>();
  const digests = new Map<string, string>();
  for (const [writtenActor, writtenToken] of entries) {
    const [actor, token] = [writtenActor.trim(), writtenToken.trim()];
    if (actor === '') throw new StartupError('a bearer token names a blank actor');
    if (token === '') throw new StartupError(`the bearer token of actor '${actor}' is blank`);
    if (actors.has(actor)) throw new StartupError(`duplicate bearer token actor '${actor}'`);
    const digest = sha256(token).toString('hex');
    const holder = digests.get(digest);
    if (holder !== undefined) throw new StartupError(`actors '${holder}' and '${actor}' have a duplicate token value`);
    actors.add(actor);
    digests.set(digest, actor);
  }
  const stored = [...digests].map(([digest, actor]) => ({ digest: Buffer.from(digest, 'hex'), actor }));
  return {
    size: stored.length,
    actorOf(presented) {
      const digest = sha256(presented);
      let found: string | undefined;
      for (const entry of stored) if (timingSafeEqual(entry.digest, digest)) found = entry.actor;
      return found;
    },
  };
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
