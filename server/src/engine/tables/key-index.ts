/**
 * From key to row over the raw UTF-8 bytes of a column. Building adjacency looks up both ends of every edge; making a
 * string of each and asking a `Map` costs about ten times as much.
 */
import type { Vector } from 'apache-arrow';

/** A text column as it lies in memory: text r is `bytes[offsets[r] .. offsets[r + 1]]`. */
export interface TextBytes {
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Joins the chunks of a text column without nulls. */
export function textBytes(vector: Vector): TextBytes {
  const offsets = new Uint32Array(vector.length + 1);
  const parts: Uint8Array[] = [];
  let row = 0;
  let size = 0;
  for (const data of vector.data) {
    const own: Int32Array = data.valueOffsets;
    const first = own[0] ?? 0;
    for (let at = 1; at <= data.length; at += 1) {
      row += 1;
      offsets[row] = size + (own[at] ?? 0) - first;
    }
    const last = own[data.length] ?? 0;
    parts.push(data.values.subarray(first, last));
    size += last - first;
  }
  // Always a plain Uint8Array: one shape for the inner loops.
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { offsets, bytes };
}

export interface KeyIndex {
  /** The row holding each text of `texts`; `MISSING` where no row does. */
  rowsOf(texts: TextBytes): Uint32Array;
}

export const MISSING = 0xffffffff;

/**
 * Indexes distinct keys: open addressing, at most half full. Row and hash of a slot lie side by side, because the time
 * goes into cache misses.
 */
export function keyIndex({ offsets, bytes }: TextBytes): KeyIndex {
  const count = offsets.length - 1;
  const mask = 2 ** Math.ceil(Math.log2(Math.max(count * 2, 2))) - 1;
  const slots = new Uint32Array((mask + 1) * 2).fill(MISSING);
  for (let row = 0; row < count; row += 1) {
    const hash = hashOf(bytes, offsets[row] as number, offsets[row + 1] as number);
    let slot = hash & mask;
    while (slots[slot * 2] !== MISSING) slot = (slot + 1) & mask;
    slots[slot * 2] = row;
    slots[slot * 2 + 1] = hash;
  }

  const find = (text: Uint8Array, from: number, to: number): number => {
    const hash = hashOf(text, from, to);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot * 2] as number;
      if (row === MISSING) return MISSING;
      if (slots[slot * 2 + 1] !== hash) continue;
      if (sameBytes(bytes, offsets[row] as number, offsets[row + 1] as number, text, from, to)) return row;
    }
  };

  return {
    rowsOf: (texts) => {
      const found = new Uint32Array(texts.offsets.length - 1);
      for (let at = 0; at < found.length; at += 1) {
        found[at] = find(texts.bytes, texts.offsets[at] as number, texts.offsets[at + 1] as number);
      }
      return found;
    },
  };
}

/** FNV-1a with a final mix, since slots are taken from the low bits. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function sameBytes(
  left: Uint8Array,
  leftFrom: number,
  leftTo: number,
  right: Uint8Array,
  rightFrom: number,
  rightTo: number,
): boolean {
  if (leftTo - leftFrom !== rightTo - rightFrom) return false;
  for (let at = leftFrom, other = rightFrom; at < leftTo; at += 1, other += 1) {
    if (left[at] !== right[other]) return false;
  }
  return true;
}
