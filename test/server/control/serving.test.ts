/** The serving read: cluster.md §17 steps 1–7, scenarios 53, 57 and 59–63 of §21; server.md §3.3. */
import path from 'node:path';
import { type Sidecar, serializeSidecar } from 'omnigraph-language';
import { readServingState, renderBootRefusal, type ServingReading } from 'omnigraph-server/control';
import { openMemoryStore, StorageError } from 'omnigraph-server/storage';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { appliedHarbour, clusterYaml, FLEET, GATE, type Harbour, harbour, YARD } from './harbour.js';

const TWO = clusterYaml(FLEET + YARD, `${GATE}  hall: { file: gate.policy.yaml, applies_to: [cluster] }\n`);

const read = ({ dir }: Harbour): Promise<ServingReading> => readServingState({ cluster: dir, env: {} });

async function ready(reading: Promise<ServingReading>) {
  const outcome = await reading;
  if (outcome.kind === 'refused') throw new Error(renderBootRefusal(outcome));
  return outcome.state;
}

async function refusal(reading: Promise<ServingReading>) {
  const outcome = await reading;
  if (outcome.kind === 'ready') throw new Error('boot was not refused');
  return outcome;
}

const codesOf = async (reading: Promise<ServingReading>): Promise<readonly string[]> =>
  (await refusal(reading)).errors.map(({ code, path: at }) => `${code} ${at}`);

const sidecarFor = (graph: string, id = '01J00000000000000000000000'): Sidecar => ({
  schema_version: 1,
  operation_id: id,
  started_at: '2031-01-01T00:00:00Z',
  actor: null,
  kind: 'schema_apply',
  graph_id: graph,
  graph_uri: 'x',
  observed_manifest_version: 1,
  expected_manifest_version: null,
  desired_schema_digest: 'x',
  state_cas_base: null,
});

const putSidecar = (cluster: Harbour, sidecar: Sidecar): Promise<void> =>
  cluster.write(`__cluster/recoveries/${sidecar.operation_id}.json`, serializeSidecar(sidecar));

/** Edits the stored ledger as no command would. */
async function editLedger(cluster: Harbour, edit: (resources: Record<string, Record<string, unknown>>) => void) {
  const ledger = JSON.parse(await cluster.ledger());
  edit(ledger.applied_revision.resources);
  await cluster.write('__cluster/state.json', JSON.stringify(ledger));
}

describe('an applied cluster', () => {
  test('serves graphs, queries and policies of the applied revision, edits or not', async () => {
    const cluster = await appliedHarbour(TWO);
    const before = await ready(read(cluster));
    expect(before).toMatchObject({
      location: cluster.dir,
      revision: 2,
      graphs: [
        {
          id: 'fleet',
          root: path.join(cluster.dir, 'graphs/fleet.omni'),
          queries: [{ name: 'vessel_by_imo', source: expect.stringContaining('query vessel_by_imo') }],
          policy: { name: 'gate', text: 'version: 1\nrules: []\n' },
        },
        { id: 'yard', queries: [] },
      ],
      clusterPolicy: { name: 'hall' },
      quarantined: [],
      warnings: [],
    });
    await cluster.write('cluster.yaml', clusterYaml(YARD, ''));
    await cluster.write('gate.policy.yaml', 'version: 1\n');
    expect(await ready(read(cluster))).toEqual(before);
  });

  test('boots from the storage root itself, and without any config directory', async () => {
    const root = await temporaryFolder();
    const cluster = await appliedHarbour(clusterYaml(FLEET, GATE, `storage: ${root}\n`));
    const named = await ready(readServingState({ cluster: `file://${root}`, env: {} }));
    expect(named).toEqual(await ready(read(cluster)));
    expect(named.location).toBe(root);
  });

  test('takes storage from a cluster.yaml that no longer validates', async () => {
    const root = await temporaryFolder();
    const cluster = await appliedHarbour(clusterYaml(FLEET, GATE, `storage: ${root}\n`));
    await cluster.write('cluster.yaml', `version: 9\nwat: 1\nstorage: ${root}\n`);
    expect((await ready(read(cluster))).location).toBe(root);
  });

  test('a held lock and a running server do not meet', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('__cluster/lock.json', '{}');
    expect((await ready(read(cluster))).graphs).toHaveLength(1);
    expect(await cluster.read('__cluster/lock.json')).toBe('{}');
  });
});

describe('quarantine', () => {
  test('a sidecar keeps its graph out, and policies bound to nothing else', async () => {
    const cluster = await appliedHarbour(TWO);
    await putSidecar(cluster, sidecarFor('fleet'));
    await cluster.remove('__cluster/resources/query');
    const state = await ready(read(cluster));
    expect(state.graphs.map(({ id }) => id)).toEqual(['yard']);
    expect(state.clusterPolicy?.name).toBe('hall');
    expect(state.quarantined).toEqual(['fleet']);
    expect(state.warnings).toMatchObject([{ code: 'cluster_recovery_pending', path: 'graph.fleet' }]);
    expect(await cluster.sidecars()).toHaveLength(1);
  });

  test('with no other graph, boot is refused', async () => {
    const cluster = await appliedHarbour();
    await putSidecar(cluster, sidecarFor('fleet'));
    expect(await codesOf(read(cluster))).toEqual(['cluster_no_healthy_graphs __cluster/state.json']);
  });

  test.each<[string, string, string]>([
    ['malformed', '{', 'invalid_recovery_sidecar'],
    [
      'of another version',
      JSON.stringify({ ...sidecarFor('fleet'), schema_version: 2 }),
      'unsupported_recovery_sidecar_version',
    ],
    ['without a graph', JSON.stringify(sidecarFor(' ')), 'cluster_recovery_unattributed'],
  ])('a sidecar that is %s refuses boot whatever the graphs', async (_, text, code) => {
    const cluster = await appliedHarbour(TWO);
    await cluster.write('__cluster/recoveries/01J00000000000000000000000.json', text);
    const { errors } = await refusal(read(cluster));
    expect(errors).toMatchObject([{ code, severity: 'error', remedy: expect.stringContaining('cluster apply') }]);
  });

  test('sidecars that cannot be listed refuse boot', async () => {
    const store = Object.assign(openMemoryStore(), {
      list: () => Promise.reject(new StorageError('list', 'recoveries', new Error('denied'))),
    });
    const reading = readServingState({ cluster: 's3://b', env: {}, runtime: { openStore: () => store } });
    expect((await refusal(reading)).errors.map(({ code }) => code)).toEqual([
      'recovery_sidecar_read_error',
      'cluster_state_missing',
    ]);
  });
});

