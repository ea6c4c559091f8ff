/** Digests of schemas. schema-language.md §11. */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** Lower-case hex SHA-256; a text counts as its UTF-8 bytes. */
export function sha256Hex(content: string | Uint8Array): string {
  return bytesToHex(sha256(typeof content === 'string' ? utf8ToBytes(content) : content));
}

/** The cluster's schema digest: hex SHA-256, without prefix, of the raw source bytes. A comment changes it. */
export const schemaDigest = sha256Hex;
