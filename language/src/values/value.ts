/**
 * How property values look in memory, everywhere: parameters, literals, load, the executor, constraint checks.
 *
 * | type | value |
 * |---|---|
 * | String, enum | string |
 * | Bool | boolean |
 * | I32 U32 F32 F64 | number (F32 already rounded to its width) |
 * | I64 U64 | bigint |
 * | Date | number: days since 1970-01-01 |
 * | DateTime | number: milliseconds since the epoch, UTC |
 * | Vector(n) | array of n numbers (F32) |
 * | [T] | array |
 * | Blob | BlobValue |
 */
interface ManagedBlob {
  readonly bytes: Uint8Array;
}

interface ExternalBlob {
  readonly uri: string;
}

type BlobValue = ManagedBlob | ExternalBlob;

export type Value = null | boolean | string | number | bigint | BlobValue | readonly Value[];