describe('refusals', () => {
  test('no ledger, no graphs, no JSON', async () => {
    const cluster = await harbour();
    expect(await codesOf(read(cluster))).toEqual(['cluster_state_missing __cluster/state.json']);
    await cluster.write('__cluster/state.json', '{"version":1}');
    expect(await codesOf(read(cluster))).toEqual(['cluster_empty __cluster/state.json']);
    await cluster.write('__cluster/state.json', '{"version":1');
    expect(await codesOf(read(cluster))).toEqual(['invalid_state_json __cluster/state.json']);
  });

  test('a cluster.yaml that is no YAML is named', async () => {
    const cluster = await harbour();
    await cluster.write('cluster.yaml', 'storage: { s3\n');
    const outcome = await refusal(read(cluster));
    expect(renderBootRefusal(outcome)).toContain('[invalid_cluster_yaml] cluster.yaml: ');
    expect(renderBootRefusal(outcome)).toContain('[cluster_state_missing] __cluster/state.json: ');
  });

  test('an invalid storage root', async () => {
    const cluster = await harbour();
    await cluster.write('cluster.yaml', 'version: 1\nstorage: gs://b\n');
    expect(await codesOf(read(cluster))).toEqual(['invalid_storage_root storage']);
  });

  test('every altered or missing blob is listed, each with its remedy', async () => {
    const cluster = await appliedHarbour(TWO);
    const [policy = ''] = await cluster.list('__cluster/resources/policy/gate');
    await cluster.write(`__cluster/resources/policy/gate/${policy}`, 'version: 1\n# open the gate\n');
    await cluster.remove('__cluster/resources/query/fleet/vessel_by_imo');
    const { errors } = await refusal(read(cluster));
    expect(errors.map(({ code, path: at }) => `${code} ${at}`)).toEqual([
      'catalog_payload_digest_mismatch policy.gate',
      'catalog_payload_missing query.fleet.vessel_by_imo',
    ]);
    for (const { remedy } of errors) expect(remedy).toMatch(/cluster refresh.*cluster apply.*restart/);
  });

  const PROVIDER = clusterYaml(
    '  fleet: { schema: fleet.pg, embedding_provider: default }\n',
    '',
    'providers: { embedding: { default: { kind: mock, model: demo-8 } } }\n',
  );
  test.each<[string, string, (resources: Record<string, Record<string, unknown>>) => void, readonly string[]]>([
    [
      'forged metadata',
      TWO,
      (resources) =>
        Object.assign(resources['graph.fleet'] ?? {}, {
          external_blob_policy: { mode: 'allow', bases: [{ uri: 's3://b/', scope: 'server_safe' }] },
        }),
      ['external_blob_policy_digest_mismatch graph.fleet'],
    ],
    [
      'no bindings',
      TWO,
      (resources) => delete resources['policy.gate']?.applies_to,
      ['policy_bindings_missing policy.gate'],
    ],
    [
      'an unknown scope',
      TWO,
      (resources) => Object.assign(resources['policy.gate'] ?? {}, { applies_to: ['query.fleet.x'] }),
      ['unknown_policy_binding policy.gate'],
    ],
    [
      'two bundles on one scope',
      TWO,
      (resources) => Object.assign(resources['policy.gate'] ?? {}, { applies_to: ['cluster'] }),
      ['duplicate_policy_binding policy.hall'],
    ],
    [
      'no profile',
      PROVIDER,
      (resources) => delete resources['provider.embedding.default']?.embedding_profile,
      ['embedding_provider_profile_missing provider.embedding.default'],
    ],
    [
      'an altered profile',
      PROVIDER,
      (resources) =>
        Object.assign(resources['provider.embedding.default'] ?? {}, {
          embedding_profile: { kind: 'mock', model: 'other' },
        }),
      ['embedding_provider_digest_mismatch provider.embedding.default'],
    ],
    [
      'no provider',
      PROVIDER,
      (resources) => delete resources['provider.embedding.default'],
      ['embedding_provider_missing graph.fleet', 'external_blob_policy_digest_mismatch graph.fleet'],
    ],
    [
      'a provider of another kind',
      PROVIDER,
      (resources) => Object.assign(resources['graph.fleet'] ?? {}, { embedding_provider: 'schema.fleet' }),
      ['wrong_kind_reference graph.fleet', 'external_blob_policy_digest_mismatch graph.fleet'],
    ],
  ])('%s', async (_, config, edit, codes) => {
    const cluster = await appliedHarbour(config);
    await editLedger(cluster, edit);
    expect(await codesOf(read(cluster))).toEqual(codes);
    expect((await refusal(read(cluster))).errors.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });

  test('a provider reaches its graph, its secret unresolved', async () => {
    const state = await ready(read(await appliedHarbour(PROVIDER)));
    expect(state.graphs[0]?.provider).toEqual({ kind: 'mock', model: 'demo-8' });
  });
});
