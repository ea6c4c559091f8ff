/**
 * Accepted schemas as stored: the source text byte for byte and its resolved form, each an immutable object named by
 * digest, and replacements of the text alone (schema-language.md §11). Text and resolved form are compared by meaning
 * whenever they are read.
 */
import { createHash } from 'node:crypto';
import {
  type BoundSchema,
  bindAccepted,
  headline,
  isError,
  parseExactJson,
  stringifyExactJson,
} from 'omnigraph-language';
import type { ObjectStore } from '../../storage/index.js';
import { GraphError } from '../graph-error.js';
import type { SchemaRef } from './commit-record.js';
import { JsonObject, jsonBytes } from './json-object.js';
import { schemaIrKey, schemaTextKey, textReplacementKey } from './layout.js';

export interface AcceptedSchema {
  readonly bound: BoundSchema;
  /** The text in force. */
  readonly source: string;
  /** How many text-only replacements it has had since its commit. */
  readonly replacements: number;
}

/** Stores both objects of a schema. They mean nothing until a commit record names them. Returns the text's digest. */
export async function writeSchemaObjects(store: ObjectStore, bound: BoundSchema, source: string): Promise<string> {
  const digest = textDigest(source);
  await store.putIfAbsent(schemaTextKey(digest), new TextEncoder().encode(source));
  await store.putIfAbsent(schemaIrKey(bound.irHash), new TextEncoder().encode(`${stringifyExactJson(bound.ir, 2)}\n`));
  return digest;
}

/** The schema a commit names. `not_found` naming a missing object; `internal` for one that contradicts the others. */
export async function readSchema(store: ObjectStore, schema: SchemaRef): Promise<AcceptedSchema> {
  const irKey = schemaIrKey(schema.ir);
  const [irBytes, text] = await Promise.all([required(store, irKey), textInForce(store, schema)]);
  const bound = bindAccepted(text.source, parseJson(store.display(irKey), irBytes));
  if (bound.value === undefined) {
    const problem = bound.diagnostics.filter(isError).map(headline).join('; ');
    throw new GraphError('internal', `the accepted schema ${store.display(text.key)} cannot be used: ${problem}`);
  }
  if (bound.value.irHash !== schema.ir) {
    throw new GraphError('internal', `corrupt object ${store.display(irKey)}: its digest is ${bound.value.irHash}`);
  }
  return { bound: bound.value, source: text.source, replacements: text.replacements };
}

/**
 * Makes `source` the text of the schema a commit brought into force, without a commit. False: another replacement was
 * first. Once the head has another resolved schema it has no effect, because it belongs to `schema.since`.
 */
export async function replaceSchemaText(
  store: ObjectStore,
  schema: SchemaRef,
  replacements: number,
  source: string,
): Promise<boolean> {
  const digest = textDigest(source);
  await store.putIfAbsent(schemaTextKey(digest), new TextEncoder().encode(source));
  return store.putIfAbsent(textReplacementKey(schema.since, replacements + 1), jsonBytes({ source: digest }));
}

async function textInForce(
  store: ObjectStore,
  schema: SchemaRef,
): Promise<{ readonly key: string; readonly source: string; readonly replacements: number }> {
  let digest = schema.source;
  let replacements = 0;
  for (;;) {
    const key = textReplacementKey(schema.since, replacements + 1);
    const bytes = await store.read(key);
    if (bytes === undefined) break;
    digest = JsonObject.parse(store.display(key), bytes).text('source');
    replacements += 1;
  }
  const key = schemaTextKey(digest);
  const bytes = await required(store, key);
  if (bytesDigest(bytes) !== digest) {
    throw new GraphError('internal', `corrupt object ${store.display(key)}: its digest is ${bytesDigest(bytes)}`);
  }
  return { key, source: decodeText(store.display(key), bytes), replacements };
}

async function required(store: ObjectStore, key: string): Promise<Uint8Array> {
  const bytes = await store.read(key);
  if (bytes === undefined) throw new GraphError('not_found', `missing object ${store.display(key)}, named by the head`);
  return bytes;
}

function decodeText(source: string, bytes: Uint8Array): string {
  try {
    // A byte order mark belongs to the text as it was applied.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new GraphError('internal', `corrupt object ${source}: ${error instanceof Error ? error.message : error}`);
  }
}

function parseJson(source: string, bytes: Uint8Array): unknown {
  try {
    return parseExactJson(decodeText(source, bytes));
  } catch (error) {
    if (error instanceof GraphError) throw error;
    throw new GraphError('internal', `corrupt object ${source}: ${error instanceof Error ? error.message : error}`);
  }
}

const bytesDigest = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const textDigest = (text: string): string => bytesDigest(new TextEncoder().encode(text));
