/**
 * The S3 store (cluster.md §7). Conditional puts are the compare-and-swap. Their answers are not trusted blindly: the
 * client retries, so a refusal may have been caused by its own first attempt, and some servers answer the loser of a
 * race with 500. After any refusal or doubt the object is read again; the bytes decide who won.
 */
import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { byCodeUnit, checkedKey, checkedPrefix, joinKeys, nameDirectlyBelow } from './keys.js';
import { type ETag, type ListedObject, type ObjectStore, StorageError, type VersionedObject } from './object-store.js';
import { type Environment, type S3Settings, s3Settings } from './s3-environment.js';

export interface S3Location {
  readonly bucket: string;
  /** Keys of the store lie below it; empty for the whole bucket. */
  readonly prefix: string;
  readonly env: Environment;
}

/** Opens a bucket or a prefix in it. Reads the environment now and connects on first use; throws `StorageError`. */
export function openS3Store({ bucket, prefix, env }: S3Location): ObjectStore {
  const place = checkedPrefix(prefix);
  const location = joinKeys(`s3://${bucket}`, place);
  try {
    return new S3Store(place, sharedBucket(bucket, s3Settings(env)));
  } catch (error) {
    throw new StorageError('open', location, error);
  }
}

/** Every store of a process on the same bucket and settings shares connections and what was learned about the server. */
function sharedBucket(name: string, settings: S3Settings): S3Bucket {
  const key = JSON.stringify([name, settings]);
  const bucket = buckets.get(key) ?? new S3Bucket(name, settings);
  buckets.set(key, bucket);
  return bucket;
}

const buckets = new Map<string, S3Bucket>();

type Sdk = typeof import('@aws-sdk/client-s3');

class S3Bucket {
  readonly name: string;
  /** How the server wants the tag in `If-Match`: in quotes (the standard), or bare (Ceph). Unknown until one passed. */
  matchForm: 'quoted' | 'bare' | undefined;
  readonly #settings: S3Settings;
  #opened: Promise<{ readonly sdk: Sdk; readonly client: S3Client }> | undefined;

  constructor(name: string, settings: S3Settings) {
    this.name = name;
    this.#settings = settings;
  }

  /** Loads the SDK late, so that commands on local clusters never pay for it. */
  open(): Promise<{ readonly sdk: Sdk; readonly client: S3Client }> {
    // The SDK prints six lines about coming Node versions into the middle of every command; the choice is ours.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    this.#opened ??= import('@aws-sdk/client-s3').then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        ...this.#settings,
        // A server that stopped answering must not hold a command, and its lock, for ever.
        requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
        // Checksums in trailers are an AWS extension that other servers refuse.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
    }));
    return this.#opened;
  }
}

/** 409 or 412 without a change of the object means "somebody was at it": worth another try, but not for ever. */
const CONFLICT_ATTEMPTS = 5;

class S3Store implements ObjectStore {
  readonly location: string;
  readonly #prefix: string;
  readonly #bucket: S3Bucket;

  constructor(prefix: string, bucket: S3Bucket) {
    this.location = joinKeys(`s3://${bucket.name}`, prefix);
    this.#prefix = prefix;
    this.#bucket = bucket;
  }

  display(key: string): string {
    return joinKeys(this.location, key);
  }

  below(prefix: string): ObjectStore {
    return new S3Store(joinKeys(this.#prefix, checkedPrefix(prefix)), this.#bucket);
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    return (await this.readVersioned(key))?.bytes;
  }

  readVersioned(key: string): Promise<VersionedObject | undefined> {
    return this.#attempt('read', this.#full(key), async (full) => {
      const found = await this.#get(full);
      return found && { bytes: found.bytes, etag: found.etag };
    });
  }

  exists(key: string): Promise<boolean> {
    return this.#attempt('look up', this.#full(key), (full) => this.#head(full));
  }

