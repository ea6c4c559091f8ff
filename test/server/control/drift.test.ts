/** cluster.md §16 and §21, scenarios 52 to 58. */
import { describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_QUERY,
  FLEET_SCHEMA,
  FLEET_SCHEMA_WITH_FLAG,
  type Harbour,
  harbour,
  migrate,
  YARD,
} from './harbour.js';

const QUERY = 'query.fleet.vessel_by_imo';
const QUERY_BLOBS = '__cluster/resources/query/fleet/vessel_by_imo';
const ledgerOf = async (cluster: Harbour) => JSON.parse(await cluster.ledger());

async function queryBlob(cluster: Harbour): Promise<string> {
  const [name] = await cluster.list(QUERY_BLOBS);
  return `${QUERY_BLOBS}/${name}`;
}

describe('the catalog', () => {
  test('52: a lost blob is reported, dropped by refresh and restored by apply', async () => {
    const cluster = await appliedHarbour();
    const blob = await queryBlob(cluster);
    await cluster.remove(blob);
    const before = await cluster.ledger();
    const status = await cluster.status();
    expect(status).toMatchObject({ ok: true, diagnostics: [{ code: 'catalog_payload_missing', path: QUERY }] });
    expect(await cluster.ledger()).toBe(before);

    const refreshed = await cluster.refresh();
    expect(refreshed.ok).toBe(true);
    expect(refreshed.resource_statuses.get(QUERY)).toEqual({ status: 'drifted', conditions: ['payload_missing'] });
    expect(refreshed.resource_digests.has(QUERY)).toBe(false);
    expect((await cluster.plan()).changes).toMatchObject([
      { resource: 'graph.fleet', operation: 'update' },
      { resource: QUERY, operation: 'create' },
    ]);
    expect((await cluster.apply()).converged).toBe(true);
    expect(await cluster.read(blob)).toBe(FLEET_QUERY);
  });

  test('53 (H1): an altered blob is rewritten', async () => {
    const cluster = await appliedHarbour();
    const blob = await queryBlob(cluster);
    await cluster.write(blob, 'query tampered() {}');
    expect((await cluster.status()).diagnostics).toMatchObject([{ code: 'catalog_payload_mismatch', path: QUERY }]);
    const refreshed = await cluster.refresh();
    expect(codesOf(refreshed)).toEqual(['catalog_payload_mismatch']);
    expect(refreshed.resource_statuses.get(QUERY)).toEqual({ status: 'drifted', conditions: ['payload_mismatch'] });
    expect((await cluster.apply()).converged).toBe(true);
    expect(await cluster.read(blob)).toBe(FLEET_QUERY);
    expect(codesOf(await cluster.status())).toEqual([]);
  });

  test('a blob that cannot be read keeps its entry', async () => {
    const cluster = await appliedHarbour();
    const blob = await queryBlob(cluster);
    await cluster.remove(blob);
    await cluster.write(`${blob}/inside`, 'x');
    expect(codesOf(await cluster.status())).toEqual(['catalog_payload_read_error']);
    const refreshed = await cluster.refresh();
    expect(refreshed.ok).toBe(false);
    expect(refreshed.resource_digests.has(QUERY)).toBe(true);
    expect(refreshed.resource_statuses.get(QUERY)).toEqual({ status: 'error', conditions: ['payload_read_error'] });

    await cluster.remove(blob);
    await cluster.write(blob, FLEET_QUERY);
    expect((await cluster.refresh()).resource_statuses.get(QUERY)).toEqual({ status: 'applied' });
  });

  test('58 (H2): a blob lost for a graph that awaits its deletion does not lock anyone out', async () => {
    const yard = '  yard: { schema: yard.pg, queries: yard.gq }\n';
    const cluster = await harbour(clusterYaml(FLEET + yard));
    await cluster.write('yard.gq', 'query berths() {\n  match { $b: Berth }\n  return { $b.code }\n}\n');
    await cluster.import();
    await cluster.apply();
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.apply();
    await cluster.remove('__cluster/resources/query/yard');
    expect(codesOf(await cluster.refresh())).toEqual(['catalog_payload_missing']);
    expect((await cluster.apply()).ok).toBe(true);
    await cluster.approve('graph.yard');
    expect((await cluster.apply()).converged).toBe(true);
  });
});

