/** cluster.md §21, scenarios 10 to 16. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { appliedHarbour, clusterYaml, codesOf, FLEET, harbour, YARD_SCHEMA } from './harbour.js';

describe('a cluster that was never deployed', () => {
  test('10: a storage root elsewhere leaves the config directory as it was', async () => {
    const root = path.join(await temporaryFolder(), 'state');
    const cluster = await harbour(clusterYaml(FLEET, '', `storage: ${root}\n`));
    const before = await cluster.list('.');
    await cluster.import();
    expect((await cluster.apply()).converged).toBe(true);
    expect(await cluster.list('.')).toEqual(before);
    expect((await readdir(root)).sort()).toEqual(['__cluster', 'graphs']);
  });

  test('11: plan shows all creates and leaves no lock', async () => {
    const cluster = await harbour();
    const plan = await cluster.plan();
    expect(plan.ok).toBe(true);
    expect(plan.changes.map(({ resource, operation, disposition }) => [operation, resource, disposition])).toEqual([
      ['create', 'graph.fleet', 'applied'],
      ['create', 'policy.gate', 'applied'],
      ['create', 'query.fleet.vessel_by_imo', 'applied'],
      ['create', 'schema.fleet', 'applied'],
    ]);
    expect(await cluster.list('__cluster')).toEqual([]);
  });

  test('12: apply asks for an import first', async () => {
    const cluster = await harbour();
    const report = await cluster.apply();
    expect(report.ok).toBe(false);
    expect(codesOf(report)).toEqual(['state_missing']);
    expect(await cluster.list('__cluster')).toEqual([]);
  });

  test('13: import records what is there, once', async () => {
    const cluster = await harbour();
    const imported = await cluster.import();
    expect(imported.diagnostics).toEqual([]);
    expect(imported.state_observations).toMatchObject({ state_revision: 1, locked: false, lock_acquired: true });
    expect([...imported.resource_statuses]).toEqual([
      ['graph.fleet', { status: 'drifted', conditions: ['graph_missing'] }],
      ['schema.fleet', { status: 'drifted', conditions: ['graph_missing'] }],
    ]);
    const again = await cluster.import();
    expect(codesOf(again)).toEqual(['state_already_exists']);
    expect(again.ok).toBe(false);
  });

  test('14: apply brings everything in one run', async () => {
    const cluster = await harbour();
    await cluster.import();
    const report = await cluster.apply();
    expect(report).toMatchObject({
      ok: true,
      converged: true,
      state_written: true,
      applied_count: 4,
      deferred_count: 0,
    });
    expect(report.state_observations.state_revision).toBe(2);
    expect(await cluster.sidecars()).toEqual([]);
    expect(await cluster.list('__cluster')).not.toContain('lock.json');
    const ledger = JSON.parse(await cluster.ledger());
    expect(ledger.applied_revision.resources['policy.gate'].applies_to).toEqual(['graph.fleet']);
    expect(ledger.applied_revision.resources['graph.fleet'].digest).toBe(
      'ffe678290d36c6a8cdda2429acca43650418f61578e370c7c62d41405de8a0f7',
    );
  });

  test('15: a repeated apply writes nothing', async () => {
    const cluster = await appliedHarbour();
    const before = await cluster.ledger();
    const report = await cluster.apply();
    expect(report).toMatchObject({ ok: true, changes: [], converged: true, state_written: false });
    expect(await cluster.ledger()).toBe(before);
  });

  test('16: __proto__ is an ordinary graph id', async () => {
    const cluster = await harbour(clusterYaml('  __proto__: { schema: proto.pg }\n', ''));
    await cluster.write('proto.pg', YARD_SCHEMA);
    await cluster.import();
    expect((await cluster.apply()).converged).toBe(true);
    const status = await cluster.status();
    expect([...status.resource_statuses.keys()]).toEqual(['graph.__proto__', 'schema.__proto__']);
    expect(await cluster.list('graphs')).toEqual(['__proto__.omni']);
  });
});
