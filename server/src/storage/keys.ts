/**
 * Keys are relative, `/`-separated paths without empty, `.` or `..` parts, so that no key can leave the store it is
 * given to. A key that breaks the rule is a bug of the caller and throws.
 */
export function checkedKey(key: string): string {
  if (key.includes('\0') || key.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new TypeError(`not a storage key: ${JSON.stringify(key)}`);
  }
  return key;
}

/** Like `checkedKey`, for a place that holds keys: the empty prefix is the whole store and a trailing `/` is dropped. */
export function checkedPrefix(prefix: string): string {
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return bare === '' ? '' : checkedKey(bare);
}

export const joinKeys = (prefix: string, key: string): string =>
  prefix === '' ? key : key === '' ? prefix : `${prefix}/${key}`;

/** The first part of what is left of `key` below `prefix`, when that part is an object's name and not a folder's. */
export function nameDirectlyBelow(prefix: string, key: string): string | undefined {
  const lead = prefix === '' ? '' : `${prefix}/`;
  if (!key.startsWith(lead)) return undefined;
  const name = key.slice(lead.length);
  return name === '' || name.includes('/') ? undefined : name;
}

/** Ascending code-unit order, the only order of the control plane (cluster.md §5). */
export const byCodeUnit = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
