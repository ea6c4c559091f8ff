/**
 * External blob policies: which storage locations a graph's blob columns may refer to. Contract: cluster.md §3.5.
 * A policy exists only in the allowing form; Deny is the absence of one.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { byCodeUnit } from './address.js';
import type { BlobScope } from './config.js';

export interface BlobBase {
  /** Normal form: lowercase scheme and bucket, components re-encoded, ending in `/`. */
  readonly uri: string;
  readonly scope: BlobScope;
}

export interface BlobPolicy {
  readonly mode: 'allow';
  /** Sorted by URI, then `server_safe` first; never empty; no two overlap. */
  readonly bases: readonly BlobBase[];
}

type NormalizedBase =
  | { readonly kind: 'base'; readonly base: BlobBase }
  | { readonly kind: 'rejected'; readonly reason: string };

const MAX_URI_BYTES = 64 * 1024;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;
const ABSOLUTE_URI = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(\/[^?#]*)?$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const MALFORMED_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/** One base in normal form, or why it is refused. Whether a `file` base exists is for the caller to find out. */
export function normalizeBlobBase(text: string, scope: BlobScope): NormalizedBase {
  const rejected = (reason: string): NormalizedBase => ({ kind: 'rejected', reason });
  if (text !== text.trim()) return rejected('it has surrounding white space');
  if (LONE_SURROGATE.test(text)) return rejected('it is not valid Unicode');
  if (utf8ToBytes(text).length > MAX_URI_BYTES) return rejected(`it is longer than ${MAX_URI_BYTES} bytes`);
  if (text.includes('\\')) return rejected('it contains a backslash');
  if (text.includes('?') || text.includes('#')) return rejected('it has a query or fragment');

  const parts = ABSOLUTE_URI.exec(text);
  if (parts === null) return rejected('it is not an absolute hierarchical URI such as s3://bucket/folder/');
  const scheme = (parts[1] ?? '').toLowerCase();
  const authority = parts[2] ?? '';
  if (scheme !== 's3' && scheme !== 'file') return rejected(`scheme "${scheme}" is not one of s3, file`);
  if (authority.includes('@')) return rejected('it carries credentials');
  if (authority.includes(':')) return rejected('it names a port');
  if (scheme === 's3' && authority === '') return rejected('it names no bucket');
  if (scheme === 's3' && !/^[A-Za-z0-9._-]+$/.test(authority)) return rejected(`"${authority}" is not a bucket name`);
  if (scheme === 'file' && authority !== '') return rejected('a file URI names no host');
  if (scheme === 'file' && scope === 'server_safe') return rejected('a file base cannot be server_safe');

  const path = normalizePath(parts[3] ?? '');
  if (typeof path === 'string') return rejected(path);
  return {
    kind: 'base',
    base: { uri: `${scheme}://${authority.toLowerCase()}/${path.map((c) => `${c}/`).join('')}`, scope },
  };
}

/** The decoded absolute path of a normalized `file` base, or `undefined` for another scheme. */
export function filePathOf(uri: string): string | undefined {
  if (!uri.startsWith('file://')) return undefined;
  return decodeURIComponent(uri.slice('file://'.length)).replace(/(.)\/$/, '$1');
}

/** Sorted by URI, then scope with `server_safe` first (§3.5). */
export const sortBases = (bases: readonly BlobBase[]): readonly BlobBase[] =>
  [...bases].sort((a, b) => byCodeUnit(a.uri, b.uri) || scopeRank(a.scope) - scopeRank(b.scope));

/** Whether one base lies within the other: same scheme and authority, one's components a prefix of the other's. */
export const basesOverlap = (left: string, right: string): boolean => left.startsWith(right) || right.startsWith(left);

/** What a server may use of a policy: its `server_safe` bases; none left is Deny. */
export function serverSafePolicy(policy: BlobPolicy | undefined): BlobPolicy | undefined {
  const bases = (policy?.bases ?? []).filter((base) => base.scope === 'server_safe');
  return bases.length === 0 ? undefined : { mode: 'allow', bases };
}

/** Whether a recorded policy is one that this module would have built. */
export function isNormalizedPolicy(policy: BlobPolicy): boolean {
  const { bases } = policy;
  if (bases.length === 0) return false;
  const normal = bases.every((base) => {
    const again = normalizeBlobBase(base.uri, base.scope);
    return again.kind === 'base' && again.base.uri === base.uri;
  });
  const sorted = sortBases(bases).every((base, at) => base === bases[at]);
  const apart = bases.every((base, at) => bases.slice(at + 1).every((other) => !basesOverlap(base.uri, other.uri)));
  return normal && sorted && apart;
}

const scopeRank = (scope: BlobScope): number => (scope === 'server_safe' ? 0 : 1);

/** The components of a path, re-encoded, or the reason it is refused. */
function normalizePath(path: string): readonly string[] | string {
  if (MALFORMED_ESCAPE.test(path)) return 'it has a malformed percent escape';
  const components = path.split('/').slice(1);
  if (components.at(-1) === '') components.pop();
  const encoded: string[] = [];
  for (const component of components) {
    if (component === '') return 'it has an empty path component';
    const decoded = decodeComponent(component);
    if (decoded === undefined) return 'a percent escape does not decode to UTF-8';
    if (decoded === '.' || decoded === '..') return `it has a "${decoded}" component`;
    if (/[/\\%\0]/.test(decoded)) return 'it has an encoded "/", "\\", "%" or NUL';
    encoded.push(encodeComponent(decoded));
  }
  return encoded;
}

function decodeComponent(component: string): string | undefined {
  try {
    return decodeURIComponent(component);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

const encodeComponent = (decoded: string): string =>
  [...decoded]
    .map((character) =>
      UNRESERVED.test(character)
        ? character
        : [...utf8ToBytes(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    )
    .join('');