  existsBelow(prefix: string): Promise<boolean> {
    return this.#attempt('look up', this.#place(prefix), async (place) => {
      for await (const _ of this.#pages(place, 1)) return true;
      return place !== '' && this.#head(place);
    });
  }

  list(prefix: string): Promise<readonly string[]> {
    return this.#attempt('list', this.#place(prefix), async (place) => {
      const names: string[] = [];
      for await (const page of this.#pages(place, 1000, '/')) {
        names.push(...page.flatMap(({ key }) => nameDirectlyBelow(place, key) ?? []));
      }
      return names.sort(byCodeUnit);
    });
  }

  listBelow(prefix: string): Promise<readonly ListedObject[]> {
    return this.#attempt('list', this.#place(prefix), async (place) => {
      const lead = this.#prefix === '' ? 0 : this.#prefix.length + 1;
      const listed: ListedObject[] = [];
      for await (const page of this.#pages(place, 1000)) {
        listed.push(...page.map((object) => ({ ...object, key: object.key.slice(lead) })));
      }
      return listed.sort((left, right) => byCodeUnit(left.key, right.key));
    });
  }

  write(key: string, bytes: Uint8Array): Promise<void> {
    return this.#attempt('write', this.#full(key), async (full) => {
      await this.#put(full, bytes, {});
    });
  }

  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    return this.#attempt('create', this.#full(key), (full) => this.#create(full, bytes));
  }

  putIfMatch(key: string, bytes: Uint8Array, etag: ETag): Promise<ETag | undefined> {
    return this.#attempt('replace', this.#full(key), (full) => this.#replace(full, bytes, etag));
  }

  delete(key: string): Promise<void> {
    return this.#attempt('delete', this.#full(key), async (full) => {
      const { sdk, client } = await this.#bucket.open();
      await client.send(new sdk.DeleteObjectCommand({ Bucket: this.#bucket.name, Key: full }));
    });
  }

  deleteBelow(prefix: string): Promise<void> {
    return this.#attempt('delete', this.#place(prefix), async (place) => {
      const { sdk, client } = await this.#bucket.open();
      for await (const page of this.#pages(place, 1000)) {
        const answer = await client.send(
          new sdk.DeleteObjectsCommand({
            Bucket: this.#bucket.name,
            Delete: { Objects: page.map(({ key }) => ({ Key: key })), Quiet: true },
          }),
        );
        const refused = answer.Errors?.[0];
        if (refused !== undefined) throw new Error(`${refused.Key ?? place}: ${refused.Message ?? refused.Code}`);
      }
      if (place !== '') await client.send(new sdk.DeleteObjectCommand({ Bucket: this.#bucket.name, Key: place }));
    });
  }

  // A refused conditional put may be refused because of its own first try, whose answer was lost. Equal bytes prove
  // nothing, since two writers may want the same content, so every put carries a mark that is its own.

  async #create(key: string, bytes: Uint8Array): Promise<boolean> {
    const writer = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      const refusal = await refusalOf(() => this.#put(key, bytes, { IfNoneMatch: '*', Metadata: { writer } }));
      if (refusal === undefined) return true;
      const stored = await this.#get(key);
      if (stored !== undefined) return stored.writer === writer;
      if (!isConflict(refusal.error) || attempt === CONFLICT_ATTEMPTS) throw refusal.error;
    }
  }

  async #replace(key: string, bytes: Uint8Array, etag: ETag): Promise<ETag | undefined> {
    const writer = randomUUID();
    let form = this.#bucket.matchForm ?? 'quoted';
    for (let attempt = 1; ; attempt += 1) {
      let written: ETag | undefined;
      const refusal = await refusalOf(async () => {
        const IfMatch = form === 'quoted' ? etag : etag.replaceAll('"', '');
        written = await this.#put(key, bytes, { IfMatch, Metadata: { writer } });
      });
      if (refusal === undefined) {
        this.#bucket.matchForm = form;
        return written ?? (await this.#get(key))?.etag;
      }
      const stored = await this.#get(key);
      if (stored?.writer === writer) return stored.etag;
      if (stored?.etag !== etag) return undefined;
      // Refused although nobody touched the object: the other spelling of the tag, then a conflict to wait out.
      if (form === 'quoted' && this.#bucket.matchForm !== 'quoted') form = 'bare';
      else if (!isConflict(refusal.error) || attempt >= CONFLICT_ATTEMPTS) throw refusal.error;
    }
  }

  async #put(
    key: string,
    bytes: Uint8Array,
    condition: { readonly IfMatch?: string; readonly IfNoneMatch?: string; readonly Metadata?: Record<string, string> },
  ): Promise<ETag | undefined> {
    const { sdk, client } = await this.#bucket.open();
    const answer = await client.send(
      new sdk.PutObjectCommand({ Bucket: this.#bucket.name, Key: key, Body: bytes, ...condition }),
    );
    return answer.ETag as ETag | undefined;
  }

  async #get(key: string): Promise<MarkedObject | undefined> {
    const { sdk, client } = await this.#bucket.open();
    try {
      const answer = await client.send(new sdk.GetObjectCommand({ Bucket: this.#bucket.name, Key: key }));
      if (answer.Body === undefined || answer.ETag === undefined) throw new Error('the server sent no body or no ETag');
      const bytes = await answer.Body.transformToByteArray();
      return { bytes, etag: answer.ETag as ETag, writer: answer.Metadata?.writer };
    } catch (error) {
      // A missing bucket answers 404 too, and must not pass for a missing object.
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async #head(key: string): Promise<boolean> {
    const { sdk, client } = await this.#bucket.open();
    try {
      await client.send(new sdk.HeadObjectCommand({ Bucket: this.#bucket.name, Key: key }));
      return true;
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      // HEAD has no body to tell a missing bucket from a missing object; reading does.
      return (await this.#get(key)) !== undefined;
    }
  }

  async *#pages(place: string, pageSize: number, delimiter?: string): AsyncGenerator<readonly ListedObject[]> {
    const { sdk, client } = await this.#bucket.open();
    let token: string | undefined;
    do {
      const answer = await client.send(
        new sdk.ListObjectsV2Command({
          Bucket: this.#bucket.name,
          Prefix: place === '' ? '' : `${place}/`,
          MaxKeys: pageSize,
          ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      const page = (answer.Contents ?? []).flatMap(({ Key, Size = 0, LastModified = new Date() }) =>
        Key === undefined ? [] : [{ key: Key, size: Size, modified: LastModified }],
      );
      if (page.length > 0) yield page;
      token = answer.IsTruncated ? answer.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  #full(key: string): string {
    return joinKeys(this.#prefix, checkedKey(key));
  }

  #place(prefix: string): string {
    return joinKeys(this.#prefix, checkedPrefix(prefix));
  }

  async #attempt<T>(operation: string, target: string, task: (target: string) => Promise<T>): Promise<T> {
    try {
      return await task(target);
    } catch (error) {
      throw new StorageError(operation, joinKeys(`s3://${this.#bucket.name}`, target), legible(error));
    }
  }
}

interface MarkedObject extends VersionedObject {
  /** The mark of the conditional put that wrote it. */
  readonly writer: string | undefined;
}

interface Refusal {
  readonly error: unknown;
}

/** What a conditional put failed with; `undefined` when it succeeded. A certain refusal of another kind is thrown. */
async function refusalOf(put: () => Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await put();
    return undefined;
  } catch (error) {
    const status = statusOf(error);
    const isCertain = status !== undefined && status >= 400 && status < 500 && ![404, 408, 409, 412].includes(status);
    if (isCertain || nameOf(error) === 'NoSuchBucket') throw error;
    return { error };
  }
}

const isConflict = (error: unknown): boolean => statusOf(error) === 409 || statusOf(error) === 412;

/** The client reports an answer without a message as "UnknownError"; its name and status say more. */
function legible(error: unknown): unknown {
  if (!(error instanceof Error) || (error.message !== '' && error.message !== 'UnknownError')) return error;
  return new Error(`${error.name} (HTTP ${statusOf(error) ?? 'unknown'})`, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
