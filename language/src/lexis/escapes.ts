import type { Span } from './span.js';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * The value of a quoted text at `offset` (schema-language.md §2, query-language.md §1). An escape that does not exist
 * is given to `unknown`, as written and with its place, and kept.
 */
export function decodeString(quoted: string, offset: number, unknown: (written: string, at: Span) => void): string {
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\([\s\S])/g, (written, escaped: string, index: number) => {
    const value = ESCAPES.get(escaped);
    if (value === undefined) unknown(written, { offset: offset + 1 + index, length: 2 });
    return value ?? written;
  });
}
