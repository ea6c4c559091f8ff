/**
 * All places of a symbol, over every file that may mention it: the schema, the queries that are checked against it, and
 * the `cluster.yaml` files that name them.
 */
import type { Location, Range } from 'vscode-languageserver';
import type { SourceRange } from '../../diagnostics/index.js';
import type { Catalog } from '../../schema/index.js';
import type { ClusterDocument, EditorDocument, QueryDocument, SchemaDocument } from '../documents.js';
import { rangeOfSpan, touches } from '../positions.js';
import { canonicalUri, parentUri, resolvePath } from '../uris.js';
import type { Workspace } from '../workspace.js';
import { type Mention, type Mentions, mentionAt, mentionsInQuery, mentionsInSchema } from './mentions.js';
import { declaringKeys, type EditorSymbol, keysOf, type SchemaSymbol } from './symbol.js';

export interface Occurrence extends Location {
  readonly declares: boolean;
  readonly document: EditorDocument;
  /** What is written there. */
  readonly text: string;
  /** Between parentheses of a schema. */
  readonly argument: boolean;
  /** The query declaration it stands in. */
  readonly query?: { readonly name: string; readonly range: Range };
  /** Among the keys of a symbol of a schema, the one it is mentioned under. */
  readonly key?: string;
}

export interface SymbolAt {
  readonly symbol: EditorSymbol;
  readonly range: Range;
}

/** What the name at a cursor means; `undefined` on anything that only its own file knows, or nobody. */
export function symbolAt(document: EditorDocument, offset: number): SymbolAt | undefined {
  switch (document.kind) {
    case 'schema':
      return inDeclarations(document, document.uri, offset);
    case 'query':
      return queryNameAt(document, offset) ?? inDeclarations(document, schemaUriOf(document), offset);
    case 'cluster':
      return inCluster(document, offset);
    case 'policy':
    case 'policy-tests':
      return undefined;
    default:
      return document satisfies never;
  }
}

/** Every place of a symbol, declarations included: by file, in order of place. */
export async function occurrencesOf(symbol: EditorSymbol, workspace: Workspace): Promise<readonly Occurrence[]> {
  switch (symbol.kind) {
    case 'type':
    case 'property':
    case 'enum-value': {
      const schema = await schemaDocumentOf(symbol, workspace);
      if (schema === undefined) return [];
      return occurrencesIn([schema, ...(await workspace.queriesOf(schema.uri))], symbol, schema.catalog);
    }
    case 'query':
      return queryOccurrences(symbol, workspace);
    case 'graph': {
      const document = await workspace.load(symbol.cluster);
      return document?.kind === 'cluster' ? clusterOccurrences(document, { graph: symbol.name }) : [];
    }
    default:
      return symbol satisfies never;
  }
}

/** The same over documents at hand. */
export function occurrencesIn(
  documents: readonly (SchemaDocument | QueryDocument)[],
  symbol: SchemaSymbol,
  catalog: Catalog,
): readonly Occurrence[] {
  const keys = keysOf(symbol, catalog);
  return documents.flatMap((document) =>
    placedMentions(document).flatMap(({ offset, mentions, query }) =>
      keys
        .flatMap((key) => mentions.byKey.get(key) ?? [])
        .sort((left, right) => left.span.offset - right.span.offset)
        .map((mention) => occurrence(document, offset, mention, query)),
    ),
  );
}

/** Where a symbol is declared; for an injected property where its interface declares it. */
export async function definitionsOf(symbol: EditorSymbol, workspace: Workspace): Promise<readonly Occurrence[]> {
  const declared = (await occurrencesOf(symbol, workspace)).filter(({ declares }) => declares);
  if (symbol.kind === 'query' || symbol.kind === 'graph') return declared;
  const schema = await schemaDocumentOf(symbol, workspace);
  const steps = schema === undefined ? [] : declaringKeys(symbol, schema.catalog);
  for (const keys of steps) {
    const found = declared.filter(({ key }) => key !== undefined && keys.includes(key));
    if (found.length > 0) return found;
  }
  return [];
}

export async function schemaDocumentOf(
  { schema }: SchemaSymbol,
  workspace: Workspace,
): Promise<SchemaDocument | undefined> {
  const document = await workspace.load(schema);
  return document?.kind === 'schema' ? document : undefined;
}

interface PlacedMentions {
  readonly offset: number;
  readonly mentions: Mentions;
  readonly query?: { readonly name: string; readonly range: Range };
}

function placedMentions(document: SchemaDocument | QueryDocument): readonly PlacedMentions[] {
  if (document.kind === 'schema') {
    return document.compiled.declarations.flatMap(({ offset, syntax }) =>
      syntax === null ? [] : [{ offset, mentions: mentionsInSchema(syntax) }],
    );
  }
  return document.compiled.declarations.map((declaration) => {
    const { offset, syntax } = declaration;
    const mentions = mentionsInQuery(declaration);
    if (syntax === undefined) return { offset, mentions };
    const range = rangeOfSpan(syntax.name.span, document.lines, offset);
    return { offset, mentions, query: { name: syntax.name.text, range } };
  });
}

