/**
 * Where the small objects of a graph lie below its root (engine.md §1). All but the head hint and the schema-apply
 * marker are written once and never changed, so that every compare-and-swap is the creation of the next number.
 */
import type { Brand } from './brand.js';

/** A lifetime of a branch name: a branch deleted and created again under its name has another one. */
export type Incarnation = Brand<string, 'Incarnation'>;

export const MAIN = 'main';
/** Fixed, so that of two initialisers exactly one can create the first record of this log. */
export const MAIN_INCARNATION = 'main' as Incarnation;

/** The number this code writes and the only one it opens. */
export const INTERNAL_SCHEMA_VERSION = 1;

export const FORMAT_KEY = 'format.json';
/** Present while a schema apply runs. */
export const SCHEMA_APPLY_KEY = 'schema-apply.json';
export const BRANCHES_PREFIX = 'branches';
export const SCHEMA_PREFIX = 'schema';

export const recordKey = (incarnation: Incarnation, sequence: number): string =>
  `log/${incarnation}/${padded(sequence)}.json`;

export const hintKey = (incarnation: Incarnation): string => `log/${incarnation}/head.json`;

export const registryKey = (revision: number): string => `${BRANCHES_PREFIX}/${padded(revision)}.json`;

/** The resolved form of an accepted schema, by its digest (`sha256:…`). */
export const schemaIrKey = (digest: string): string => `${SCHEMA_PREFIX}/${hexOf(digest)}.ir.json`;

/** An accepted source text, byte for byte, by its digest (`sha256:…`). */
export const schemaTextKey = (digest: string): string => `${SCHEMA_PREFIX}/${hexOf(digest)}.pg`;

/** The nth replacement of the text alone of the schema in force since commit `since`. */
export const textReplacementKey = (since: number, nth: number): string =>
  `${SCHEMA_PREFIX}/text/${padded(since)}-${padded(nth)}.json`;

/** Wide enough for every safe integer, so that names sort as numbers. */
const padded = (sequence: number): string => String(sequence).padStart(16, '0');

function hexOf(digest: string): string {
  const match = /^sha256:([0-9a-f]{64})$/.exec(digest);
  if (match?.[1] === undefined) throw new Error(`'${digest}' is not a digest`);
  return match[1];
}
