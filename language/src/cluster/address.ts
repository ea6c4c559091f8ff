/**
 * Names of things in a cluster: resource ids, addresses and their order. Contract: cluster.md §3.7 and §5.
 * Addresses are plain strings, compared by code unit and never by locale, so every output is the same everywhere.
 */
export type ResourceKind = 'graph' | 'schema' | 'query' | 'policy' | 'embedding_provider';

/** An address taken apart. `unknown` ones may stand in an old ledger; they are kept and never executed. */
type ResourceAddress =
  | { readonly kind: 'graph'; readonly graph: string }
  | { readonly kind: 'schema'; readonly graph: string }
  | { readonly kind: 'query'; readonly graph: string; readonly query: string }
  | { readonly kind: 'policy'; readonly policy: string }
  | { readonly kind: 'embedding_provider'; readonly provider: string }
  | { readonly kind: 'unknown' };

export const graphAddress = (graph: string): string => `graph.${graph}`;
export const schemaAddress = (graph: string): string => `schema.${graph}`;
export const queryAddress = (graph: string, query: string): string => `query.${graph}.${query}`;
export const policyAddress = (policy: string): string => `policy.${policy}`;
export const providerAddress = (provider: string): string => `${PROVIDER_PREFIX}${provider}`;

export const PROVIDER_PREFIX = 'provider.embedding.';

/** Takes an address apart (§5): a query's graph ends at the first dot; whatever fits no form is `unknown`. */
export function parseAddress(address: string): ResourceAddress {
  const graph = after(address, 'graph.');
  if (graph !== undefined) return { kind: 'graph', graph };
  const schema = after(address, 'schema.');
  if (schema !== undefined) return { kind: 'schema', graph: schema };
  const policy = after(address, 'policy.');
  if (policy !== undefined) return { kind: 'policy', policy };
  const provider = after(address, PROVIDER_PREFIX);
  if (provider !== undefined) return { kind: 'embedding_provider', provider };
  const query = after(address, 'query.');
  const dot = query?.indexOf('.') ?? -1;
  if (query === undefined || dot === -1) return { kind: 'unknown' };
  return { kind: 'query', graph: query.slice(0, dot), query: query.slice(dot + 1) };
}

/** The graph an address belongs to: of a graph, its schema or one of its queries. */
export function owningGraph(address: string): string | undefined {
  const parsed = parseAddress(address);
  return parsed.kind === 'graph' || parsed.kind === 'schema' || parsed.kind === 'query' ? parsed.graph : undefined;
}

const RESOURCE_ID = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Whether a graph, provider, query or policy may carry this name (§3.7). */
export const isResourceId = (name: string): boolean => RESOURCE_ID.test(name);

const SERVABLE_GRAPH_ID = /^[A-Za-z0-9-]{1,64}$/;
const RESERVED_ROUTE_SEGMENTS: ReadonlySet<string> = new Set(['policies', 'healthz', 'openapi', 'graphs']);

/** Whether a server can route to a graph of this name (server.md §3.4, H6). */
export const isServableGraphId = (name: string): boolean =>
  SERVABLE_GRAPH_ID.test(name) && !RESERVED_ROUTE_SEGMENTS.has(name);

/** Ascending code-unit order, the only order of names in a cluster. */
export const byCodeUnit = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The same entries in ascending code-unit order of their keys. */
export const sortedMap = <T>(entries: Iterable<readonly [string, T]>): ReadonlyMap<string, T> =>
  new Map([...entries].sort(([left], [right]) => byCodeUnit(left, right)));

const after = (address: string, prefix: string): string | undefined =>
  address.startsWith(prefix) && address.length > prefix.length ? address.slice(prefix.length) : undefined;
