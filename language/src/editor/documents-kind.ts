/** What kind of document a file is: by its name, by what a cluster says of it, and for unnamed ones by the client. */
import { CONFIG_FILE } from '../cluster/index.js';
import type { DocumentKind } from './documents.js';
import { nameOf } from './uris.js';

/** By name alone; `undefined` for a file that only a cluster or a client can make one of ours. */
export function kindByName(uri: string): DocumentKind | undefined {
  const name = nameOf(uri);
  if (name === CONFIG_FILE) return 'cluster';
  if (name.endsWith('.pg')) return 'schema';
  if (name.endsWith('.gq')) return 'query';
  if (/\.policy\.tests\.ya?ml$/.test(name)) return 'policy-tests';
  if (/\.policy\.ya?ml$/.test(name)) return 'policy';
  return undefined;
}

/** The language ids that our own client uses, for documents whose names say nothing. */
export const kindByLanguage = (languageId: string): DocumentKind | undefined => LANGUAGES.get(languageId);

const LANGUAGES: ReadonlyMap<string, DocumentKind> = new Map([
  ['omnigraph-schema', 'schema'],
  ['omnigraph-query', 'query'],
  ['omnigraph-cluster', 'cluster'],
  ['omnigraph-policy', 'policy'],
  ['omnigraph-policy-tests', 'policy-tests'],
]);
