/**
 * JSON as the control plane writes it: `Map`s become objects sorted by code unit (so that a user-chosen name such as
 * `__proto__` or `7` is an ordinary key in its ordinary place), members that are `undefined` are left out, and
 * `bigint`s are plain digits. Strings are escaped as `JSON.stringify` does.
 */
import { byCodeUnit } from './address.js';

/** Any value `JSON.parse` gives. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One line, no spaces: the form that digests are taken over. */
export const compactJson = (value: unknown): string => write(value, '', '', ':');

/** Two-space indent and a trailing newline: the form of every stored document and report (cluster.md §8, §10). */
export const prettyJson = (value: unknown): string => `${write(value, '\n', '  ', ': ')}\n`;

function write(value: unknown, newline: string, indent: string, colon: string): string {
  const inner = newline === '' ? '' : newline + indent;
  const enclose = (open: string, parts: readonly string[], close: string): string =>
    parts.length === 0 ? open + close : `${open}${inner}${parts.join(`,${inner}`)}${newline}${close}`;

  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value))
    return enclose(
      '[',
      value.map((item) => write(item, inner, indent, colon)),
      ']',
    );
  const entries: readonly (readonly [string, unknown])[] =
    value instanceof Map
      ? [...(value as ReadonlyMap<string, unknown>)].sort(([left], [right]) => byCodeUnit(left, right))
      : Object.entries(value);
  const members = entries
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}${colon}${write(member, inner, indent, colon)}`);
  return enclose('{', members, '}');
}
