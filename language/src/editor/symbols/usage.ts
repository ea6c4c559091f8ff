/** Who uses a type or property: for lenses, hovers and the question "which queries break". */
import type { Location, Range } from 'vscode-languageserver';
import type { EditorContext } from '../feature.js';
import { type Occurrence, occurrencesIn, schemaDocumentOf } from './occurrences.js';
import { locationOfOccurrence } from './references.js';
import type { SchemaSymbol } from './symbol.js';

export interface QueryUse {
  readonly uri: string;
  readonly name: string;
  /** Of the query's name. */
  readonly range: Range;
}

export interface Usage {
  /** Mentions other than declarations, in the schema and in queries. */
  readonly references: readonly Location[];
  /** The queries among them, each once, in order of place. */
  readonly queries: readonly QueryUse[];
}

export async function usageOf(symbol: SchemaSymbol, { workspace }: EditorContext): Promise<Usage> {
  const schema = await schemaDocumentOf(symbol, workspace);
  if (schema === undefined) return { references: [], queries: [] };
  return usageIn(occurrencesIn([schema, ...(await workspace.queriesOf(schema.uri))], symbol, schema.catalog));
}

export function usageIn(occurrences: readonly Occurrence[]): Usage {
  const mentions = occurrences.filter(({ declares }) => !declares);
  const queries = new Map<string, QueryUse>();
  for (const { uri, query } of mentions) {
    if (query === undefined) continue;
    const key = `${uri}#${query.range.start.line}:${query.range.start.character}`;
    if (!queries.has(key)) queries.set(key, { uri, ...query });
  }
  return { references: mentions.map(locationOfOccurrence), queries: [...queries.values()] };
}

/** `used in 3 queries: find_person, team, …`; `unused` when nothing mentions it. */
export function describeUsage({ references, queries }: Usage): string {
  if (queries.length === 0) return references.length === 0 ? 'Used nowhere.' : 'Used in no query.';
  const names = queries.slice(0, SHOWN).map(({ name }) => `\`${name}\``);
  const more = queries.length > SHOWN ? `, … (${queries.length})` : '';
  return `Used in ${queries.length === 1 ? 'query' : 'queries'} ${names.join(', ')}${more}.`;
}

/** So many queries a hover lists by name. */
const SHOWN = 6;
