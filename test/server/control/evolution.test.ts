/** cluster.md §21, scenarios 17 to 25. */
import { GraphError } from 'omnigraph-server/engine';
import { describe, expect, test } from 'vitest';
import {
  appliedHarbour,
  clusterYaml,
  codesOf,
  FLEET,
  FLEET_QUERY,
  FLEET_SCHEMA,
  FLEET_SCHEMA_WITH_FLAG,
  GATE,
  readingAs,
  YARD,
} from './harbour.js';

const FLEET_QUERY_WITH_FLAG = FLEET_QUERY.replace('$v.name', '$v.name, $v.flag');
const FLEET_SCHEMA_RETYPED = FLEET_SCHEMA.replace('String?', 'I32?');
const ALLOWING =
  '  fleet: { schema: fleet.pg, queries: queries/, external_blobs: { allow: [{ base: "s3://harbour-assets/fleet/", scope: server_safe }] } }\n';

const ledgerJson = async (cluster: { ledger(): Promise<string> }) => JSON.parse(await cluster.ledger());
const FLEET_SCHEMA_DIGEST = '0c9f48183d3f458eaf407aa849f9422b2ecced2aae6c51c80e3fac8e5083c34b';

describe('a deployed cluster moves on', () => {
  test('17: a new property and a query that uses it land in one run', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    await cluster.write('queries/fleet.gq', FLEET_QUERY_WITH_FLAG);
    const report = await cluster.apply();
    expect(report).toMatchObject({ ok: true, converged: true, applied_count: 2, deferred_count: 0 });
    expect(report.changes.map(({ resource, disposition }) => [resource, disposition])).toEqual([
      ['graph.fleet', 'derived'],
      ['query.fleet.vessel_by_imo', 'applied'],
      ['schema.fleet', 'applied'],
    ]);
    expect((await cluster.apply()).changes).toEqual([]);
  });

  test('18: plan previews the migration, or says why it cannot', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    const plan = await cluster.plan();
    const migration = plan.changes.find(({ resource }) => resource === 'schema.fleet')?.migration;
    expect(migration).toMatchObject({ supported: true, steps: [{ kind: 'add_property' }] });
    await cluster.remove('graphs/fleet.omni');
    const blind = await cluster.plan();
    expect(blind.ok).toBe(true);
    expect(codesOf(blind)).toEqual(['schema_preview_unavailable']);
    expect(blind.changes.find(({ resource }) => resource === 'schema.fleet')?.migration).toBeUndefined();
  });

  test('19: a migration that fails keeps the recorded blob policy; a later success installs the new one', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('cluster.yaml', clusterYaml(ALLOWING));
    await cluster.write('fleet.pg', FLEET_SCHEMA_RETYPED);
    const report = await cluster.apply();
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toContain('schema_apply_failed');
    expect(await cluster.sidecars()).toEqual([]);
    const { resources } = (await ledgerJson(cluster)).applied_revision;
    expect(resources['schema.fleet'].digest).toBe(FLEET_SCHEMA_DIGEST);
    expect(resources['graph.fleet'].external_blob_policy).toBeUndefined();

    await cluster.write('fleet.pg', FLEET_SCHEMA);
    expect((await cluster.apply()).converged).toBe(true);
    expect((await ledgerJson(cluster)).applied_revision.resources['graph.fleet']).toEqual({
      digest: 'dfc3ecafea8293087618a18393e1a4be729409603d6defda795e8e98ce92de18',
      external_blob_policy: {
        mode: 'allow',
        bases: [{ uri: 's3://harbour-assets/fleet/', scope: 'server_safe' }],
      },
    });
  });

  test('20: a live branch stops a schema edit before anything is written', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    const before = await ledgerJson(cluster);
    const report = await cluster.withGraphs({ read: readingAs({ branches: ['feature', 'main'] }) }).apply();
    expect(report.ok).toBe(false);
    expect(report.diagnostics.find(({ code }) => code === 'schema_apply_failed')?.message).toContain('feature');
    expect(await cluster.sidecars()).toEqual([]);
    expect((await ledgerJson(cluster)).applied_revision).toEqual(before.applied_revision);
  });

  test('21: an edit of applies_to is a change of bindings alone', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD, GATE.replace('[fleet]', '[fleet, yard]')));
    const [change, ...others] = (await cluster.plan()).changes;
    expect(others).toEqual([]);
    expect(change).toMatchObject({ resource: 'policy.gate', operation: 'update', binding_change: true });
    expect(change?.before_digest).toBe(change?.after_digest);
    expect((await cluster.apply()).converged).toBe(true);
    const ledger = await ledgerJson(cluster);
    expect(ledger.applied_revision.resources['policy.gate'].applies_to).toEqual(['graph.fleet', 'graph.yard']);
    expect((await cluster.apply()).state_written).toBe(false);
  });

  test.each([
    ['policy.gate', 'applies_to', 'policy_bindings'],
    ['provider.embedding.default', 'embedding_profile', 'embedding_profile'],
  ])('22: %s without its %s is filled in again', async (address, member, metadata) => {
    const provider = 'providers: { embedding: { default: { kind: mock, model: demo-8 } } }\n';
    const cluster = await appliedHarbour(clusterYaml(FLEET, GATE, provider));
    const before = await ledgerJson(cluster);
    const stripped = structuredClone(before);
    delete stripped.applied_revision.resources[address][member];
    await cluster.write('__cluster/state.json', JSON.stringify(stripped));
    expect((await cluster.plan()).changes).toMatchObject([{ resource: address, metadata_change: metadata }]);
    expect((await cluster.apply()).converged).toBe(true);
    expect((await ledgerJson(cluster)).applied_revision).toEqual(before.applied_revision);
  });

  test('23: a query taken out of the configuration leaves the ledger but not the catalog', async () => {
    const cluster = await appliedHarbour();
    const before = await ledgerJson(cluster);
    await cluster.write('cluster.yaml', clusterYaml('  fleet: { schema: fleet.pg }\n'));
    expect((await cluster.apply()).converged).toBe(true);
    const after = await ledgerJson(cluster);
    const query = 'query.fleet.vessel_by_imo';
    expect(after.applied_revision.resources[query]).toBeUndefined();
    expect(after.resource_statuses[query]).toBeUndefined();
    expect(after.applied_revision.resources['graph.fleet']).not.toEqual(
      before.applied_revision.resources['graph.fleet'],
    );
    expect(await cluster.list('__cluster/resources/query/fleet/vessel_by_imo')).toHaveLength(1);
  });

  test('24: what does not depend on a failed migration lands all the same', async () => {
    const yard = '  yard: { schema: yard.pg, queries: yard.gq }\n';
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET + yard));
    await cluster.write('yard.gq', 'query berths() {\n  match { $b: Berth }\n  return { $b.code }\n}\n');
    await cluster.write('fleet.pg', FLEET_SCHEMA_RETYPED);
    await cluster.write('queries/fleet.gq', `${FLEET_QUERY}\n`);
    const report = await cluster.apply();
    expect(report).toMatchObject({ ok: false, converged: false, state_written: true });
    expect(report.changes.map(({ resource, disposition, reason }) => [resource, disposition, reason])).toEqual([
      ['graph.fleet', 'derived', undefined],
      ['graph.yard', 'derived', undefined],
      ['query.fleet.vessel_by_imo', 'blocked', 'dependency_not_applied'],
      ['query.yard.berths', 'applied', undefined],
      ['schema.fleet', 'blocked', 'schema_apply_failed'],
    ]);
    const ledger = await ledgerJson(cluster);
    expect(ledger.applied_revision.resources['query.yard.berths']).toBeDefined();
    expect(ledger.resource_statuses['schema.fleet']).toEqual({
      status: 'blocked',
      conditions: ['schema_apply_failed'],
    });
  });

  test('25: an edit of the name alone is recorded once', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('cluster.yaml', clusterYaml(FLEET, GATE, 'metadata: { name: harbour }\n'));
    expect(await cluster.apply()).toMatchObject({ changes: [], converged: true, state_written: true });
    expect(await cluster.apply()).toMatchObject({ changes: [], converged: true, state_written: false });
  });

  test('a second graph that fails to be created holds back later operations and its own policy', async () => {
    const cluster = await appliedHarbour();
    await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD, GATE.replace('[fleet]', '[yard]')));
    await cluster.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    const report = await cluster
      .withGraphs({
        create: async () => {
          throw new GraphError('internal', 'the disk is on fire');
        },
      })
      .apply();
    expect(report.ok).toBe(false);
    expect(report.changes.map(({ resource, disposition, reason }) => [resource, disposition, reason])).toEqual([
      ['graph.fleet', 'derived', undefined],
      ['graph.yard', 'blocked', 'graph_create_failed'],
      ['policy.gate', 'blocked', 'dependency_not_applied'],
      ['schema.fleet', 'blocked', 'schema_apply_failed'],
      ['schema.yard', 'blocked', 'dependency_not_applied'],
    ]);
    expect(codesOf(report)).toContain('schema_apply_skipped');
    expect(await cluster.sidecars()).toHaveLength(1);
    expect((await cluster.apply()).converged).toBe(true);
    expect(await cluster.sidecars()).toEqual([]);
  });

  test('what was blocked and is declared again counts as applied', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    expect((await cluster.apply()).resource_statuses.get('graph.yard')?.status).toBe('blocked');
    await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD));
    const report = await cluster.apply();
    expect(report.converged).toBe(true);
    expect(new Set([...report.resource_statuses.values()].map(({ status }) => status))).toEqual(new Set(['applied']));
  });
});
