/**
 * Digests of everything a cluster declares. Contract: cluster.md §6, whose vectors are tests. A digest is lowercase
 * hexadecimal SHA-256 over UTF-8; fields are closed by one NUL byte so that no two inputs run into each other.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { byCodeUnit } from './address.js';
import type { BlobPolicy } from './blob-policy.js';
import type { ClusterConfig, EmbeddingProfile, GraphEntry } from './config.js';
import { profileOf } from './config.js';
import { compactJson } from './json-text.js';

const NUL = '\0';

/** Of a text (its UTF-8 bytes) or of bytes: schema, query and policy files, stored documents. */
export const contentDigest = (content: string | Uint8Array): string => bytesToHex(sha256(content));

/** `sha256:…`, the form in which a ledger's identity is reported and remembered (`state_cas`). */
export const stateCas = (content: string | Uint8Array): string => `sha256:${contentDigest(content)}`;

export const providerDigest = ({ kind, base_url, model, api_key }: EmbeddingProfile): string =>
  contentDigest(`embedding-provider${NUL}${compactJson({ kind, base_url, model, api_key })}`);

export interface GraphParts {
  readonly id: string;
  /** `undefined` when unknown. */
  readonly schema: string | undefined;
  /** Query name → digest of its file. */
  readonly queries: ReadonlyMap<string, string>;
  readonly provider?: { readonly address: string; readonly digest: string | undefined };
  /** Absent means Deny. */
  readonly blobPolicy?: BlobPolicy | undefined;
}

/** The digest of a graph: of its parts and of the metadata the ledger keeps for it. */
export function graphComposite(graph: GraphParts): string {
  const fields = ['graph', graph.id, 'schema', graph.schema ?? ''];
  for (const [name, digest] of [...graph.queries].sort(([a], [b]) => byCodeUnit(a, b))) {
    fields.push('query', name, digest);
  }
  if (graph.provider) fields.push('embedding_provider', graph.provider.address, graph.provider.digest ?? '');
  if (graph.blobPolicy) fields.push('external_blob_policy', blobPolicyJson(graph.blobPolicy));
  return contentDigest(fields.map((field) => field + NUL).join(''));
}

/** The digest of a whole desired revision: the canonical configuration and every resource it names. */
export function configDigest(config: ClusterConfig, resourceDigests: ReadonlyMap<string, string>): string {
  const fields = ['cluster-config', canonicalConfigJson(config)];
  for (const [address, digest] of [...resourceDigests].sort(([a], [b]) => byCodeUnit(a, b))) {
    fields.push(address, digest);
  }
  return contentDigest(fields.map((field) => field + NUL).join(''));
}

/** The configuration without comments, layout and key order, but in the forms its author chose. */
export function canonicalConfigJson(config: ClusterConfig): string {
  return compactJson({
    version: config.version.value,
    metadata: { name: config.metadataName?.value ?? null },
    storage: config.storage?.value ?? null,
    state: { backend: config.stateBackend?.value ?? null, lock: config.stateLock?.value ?? null },
    providers: { embedding: mapped(config.providers, profileOf) },
    graphs: mapped(config.graphs, canonicalGraph),
    policies: mapped(config.policies, ({ file, appliesTo }) => ({
      file: file.value,
      applies_to: appliesTo.value.map((target) => target.value),
    })),
  });
}

function canonicalGraph(graph: GraphEntry): unknown {
  const allow = graph.externalBlobs?.allow ?? [];
  return {
    schema: graph.schema.value,
    queries: canonicalQueries(graph),
    embedding_provider: graph.embeddingProvider?.value ?? null,
    external_blobs:
      allow.length === 0
        ? undefined
        : { allow: allow.map(({ base, scope }) => ({ base: base.value, scope: scope.value })) },
  };
}

function canonicalQueries({ queries }: GraphEntry): unknown {
  if (queries === undefined) return {};
  switch (queries.form) {
    case 'path':
      return queries.path.value;
    case 'list':
      return queries.paths.map((path) => path.value);
    case 'map':
      return mapped(queries.entries, ({ file }) => ({ file: file.value }));
    default:
      return queries satisfies never;
  }
}

const blobPolicyJson = ({ mode, bases }: BlobPolicy): string =>
  compactJson({ mode, bases: bases.map(({ uri, scope }) => ({ uri, scope })) });

const mapped = <A>(map: ReadonlyMap<string, A>, change: (value: A) => unknown): ReadonlyMap<string, unknown> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
