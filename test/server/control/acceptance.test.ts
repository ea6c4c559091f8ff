/** Acceptance scenarios of cluster.md §21 that go through real files and a real server: 3, 5, 7, 9, 61, 62, 64 and 65. */
import { readServingState, validateCluster } from 'omnigraph-server/control';
import { afterEach, describe, expect, test } from 'vitest';
import { type Served, type ServeOptions, serve } from '../http/client.js';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_QUERY,
  GATE,
  type Harbour,
  harbour,
  YARD,
} from './harbour.js';

const validate = (cluster: Harbour) => validateCluster({ configDir: cluster.dir });
const addressesOf = async (cluster: Harbour) => [...(await validate(cluster)).resource_digests.keys()];

describe('configuration', () => {
  test('3: graphs twice is a repeated key', async () => {
    const cluster = await harbour(`${clusterYaml(FLEET, '')}graphs:\n${FLEET}`);
    expect((await validate(cluster)).diagnostics).toMatchObject([{ code: 'duplicate_yaml_key', path: 'graphs' }]);
  });

  test('5: every declaration of every .gq file registers, and nothing else; a name in two of them does not', async () => {
    const cluster = await harbour();
    await cluster.write('queries/another.gq', FLEET_QUERY.replace('vessel_by_imo', 'another'));
    await cluster.write('queries/notes.txt', 'query not_this_one() {}');
    expect((await addressesOf(cluster)).filter((address) => address.startsWith('query.'))).toEqual([
      'query.fleet.another',
      'query.fleet.vessel_by_imo',
    ]);
    await cluster.write('queries/twice.gq', FLEET_QUERY);
    expect((await validate(cluster)).diagnostics).toMatchObject([
      { code: 'duplicate_query_name', path: 'graphs.fleet.queries.vessel_by_imo' },
    ]);
  });

  test.each<[string, string, readonly string[]]>([
    [
      'references to nothing',
      'gate: { file: gate.policy.yaml, applies_to: [query.fleet.x, ghost] }',
      ['wrong_kind_reference', 'dangling_graph_reference'],
    ],
    [
      'cluster and graph',
      'gate: { file: gate.policy.yaml, applies_to: [cluster, fleet] }',
      ['policy_mixed_binding_kinds'],
    ],
    [
      'one scope twice',
      'gate: { file: gate.policy.yaml, applies_to: [fleet] }\n  hall: { file: gate.policy.yaml, applies_to: [fleet] }',
      ['duplicate_policy_binding'],
    ],
  ])('7: %s', async (_, policies, codes) => {
    const report = await validate(await harbour(clusterYaml(FLEET, `policies:\n  ${policies}\n`)));
    expect(codesOf(report)).toEqual(codes);
    if (codes.includes('duplicate_policy_binding'))
      expect(report.diagnostics[0]?.message).toMatch(/gate.*hall|hall.*gate/);
  });

  const withBases = (...bases: readonly string[]) =>
    clusterYaml(
      `  fleet:\n    schema: fleet.pg\n    external_blobs:\n      allow:\n${bases.map((base) => `        - { ${base} }\n`).join('')}`,
      '',
    );

  test.each<[string, readonly string[], string]>([
    ['a file base for servers', ['base: "file:///srv/", scope: server_safe'], 'invalid_external_blob_base'],
    [
      'a base within a base',
      ['base: "s3://a/b/", scope: server_safe', 'base: "s3://a/b/c/", scope: server_safe'],
      'invalid_external_blob_policy',
    ],
  ])('9: %s', async (_, bases, code) =>
    expect(codesOf(await validate(await harbour(withBases(...bases))))).toEqual([code]),
  );

  test('9: a base is stored in its normal form', async () => {
    const cluster = await appliedHarbour(withBases('base: "S3://Bucket/a", scope: server_safe'));
    const { resources } = JSON.parse(await cluster.ledger()).applied_revision;
    expect(resources['graph.fleet'].external_blob_policy.bases).toEqual([
      { uri: 's3://bucket/a/', scope: 'server_safe' },
    ]);
  });
});