describe('live graphs', () => {
  test('54: an out-of-band property is seen, planned away and dropped softly', async () => {
    const cluster = await appliedHarbour();
    await migrate(cluster, 'fleet', FLEET_SCHEMA_WITH_FLAG);
    const refreshed = await cluster.refresh();
    expect(refreshed.resource_statuses.get('schema.fleet')).toEqual({
      status: 'drifted',
      conditions: ['schema_mismatch'],
    });
    expect(refreshed.observations.get('graph.fleet')).toMatchObject({
      kind: 'graph',
      exists: true,
      graph_manifest_version: 2,
      schema_matches_desired: false,
      error: null,
    });
    const change = (await cluster.plan()).changes.find(({ resource }) => resource === 'schema.fleet');
    expect(change?.migration?.steps).toMatchObject([{ kind: 'drop_property', property_name: 'flag', mode: 'soft' }]);
    const report = await cluster.apply();
    expect(report.converged).toBe(true);
    expect(new Set([...report.resource_statuses.values()].map(({ status }) => status))).toEqual(new Set(['applied']));
  });

  test('drift that the configuration itself takes back is applied again', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    expect((await cluster.refresh()).resource_statuses.get('schema.fleet')?.status).toBe('drifted');
    await cluster.write('fleet.pg', FLEET_SCHEMA);
    const report = await cluster.apply();
    expect(report).toMatchObject({ changes: [], converged: true });
    expect(new Set([...report.resource_statuses.values()].map(({ status }) => status))).toEqual(new Set(['applied']));
  });

  test('55: a root that was deleted is created again, empty', async () => {
    const cluster = await appliedHarbour();
    await cluster.remove('graphs/fleet.omni');
    const refreshed = await cluster.refresh();
    expect(refreshed.resource_statuses.get('graph.fleet')).toEqual({
      status: 'drifted',
      conditions: ['graph_missing'],
    });
    expect(refreshed.observations.get('graph.fleet')).toMatchObject({
      exists: false,
      graph_manifest_version: null,
      schema_digest: null,
      schema_matches_desired: false,
    });
    expect((await cluster.plan()).changes.map(({ resource, operation }) => [operation, resource])).toEqual([
      ['create', 'graph.fleet'],
      ['create', 'schema.fleet'],
    ]);
    expect((await cluster.apply()).converged).toBe(true);
    expect(await cluster.list('graphs')).toEqual(['fleet.omni']);
  });

  test('a root that cannot be opened is one error, and what is recorded stays', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    const before = await ledgerOf(cluster);
    for (const graph of ['fleet', 'yard']) await cluster.write(`graphs/${graph}.omni/format.json`, 'garbage');
    const refreshed = await cluster.refresh();
    expect(refreshed.ok).toBe(false);
    expect(refreshed.diagnostics).toMatchObject([{ code: 'graph_observation_error', path: 'graphs' }]);
    expect(refreshed.diagnostics[0]?.message).toMatch(/^2 graphs /);
    const after = await ledgerOf(cluster);
    expect(after.applied_revision).toEqual(before.applied_revision);
    expect(after.state_revision).toBe(before.state_revision + 1);
    expect(after.resource_statuses['graph.yard']).toMatchObject({
      status: 'error',
      conditions: ['graph_observation_error'],
    });
    expect(after.observations['graph.fleet']).toMatchObject({ exists: true, schema_matches_desired: null });
  });

  test('import over a root that cannot be opened creates no ledger', async () => {
    const cluster = await appliedHarbour();
    await cluster.remove('__cluster/state.json');
    await cluster.write('graphs/fleet.omni/format.json', 'garbage');
    const report = await cluster.import();
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toEqual(['graph_observation_error']);
    expect(await cluster.list('__cluster')).not.toContain('state.json');
  });

  test('refresh writes a revision each time and keeps the config digest', async () => {
    const cluster = await appliedHarbour();
    const before = await ledgerOf(cluster);
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    await cluster.refresh();
    await cluster.refresh();
    const after = await ledgerOf(cluster);
    expect(after.state_revision).toBe(before.state_revision + 2);
    expect(after.applied_revision).toEqual(before.applied_revision);
  });
});

