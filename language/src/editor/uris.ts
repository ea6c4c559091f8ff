/**
 * URIs of files as keys and places. Clients spell one URI in several ways (`c:` and `c%3A`), so every look-up goes
 * through `canonicalUri`.
 */

/** One spelling per file: each segment decoded and encoded again, no slash at the end, drive letters in lower case. */
export function canonicalUri(uri: string): string {
  const known = spelled.get(uri);
  if (known !== undefined) return known;
  const { root, path } = splitUri(uri);
  const canonical = `${root}${path.split('/').map(canonicalSegment).join('/')}`.replace(/\/+$/, '');
  if (spelled.size >= MAX_SPELLED) spelled.clear();
  spelled.set(uri, canonical);
  return canonical;
}

/** Asked for at every keystroke. */
const spelled = new Map<string, string>();
const MAX_SPELLED = 20_000;

/** What a path in a file means, seen from its folder: relative, absolute, `./` and `..` included. */
export function resolvePath(folder: string, path: string): string {
  const { root, path: base } = splitUri(folder);
  const start = path.startsWith('/') ? [] : base.split('/').filter((segment) => segment !== '');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') start.pop();
    else start.push(encodeURIComponent(segment));
  }
  return canonicalUri(`${root}/${start.join('/')}`);
}

/** The folder a file or folder lies in; `undefined` at the top. */
export function parentUri(uri: string): string | undefined {
  const { root, path } = splitUri(uri.replace(/\/+$/, ''));
  const slash = path.lastIndexOf('/');
  if (slash === -1 || path.length <= 1) return undefined;
  return `${root}${path.slice(0, slash)}`;
}

export const childUri = (folder: string, name: string): string => `${folder}/${encodeURIComponent(name)}`;

/** The last segment, decoded. */
export const nameOf = (uri: string): string => decoded(uri.slice(uri.lastIndexOf('/') + 1));

/** The path as a person writes it: for messages. */
export function displayPath(uri: string): string {
  const { path } = splitUri(uri);
  return path.split('/').map(decoded).join('/');
}

/** Whether something lies in a folder, at any depth, or is the folder. */
export const isWithin = (uri: string, folder: string): boolean => uri === folder || uri.startsWith(`${folder}/`);

const SCHEME_AND_HOST = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/]*)?/;

function splitUri(uri: string): { readonly root: string; readonly path: string } {
  const root = SCHEME_AND_HOST.exec(uri)?.[0] ?? '';
  return { root, path: uri.slice(root.length) };
}

function canonicalSegment(segment: string): string {
  const text = decoded(segment);
  return encodeURIComponent(/^[A-Za-z]:$/.test(text) ? text.toLowerCase() : text);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    // A malformed escape is legal in a file name that nobody encoded.
    if (error instanceof URIError) return segment;
    throw error;
  }
}
