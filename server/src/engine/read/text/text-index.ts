/** An inverted index of one text column: term → rows that hold it. Semantics: query-language.md §7.1. */
import { RowBuffer } from '../row-buffer.js';
import { isWithinEdits } from './edit-distance.js';
import { tokenise } from './tokenise.js';

export interface TextIndex {
  readonly rowCount: number;
  readonly postings: ReadonlyMap<string, Uint32Array>;
}

export function buildTextIndex(values: readonly (string | null)[]): TextIndex {
  const buffers = new Map<string, RowBuffer>();
  for (const [row, text] of values.entries()) {
    if (text === null) continue;
    for (const term of new Set(tokenise(text))) {
      const rows = buffers.get(term) ?? new RowBuffer();
      rows.push(row);
      buffers.set(term, rows);
    }
  }
  return {
    rowCount: values.length,
    postings: new Map([...buffers].map(([term, rows]) => [term, rows.toArray()])),
  };
}

/** One byte per row, 1 = the row shares a term with the query, up to `maxEdits` edits per term. */
export function matchText(index: TextIndex, query: string, maxEdits: number): Uint8Array {
  const flags = new Uint8Array(index.rowCount);
  for (const term of new Set(tokenise(query))) {
    for (const rows of postingsOf(index, term, maxEdits)) for (const row of rows) flags[row] = 1;
  }
  return flags;
}

export function textIndexBytes(index: TextIndex): number {
  let bytes = 0;
  for (const [term, rows] of index.postings) bytes += rows.byteLength + term.length * 2 + 100;
  return bytes;
}

function postingsOf(index: TextIndex, term: string, maxEdits: number): readonly Uint32Array[] {
  if (maxEdits === 0) {
    const rows = index.postings.get(term);
    return rows === undefined ? [] : [rows];
  }
  return [...index.postings].filter(([known]) => isWithinEdits(known, term, maxEdits)).map(([, rows]) => rows);
}