describe('serving', () => {
  const opened: Served[] = [];
  afterEach(async () => {
    for (const { server } of opened.splice(0)) await server.close();
  });

  const start = async (cluster: Harbour, options: ServeOptions = {}): Promise<Served> => {
    const served = await serve(cluster.dir, { unauthenticated: true, ...options });
    opened.push(served);
    return served;
  };

  const refusalOf = (cluster: Harbour, options: ServeOptions = {}): Promise<string> =>
    start(cluster, options).then(
      () => 'the server started',
      (reason: Error) => reason.message,
    );

  const sidecarFor = (graph: string): string =>
    JSON.stringify({
      schema_version: 1,
      operation_id: '01JZ0000000000000000000000',
      started_at: '2031-01-01T00:00:00Z',
      kind: 'schema_apply',
      graph_id: graph,
      graph_uri: 'anywhere',
      desired_schema_digest: 'none',
    });
  const SIDECAR = '__cluster/recoveries/01JZ0000000000000000000000.json';
  const statusOf = async (served: Served, graph: string): Promise<number> =>
    (await served.request('GET', `/graphs/${graph}/schema`)).status;

  test('61: of two graphs the one in recovery is absent; strict boot refuses, as does a boot with only that one', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD, ''));
    await cluster.write(SIDECAR, sidecarFor('yard'));
    const served = await start(cluster);
    expect([await statusOf(served, 'fleet'), await statusOf(served, 'yard')]).toEqual([200, 404]);
    const strict = await refusalOf(cluster, { requireAllGraphs: true });
    expect(strict).toContain('yard');
    expect(strict).toContain('cluster apply');

    const alone = await appliedHarbour(clusterYaml(FLEET, ''));
    await alone.write(SIDECAR, sidecarFor('fleet'));
    expect(await refusalOf(alone)).toContain('[cluster_no_healthy_graphs]');
  });

  test('62: a malformed sidecar could be about any graph', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD, ''));
    await cluster.write(SIDECAR, '{"schema_version":1}');
    expect(await refusalOf(cluster)).toContain('[invalid_recovery_sidecar]');
  });

  test('64: an unset provider variable keeps out only the graph that needs it', async () => {
    const cluster = await harbour(
      clusterYaml(
        '  fleet: { schema: fleet.pg, embedding_provider: default }\n  yard: { schema: yard.pg }\n',
        '',
        `providers:\n  embedding:\n    default: { kind: openai, api_key: "\${HARBOUR_TEST_KEY}" }\n`,
      ),
    );
    await cluster.import();
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    const without = await start(cluster);
    expect([await statusOf(without, 'fleet'), await statusOf(without, 'yard')]).toEqual([404, 200]);
    const withKey = await start(cluster, { env: { HARBOUR_TEST_KEY: 'sk-test' } });
    expect([await statusOf(withKey, 'fleet'), await statusOf(withKey, 'yard')]).toEqual([200, 200]);
    expect(await cluster.ledger()).not.toContain('sk-test');
  });

  test('65: a running server keeps its revision; a restarted one has the new one', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD, GATE));
    await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD, ''));
    expect(await cluster.apply()).toMatchObject({ converged: true });
    const running = await start(cluster);
    await cluster.write('cluster.yaml', clusterYaml(FLEET, ''));
    await cluster.approve('graph.yard');
    expect(await cluster.apply()).toMatchObject({ converged: true });
    // The graph is still routed, whatever became of its files; the ledger is not looked at again.
    expect(await statusOf(running, 'yard')).not.toBe(404);
    expect(await statusOf(running, 'fleet')).toBe(200);
    const restarted = await start(cluster);
    expect([await statusOf(restarted, 'fleet'), await statusOf(restarted, 'yard')]).toEqual([200, 404]);
    const reading = await readServingState({ cluster: cluster.dir, env: {} });
    expect(reading.kind === 'ready' && reading.state.graphs.map(({ id }) => id)).toEqual(['fleet']);
  });
});