function occurrence(
  document: SchemaDocument | QueryDocument,
  base: number,
  { span, declares, argument, key }: Mention,
  query: PlacedMentions['query'],
): Occurrence {
  const start = base + span.offset;
  return {
    uri: document.uri,
    range: rangeOfSpan(span, document.lines, base),
    document,
    text: document.text.slice(start, start + span.length),
    declares,
    argument,
    key,
    ...(query && { query }),
  };
}

function inDeclarations(
  document: SchemaDocument | QueryDocument,
  schema: string | undefined,
  offset: number,
): SymbolAt | undefined {
  if (schema === undefined) return undefined;
  for (const { offset: base, mentions } of placedMentions(document)) {
    if (base > offset) break;
    const found = mentionAt(mentions, offset - base);
    if (found !== undefined) {
      return { symbol: { ...found.symbol, schema }, range: rangeOfSpan(found.span, document.lines, base) };
    }
  }
  return undefined;
}

/** The URI of the schema a query file is checked against. */
export const schemaUriOf = ({ schema }: QueryDocument): string | undefined =>
  schema.by === 'none' ? undefined : schema.uri;

// Queries and graphs

function queryNameAt(document: QueryDocument, offset: number): SymbolAt | undefined {
  for (const { offset: base, syntax } of document.compiled.declarations) {
    if (syntax === undefined || !touches(syntax.name.span, offset - base)) continue;
    const symbol = { kind: 'query', file: document.uri, name: syntax.name.text } as const;
    return { symbol, range: rangeOfSpan(syntax.name.span, document.lines, base) };
  }
  return undefined;
}

async function queryOccurrences(
  { file, name }: Extract<EditorSymbol, { readonly kind: 'query' }>,
  workspace: Workspace,
): Promise<readonly Occurrence[]> {
  const document = await workspace.load(file);
  if (document?.kind !== 'query') return [];
  const declared = document.compiled.declarations.flatMap(({ offset, syntax }): readonly Occurrence[] => {
    if (syntax?.name.text !== name) return [];
    const range = rangeOfSpan(syntax.name.span, document.lines, offset);
    return [
      { uri: document.uri, range, document, text: name, declares: true, argument: false, query: { name, range } },
    ];
  });
  const owners = [...new Set(workspace.ownersOf(file).map(({ cluster }) => cluster.uri))];
  const clusters = await Promise.all(owners.map((uri) => workspace.load(uri)));
  const named = clusters.flatMap((cluster) =>
    cluster?.kind === 'cluster' ? clusterOccurrences(cluster, { query: name, file: canonicalUri(file) }) : [],
  );
  return [...declared, ...named];
}

type ClusterName = { readonly graph: string } | { readonly query: string; readonly file: string };

function clusterOccurrences(document: ClusterDocument, wanted: ClusterName): readonly Occurrence[] {
  return clusterNames(document).flatMap(({ symbol, range, declares }) => {
    const matches =
      'graph' in wanted
        ? symbol.kind === 'graph' && symbol.name === wanted.graph
        : symbol.kind === 'query' && symbol.name === wanted.query && symbol.file === wanted.file;
    if (!matches) return [];
    const inner = withoutQuotes(document.text, range);
    const text = document.text.slice(inner.offset, inner.offset + inner.length);
    return [
      { uri: document.uri, range: rangeOfSpan(inner, document.lines), document, text, declares, argument: false },
    ];
  });
}

function inCluster(document: ClusterDocument, offset: number): SymbolAt | undefined {
  const found = clusterNames(document).find(({ range }) => touches(range, offset));
  if (found === undefined) return undefined;
  return { symbol: found.symbol, range: rangeOfSpan(withoutQuotes(document.text, found.range), document.lines) };
}

interface ClusterNameAt {
  readonly symbol: Extract<EditorSymbol, { readonly kind: 'query' | 'graph' }>;
  readonly range: SourceRange;
  readonly declares: boolean;
}

function clusterNames({ config, uri }: ClusterDocument): readonly ClusterNameAt[] {
  if (config === undefined) return [];
  const folder = parentUri(canonicalUri(uri)) ?? uri;
  const graphs = [...config.graphs.values()].flatMap(({ id, queries }): readonly ClusterNameAt[] => [
    { symbol: { kind: 'graph', cluster: uri, name: id.value }, range: id.range, declares: true },
    ...(queries?.form !== 'map' ? [] : [...queries.entries.values()]).map(
      ({ name, file }): ClusterNameAt => ({
        symbol: { kind: 'query', file: resolvePath(folder, file.value), name: name.value },
        range: name.range,
        declares: false,
      }),
    ),
  ]);
  const bound = [...config.policies.values()].flatMap(({ appliesTo }) =>
    appliesTo.value.flatMap(({ value, range }): readonly ClusterNameAt[] =>
      config.graphs.has(value)
        ? [{ symbol: { kind: 'graph', cluster: uri, name: value }, range, declares: false }]
        : [],
    ),
  );
  return [...graphs, ...bound];
}

function withoutQuotes(text: string, { offset, length }: SourceRange): { offset: number; length: number } {
  const first = text.charAt(offset);
  const quoted = length >= 2 && (first === '"' || first === "'") && text.charAt(offset + length - 1) === first;
  return quoted ? { offset: offset + 1, length: length - 2 } : { offset, length };
}
