import { createHash } from 'node:crypto';
import type { ETag } from './object-store.js';

/** The version token of stores that have none of their own: the SHA-256 of the content (cluster.md §7). */
export const contentTag = (bytes: Uint8Array): ETag => createHash('sha256').update(bytes).digest('hex') as ETag;
