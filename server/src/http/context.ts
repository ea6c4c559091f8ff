import type { CheckedQuery, QueryDescriptor } from 'omnigraph-language';
import type { Graph } from '../engine/index.js';
import type { Admission } from './admission.js';
import type { Gate } from './gate.js';
import type { RuntimeState } from './runtime-state.js';
import type { TokenBook } from './tokens.js';

/** A stored query of an applied graph, checked against the live schema at boot. */
export interface StoredQuery {
  readonly query: CheckedQuery;
  readonly descriptor: QueryDescriptor;
}

export interface ServedGraph {
  readonly id: string;
  /** Display address of the root. */
  readonly uri: string;
  readonly graph: Graph;
  readonly gate: Gate;
  readonly queries: ReadonlyMap<string, StoredQuery>;
}

/** Everything a request may consult. Fixed at boot: the server never reloads (server.md §1). */
export interface ServerContext {
  readonly version: string;
  readonly state: RuntimeState;
  readonly tokens: TokenBook;
  readonly serverGate: Gate;
  readonly graphs: ReadonlyMap<string, ServedGraph>;
  readonly admission: Admission;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** From the bearer token alone (policy.md §1.5); null in open mode. */
    actor: string | null;
    /** The graph the path names; set on every route below `/graphs/{graph_id}`. */
    served: ServedGraph | null;
  }
}
