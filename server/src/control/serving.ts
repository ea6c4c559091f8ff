/**
 * The serving read: what a server serves, verified, from one read of the ledger. Contract: cluster.md §17 steps 1 to 7,
 * server.md §3. It takes no lock, writes nothing and never sweeps; a held lock is no concern of it.
 */
import {
  type BlobPolicy,
  CLUSTER_BINDING,
  checkComposites,
  clusterError,
  type Diagnostic,
  type EmbeddingProfile,
  graphAddress,
  type Ledger,
  parseAddress,
  reportedDiagnostic,
  STATE_KEY,
} from 'omnigraph-language';
import type { Environment, ObjectStore } from '../storage/index.js';
import { graphLocationOf } from './cluster-store.js';
import { readLedger } from './ledger.js';
import { type ControlRuntime, runtimeOf } from './runtime.js';
import { readServedPayloads, type ServedPayloads, type ServingPolicy, type ServingQuery } from './serving-payloads.js';
import { checkServedProviders } from './serving-providers.js';
import { readQuarantine } from './serving-quarantine.js';
import { openServingSource } from './serving-source.js';

export interface ServingGraph {
  readonly id: string;
  /** Path or URI of its root. */
  readonly root: string;
  /** By name, in name order. */
  readonly queries: readonly ServingQuery[];
  readonly policy?: ServingPolicy;
  /** Its secret still an unresolved `${NAME}`. */
  readonly provider?: EmbeddingProfile;
  /** As recorded; a server keeps only the `server_safe` bases of it. Absent means Deny. */
  readonly blobPolicy?: BlobPolicy;
}

export interface ServingState {
  /** The storage root, as shown to people. */
  readonly location: string;
  readonly revision: number;
  readonly configDigest: string | null;
  /** In id order; at least one. */
  readonly graphs: readonly ServingGraph[];
  readonly clusterPolicy?: ServingPolicy;
  /** Graphs left out because a recovery is pending, in id order. */
  readonly quarantined: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

export type ServingReading =
  | { readonly kind: 'ready'; readonly state: ServingState }
  | {
      readonly kind: 'refused';
      readonly location: string;
      readonly errors: readonly Diagnostic[];
      readonly warnings: readonly Diagnostic[];
    };

export interface ServingOptions {
  /** Config directory, or storage root with `://`. */
  readonly cluster: string;
  readonly env?: Environment;
  readonly runtime?: Partial<ControlRuntime>;
}

/** Reads and verifies what there is to serve. Every problem is collected before boot is refused. */
export async function readServingState(options: ServingOptions): Promise<ServingReading> {
  const runtime = runtimeOf({ ...options, configDir: options.cluster });
  const source = await openServingSource(options.cluster, runtime);
  if (source.kind === 'refused') {
    return { kind: 'refused', location: options.cluster, errors: [source.error], warnings: [] };
  }
  const { store } = source;
  const quarantine = await readQuarantine(store);
  const warnings = [...source.warnings, ...quarantine.warnings];
  const refuse = (errors: readonly Diagnostic[]): ServingReading => ({
    kind: 'refused',
    location: store.location,
    errors,
    warnings,
  });

  const snapshot = await readLedger(store);
  if (snapshot.kind === 'missing') return refuse([...quarantine.errors, stateMissing()]);
  if (snapshot.kind !== 'ledger') return refuse([...quarantine.errors, snapshot.diagnostic]);
  const { ledger } = snapshot;
  const served = graphIdsOf(ledger).filter((graph) => !quarantine.graphs.has(graph));
  const payloads = await readServedPayloads(store, ledger, quarantine.graphs);
  const errors = [
    ...quarantine.errors,
    ...checkServedProviders(ledger, served),
    ...checkServedComposites(ledger, served),
    ...payloads.errors,
    ...checkAnythingIsServed(ledger, served),
  ];
  if (errors.length > 0) return refuse(errors);
  return { kind: 'ready', state: servingState(store, ledger, served, payloads, [...quarantine.graphs], warnings) };
}

/** The refusal as the server prints it: a heading, then one line per error and warning (server.md §3.3). */
export const renderBootRefusal = (refusal: Extract<ServingReading, { kind: 'refused' }>): string =>
  [
    `the cluster at ${refusal.location} is not ready to serve:`,
    ...[...refusal.errors, ...refusal.warnings].map(renderBootDiagnostic),
  ].join('\n');

/** `[code] path: message`, remedy included. */
export function renderBootDiagnostic(diagnostic: Diagnostic): string {
  const { code, path, message } = reportedDiagnostic(diagnostic);
  return `[${code}] ${path}: ${message}`;
}

const stateMissing = (): Diagnostic =>
  clusterError('cluster_state_missing', STATE_KEY, 'nothing has been applied to this cluster', {
    remedy: 'run `omnigraph cluster import`, then `omnigraph cluster apply`',
  });

const graphIdsOf = (ledger: Ledger): readonly string[] =>
  [...ledger.applied_revision.resources.keys()].flatMap((address) => {
    const parsed = parseAddress(address);
    return parsed.kind === 'graph' ? [parsed.graph] : [];
  });

const checkServedComposites = (ledger: Ledger, served: readonly string[]): readonly Diagnostic[] => {
  const addresses = new Set(served.map(graphAddress));
  return checkComposites(ledger.applied_revision.resources).filter(
    ({ path }) => path !== undefined && addresses.has(path),
  );
};

function checkAnythingIsServed(ledger: Ledger, served: readonly string[]): readonly Diagnostic[] {
  if (served.length > 0) return [];
  if (graphIdsOf(ledger).length === 0) {
    return [
      clusterError('cluster_empty', STATE_KEY, 'the applied revision has no graph', {
        remedy: 'declare at least one graph and run `omnigraph cluster apply`',
      }),
    ];
  }
  return [
    clusterError(
      'cluster_no_healthy_graphs',
      STATE_KEY,
      'every graph waits for the recovery of an interrupted operation',
      {
        remedy: 'run `omnigraph cluster apply`, then restart the server',
      },
    ),
  ];
}

function servingState(
  store: ObjectStore,
  ledger: Ledger,
  served: readonly string[],
  payloads: ServedPayloads,
  quarantined: readonly string[],
  warnings: readonly Diagnostic[],
): ServingState {
  const { resources } = ledger.applied_revision;
  const clusterPolicy = payloads.policyOf.get(CLUSTER_BINDING);
  return {
    location: store.location,
    revision: ledger.state_revision,
    configDigest: ledger.applied_revision.config_digest,
    graphs: served.map((id): ServingGraph => {
      const entry = resources.get(graphAddress(id));
      const policy = payloads.policyOf.get(graphAddress(id));
      const address = entry?.embedding_provider;
      const provider = address === undefined ? undefined : resources.get(address)?.embedding_profile;
      const blobPolicy = entry?.external_blob_policy;
      return {
        id,
        root: graphLocationOf(store, id),
        queries: payloads.queriesOf.get(id) ?? [],
        ...(policy && { policy }),
        ...(provider && { provider }),
        ...(blobPolicy && { blobPolicy }),
      };
    }),
    ...(clusterPolicy && { clusterPolicy }),
    quarantined,
    warnings,
  };
}
