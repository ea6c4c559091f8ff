/** The test vectors of cluster.md §6. */
import {
  type BlobPolicy,
  canonicalConfigJson,
  configDigest,
  contentDigest,
  type GraphParts,
  graphComposite,
  providerDigest,
  readClusterConfig,
  stateCas,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { CLUSTER_YAML, FLEET_GQ, FLEET_PG, GATE_POLICY } from './fleet.js';

const SCHEMA = '0c9f48183d3f458eaf407aa849f9422b2ecced2aae6c51c80e3fac8e5083c34b';
const QUERY = '4f924c1600e4e5da1b9b86c5e2415a34665f6e168f735af460b196970d1d93f9';
const POLICY = '7f2c43106364d8112fcc3060e4ab8b20f5d1a17d9cbf3c2540529663004adff8';
const PROVIDER = '38c99f00ad7130fb7cb2b94458208dff3af509e01150b96b042f33244939f3de';
const COMPOSITE = 'ffe678290d36c6a8cdda2429acca43650418f61578e370c7c62d41405de8a0f7';

const config = (yaml: string) => {
  const { config, diagnostics } = readClusterConfig(yaml, 'cluster.yaml');
  if (config === undefined) throw new Error(JSON.stringify(diagnostics));
  return config;
};

describe('file and provider digests', () => {
  test.each([
    ['schema', FLEET_PG, SCHEMA],
    ['query', FLEET_GQ, QUERY],
    ['policy', GATE_POLICY, POLICY],
  ])('%s', (_, text, digest) => expect(contentDigest(text)).toBe(digest));

  test('bytes and text agree', () =>
    expect(contentDigest(new TextEncoder().encode('naïve\r\n'))).toBe(contentDigest('naïve\r\n')));

  test('provider', () => expect(providerDigest({ model: 'demo-8', kind: 'mock' })).toBe(PROVIDER));

  test('state cas', () => expect(stateCas(FLEET_PG)).toBe(`sha256:${SCHEMA}`));
});

describe('graph composite', () => {
  const allow: BlobPolicy = {
    mode: 'allow',
    bases: [{ uri: 's3://harbour-assets/fleet/', scope: 'server_safe' }],
  };
  const fleet: GraphParts = { id: 'fleet', schema: SCHEMA, queries: new Map([['vessel_by_imo', QUERY]]) };
  test.each<[string, GraphParts, string]>([
    ['schema and one query', fleet, COMPOSITE],
    [
      'bound to a provider',
      { ...fleet, provider: { address: 'provider.embedding.default', digest: PROVIDER } },
      '369160ca337fe5e4295dd94e0c6df0f1ade60e553933eddf3c01e36267c9b7f7',
    ],
    [
      'with a blob policy',
      { ...fleet, blobPolicy: allow },
      'dfc3ecafea8293087618a18393e1a4be729409603d6defda795e8e98ce92de18',
    ],
    [
      'no schema, no queries',
      { id: 'fleet', schema: undefined, queries: new Map() },
      'c8f953b6cc6c06da810610569aedd235fcc719d1c8c2a5d86075b00e9b911f44',
    ],
  ])('%s', (_, parts, digest) => expect(graphComposite(parts)).toBe(digest));
});

describe('config digest', () => {
  const digests = new Map([
    ['schema.fleet', SCHEMA],
    ['graph.fleet', COMPOSITE],
    ['query.fleet.vessel_by_imo', QUERY],
    ['policy.gate', POLICY],
  ]);
  const EXPECTED = 'a318644e298d35e9844f996b6344c715e68f8428aae5faeeb3cd0e3ea6e4b34e';

  test('canonical JSON', () =>
    expect(canonicalConfigJson(config(CLUSTER_YAML))).toBe(
      '{"version":1,"metadata":{"name":null},"storage":null,"state":{"backend":null,"lock":null},"providers":{"embedding":{}},"graphs":{"fleet":{"schema":"fleet.pg","queries":"queries/","embedding_provider":null}},"policies":{"gate":{"file":"gate.policy.yaml","applies_to":["fleet"]}}}',
    ));

  test.each([
    ['as written', CLUSTER_YAML],
    [
      'comments, flow style and another key order',
      '# ours\npolicies: { gate: { applies_to: [fleet], file: "gate.policy.yaml" } }\ngraphs: {fleet: {queries: queries/, schema: fleet.pg}}\nversion: 1 # one\n',
    ],
    ['keys left without a value', `${CLUSTER_YAML}metadata:\nstate:\nproviders:\n`],
  ])('%s gives the vector', (_, yaml) => expect(configDigest(config(yaml), digests)).toBe(EXPECTED));

  test.each([
    ['lock: true', `${CLUSTER_YAML}state: { lock: true }\n`],
    ['a list of one path', CLUSTER_YAML.replace('queries: queries/', 'queries: [queries/]')],
    ['a name', `${CLUSTER_YAML}metadata: { name: harbour }\n`],
  ])('%s changes it', (_, yaml) => expect(configDigest(config(yaml), digests)).not.toBe(EXPECTED));

  test('forms and user-chosen names survive', () =>
    expect(
      canonicalConfigJson(
        config(
          'version: 1\nstorage: " s3://b/p/ "\nproviders: {embedding: {z: {provider: mock, model: "m"}}}\ngraphs:\n  __proto__: {schema: a.pg, queries: {b: {file: q.gq}, a: {file: q.gq}}, embedding_provider: z, external_blobs: {allow: [{scope: server_safe, base: "s3://B/a"}]}}\n  "7": {schema: b.pg, queries: [x.gq, y/]}\n',
        ),
      ),
    ).toBe(
      '{"version":1,"metadata":{"name":null},"storage":" s3://b/p/ ","state":{"backend":null,"lock":null},"providers":{"embedding":{"z":{"kind":"mock","model":"m"}}},"graphs":{"7":{"schema":"b.pg","queries":["x.gq","y/"],"embedding_provider":null},"__proto__":{"schema":"a.pg","queries":{"a":{"file":"q.gq"},"b":{"file":"q.gq"}},"embedding_provider":"z","external_blobs":{"allow":[{"base":"s3://B/a","scope":"server_safe"}]}}},"policies":{}}',
    ));
});