describe('the ledger', () => {
  test('56: a lost one is rebuilt by import, and apply reuses graphs and blobs', async () => {
    const cluster = await appliedHarbour();
    const before = await ledgerOf(cluster);
    await cluster.remove('__cluster/state.json');
    const imported = await cluster.import();
    expect(imported.ok).toBe(true);
    expect([...imported.resource_digests.keys()]).toEqual(['graph.fleet', 'schema.fleet']);
    const report = await cluster.apply();
    expect(report.converged).toBe(true);
    expect((await ledgerOf(cluster)).applied_revision).toEqual(before.applied_revision);
    expect(await cluster.list(QUERY_BLOBS)).toHaveLength(1);
  });

  test('56 (H13): a truncated one is set aside and rebuilt', async () => {
    const cluster = await appliedHarbour();
    const truncated = (await cluster.ledger()).slice(0, 100);
    await cluster.write('__cluster/state.json', truncated);
    for (const report of [
      await cluster.apply(),
      await cluster.refresh(),
      await cluster.plan(),
      await cluster.status(),
    ]) {
      expect(report.ok).toBe(false);
      expect(codesOf(report)).toEqual(['invalid_state_json']);
      expect(report.state_observations).toMatchObject({ state_found: true, state_revision: 0 });
    }
    const imported = await cluster.import();
    expect(imported.ok).toBe(true);
    expect(codesOf(imported)).toEqual(['state_ledger_replaced']);
    expect(imported.state_observations.state_revision).toBe(1);
    const [aside] = (await cluster.list('__cluster')).filter((name) => name.startsWith('state.corrupt-'));
    expect(await cluster.read(`__cluster/${aside}`)).toBe(truncated);
    expect((await cluster.apply()).converged).toBe(true);
  });

  test.each([
    [
      'an unknown field',
      (text: string) => text.replace('"version": 1', '"version": 1,\n  "wat": 1'),
      'invalid_state_json',
    ],
    ['another version', (text: string) => text.replace('"version": 1', '"version": 2'), 'unsupported_state_version'],
  ])('56: %s is refused and left alone, by import too', async (_, change, code) => {
    const cluster = await appliedHarbour();
    const changed = change(await cluster.ledger());
    await cluster.write('__cluster/state.json', changed);
    for (const report of [await cluster.import(), await cluster.apply(), await cluster.refresh()]) {
      expect(report.ok).toBe(false);
      expect(codesOf(report)).toEqual([code]);
    }
    expect(await cluster.ledger()).toBe(changed);
    expect(await cluster.list('__cluster')).not.toContain('lock.json');
  });

  test('57: a blob policy written by hand is refused, and the bytes are left alone', async () => {
    const cluster = await appliedHarbour();
    const ledger = await ledgerOf(cluster);
    ledger.applied_revision.resources['graph.fleet'].external_blob_policy = {
      mode: 'allow',
      bases: [{ uri: 's3://elsewhere/', scope: 'server_safe' }],
    };
    const forged = JSON.stringify(ledger);
    await cluster.write('__cluster/state.json', forged);
    for (const report of [await cluster.apply(), await cluster.refresh()]) {
      expect(report.ok).toBe(false);
      expect(report.diagnostics).toMatchObject([
        { code: 'external_blob_policy_digest_mismatch', path: 'graph.fleet', severity: 'error' },
      ]);
    }
    expect(await cluster.ledger()).toBe(forged);
  });

  test('status warns of a missing one and exits well', async () => {
    const cluster = await harbour();
    const report = await cluster.status();
    expect(report).toMatchObject({ ok: true, diagnostics: [{ code: 'state_missing', severity: 'warning' }] });
    expect(await cluster.list('__cluster')).toEqual([]);
  });

  test('refresh without one asks for an import', async () => {
    expect(codesOf(await (await harbour()).refresh())).toEqual(['state_missing']);
  });
});

test('commands on a configuration with errors touch no storage', async () => {
  const cluster = await harbour();
  await cluster.write('fleet.pg', `${FLEET_SCHEMA}node {`);
  for (const report of [
    await cluster.import(),
    await cluster.refresh(),
    await cluster.apply(),
    await cluster.approve('graph.fleet'),
  ]) {
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toContain('schema_parse_error');
  }
  expect(await cluster.list('__cluster')).toEqual([]);
});
