/** The hardenings of cluster.md §19 that no other file tests by their number: H3, H5, H6, H7, H10 and H11. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { renderReportText } from 'omnigraph-language';
import { readServingState, renderBootRefusal, validateCluster } from 'omnigraph-server/control';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { appliedHarbour, clusterYaml, codesOf, FLEET, GATE, harbour, YARD } from './harbour.js';

describe('H3: an approval is used once, whichever of its two records survived', () => {
  test('one that only the ledger knows as consumed is stamped by the next sweep and authorizes nothing', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.approve('graph.yard');
    const [name = ''] = await cluster.list('__cluster/approvals');
    const unstamped = await cluster.read(`__cluster/approvals/${name}`);
    await cluster.apply();
    await cluster.write(`__cluster/approvals/${name}`, unstamped);

    await cluster.write('cluster.yaml', clusterYaml(FLEET + YARD));
    expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    expect(JSON.parse(await cluster.read(`__cluster/approvals/${name}`))).toMatchObject({
      consumed_by_operation: 'apply',
    });

    // Configuration and graph are again what was approved, byte for byte.
    await cluster.write(`__cluster/approvals/${name}`, unstamped);
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    const again = await cluster.apply();
    expect(again.changes.find(({ resource }) => resource === 'graph.yard')).toMatchObject({
      disposition: 'blocked',
      reason: 'approval_required',
    });
  });

  test('one that only its file knows as consumed authorizes nothing either', async () => {
    const cluster = await appliedHarbour(clusterYaml(FLEET + YARD));
    await cluster.write('cluster.yaml', clusterYaml(FLEET));
    await cluster.approve('graph.yard');
    const [name = ''] = await cluster.list('__cluster/approvals');
    const approval = JSON.parse(await cluster.read(`__cluster/approvals/${name}`));
    const consumed = { ...approval, consumed_at: '2031-01-01T00:00:00Z', consumed_by_operation: 'apply' };
    await cluster.write(`__cluster/approvals/${name}`, JSON.stringify(consumed));
    expect((await cluster.plan()).approvals_required).toMatchObject([{ resource: 'graph.yard', satisfied: false }]);
  });
});

describe('H5: storage roots', () => {
  test('a relative one lies beside cluster.yaml, wherever the command runs', async () => {
    const cluster = await harbour(clusterYaml(FLEET, GATE, 'storage: ./state\n'));
    await cluster.import();
    expect(await cluster.list('state/__cluster')).toEqual(['state.json']);
    expect(await cluster.list('__cluster')).toEqual([]);
  });

  test.each(['gs://bucket/x', 'http://host/x', 'az://x', 's3:/bucket'])(
    '%s is refused or a path, never guessed',
    async (root) => {
      const cluster = await harbour(clusterYaml(FLEET, GATE, `storage: "${root}"\n`));
      const report = await cluster.plan();
      if (root.includes('://')) expect(codesOf(report)).toEqual(['invalid_storage_root']);
      else
        expect(report.state_observations.state_path).toBe(
          path.join(cluster.dir, 's3:', 'bucket', '__cluster', 'state.json'),
        );
    },
  );
});

describe('H6: a graph id that no server can route to', () => {
  test.each(['__proto__', 'with_underscore', 'graphs', 'healthz', 'openapi', 'policies'])(
    '%s is warned of and applied',
    async (id) => {
      const cluster = await harbour(clusterYaml(`  ${id}: { schema: fleet.pg }\n`, ''));
      const report = await validateCluster({ configDir: cluster.dir });
      expect(report.ok).toBe(true);
      expect(report.diagnostics).toContainEqual(
        expect.objectContaining({ code: 'graph_id_not_servable', severity: 'warning', path: `graphs.${id}` }),
      );
      await cluster.import();
      expect(await cluster.apply()).toMatchObject({ ok: true, converged: true });
    },
  );
});

describe('H7: repeated keys', () => {
  test.each([
    ['in a flow map', '  fleet: { schema: fleet.pg, schema: fleet.pg }\n', 'graphs.fleet.schema'],
    [
      'in a list item',
      '  fleet:\n    schema: fleet.pg\n    external_blobs:\n      allow:\n        - { base: "s3://a/b/", base: "s3://c/d/", scope: server_safe }\n',
      'graphs.fleet.external_blobs.allow[].base',
    ],
    [
      'behind a quoted #',
      '  fleet:\n    schema: "fleet.pg"\n    queries: "a # b"\n    schema: fleet.pg\n',
      'graphs.fleet.schema',
    ],
  ])('%s', async (_, graphs, at) => {
    const cluster = await harbour(clusterYaml(graphs, ''));
    const report = await validateCluster({ configDir: cluster.dir });
    expect(report.diagnostics).toMatchObject([{ code: 'duplicate_yaml_key', path: at }]);
  });

  test('the same key in two list items is none', async () => {
    const items =
      '      allow: [{ base: "s3://a/b/", scope: server_safe }, { base: "s3://c/d/", scope: server_safe }]\n';
    const cluster = await harbour(clusterYaml(`  fleet:\n    schema: fleet.pg\n    external_blobs:\n${items}`, ''));
    expect((await validateCluster({ configDir: cluster.dir })).diagnostics).toEqual([]);
  });
});

test('H10: a boot from a directory whose cluster.yaml is no YAML names it', async () => {
  const cluster = await harbour('graphs: [\n');
  const reading = await readServingState({ cluster: cluster.dir, env: {} });
  if (reading.kind !== 'refused') throw new Error('it boots');
  expect(renderBootRefusal(reading)).toContain('cluster.yaml');
  expect(reading.errors.map(({ code }) => code)).toEqual(['cluster_state_missing']);
});

describe('H11: import and refresh say what became of the lock', () => {
  test('taken and given back', async () => {
    const cluster = await harbour();
    expect(renderReportText(await cluster.import())).toContain('\n  lock: acquired and released\n');
    expect(renderReportText(await cluster.refresh())).toContain('\n  lock: acquired and released\n');
  });

  test('switched off', async () => {
    const cluster = await harbour(clusterYaml(FLEET, GATE, 'state: { lock: false }\n'));
    expect(renderReportText(await cluster.import())).toContain('\n  lock: not taken\n');
  });

  test('held by another', async () => {
    const cluster = await appliedHarbour();
    const held = { version: 1, lock_id: '01JHELD', operation: 'apply', created_at: '2031-02-03T04:05:06Z', pid: 1 };
    await cluster.write('__cluster/lock.json', JSON.stringify(held));
    expect(renderReportText(await cluster.refresh())).toContain('\n  lock: held (id=01JHELD, operation=apply, pid=1,');
  });
});

test('an empty storage root elsewhere is left as it was by a refused command', async () => {
  const root = await temporaryFolder();
  await mkdir(root, { recursive: true });
  const cluster = await harbour(clusterYaml(FLEET, GATE, `storage: ${root}\n`));
  expect(codesOf(await cluster.apply())).toEqual(['state_missing']);
  expect((await harbour()).dir).not.toBe(root);
  expect(await cluster.list(path.relative(cluster.dir, path.join(root, '__cluster')))).toEqual([]);
});
