/** `cluster validate` on real folders: cluster.md §11 and scenarios 1, 4, 8 and 10 of §21. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderReportJson } from 'omnigraph-language';
import { validateCluster } from 'omnigraph-server/control';
import { describe, expect, test } from 'vitest';
import { clusterYaml, codesOf, FLEET, GATE, harbour } from './harbour.js';

const validate = async (config?: string, prepare: (dir: string) => Promise<unknown> = async () => {}) => {
  const cluster = await harbour(config);
  await prepare(cluster.dir);
  return { report: await validateCluster({ configDir: cluster.dir }), cluster };
};

test('1: digests and edges of the example, as JSON', async () => {
  const { report } = await validate();
  expect(
    JSON.parse(renderReportJson({ ...report, config_dir: 'harbour', config_file: 'harbour/cluster.yaml' })),
  ).toEqual({
    ok: true,
    config_dir: 'harbour',
    config_file: 'harbour/cluster.yaml',
    resource_digests: {
      'graph.fleet': 'ffe678290d36c6a8cdda2429acca43650418f61578e370c7c62d41405de8a0f7',
      'policy.gate': '7f2c43106364d8112fcc3060e4ab8b20f5d1a17d9cbf3c2540529663004adff8',
      'query.fleet.vessel_by_imo': '4f924c1600e4e5da1b9b86c5e2415a34665f6e168f735af460b196970d1d93f9',
      'schema.fleet': '0c9f48183d3f458eaf407aa849f9422b2ecced2aae6c51c80e3fac8e5083c34b',
    },
    resources: [
      {
        address: 'graph.fleet',
        kind: 'graph',
        digest: 'ffe678290d36c6a8cdda2429acca43650418f61578e370c7c62d41405de8a0f7',
      },
      {
        address: 'policy.gate',
        kind: 'policy',
        digest: '7f2c43106364d8112fcc3060e4ab8b20f5d1a17d9cbf3c2540529663004adff8',
        path: 'gate.policy.yaml',
      },
      {
        address: 'query.fleet.vessel_by_imo',
        kind: 'query',
        digest: '4f924c1600e4e5da1b9b86c5e2415a34665f6e168f735af460b196970d1d93f9',
        path: 'queries/fleet.gq',
      },
      {
        address: 'schema.fleet',
        kind: 'schema',
        digest: '0c9f48183d3f458eaf407aa849f9422b2ecced2aae6c51c80e3fac8e5083c34b',
        path: 'fleet.pg',
      },
    ],
    dependencies: [
      { from: 'policy.gate', to: 'graph.fleet' },
      { from: 'query.fleet.vessel_by_imo', to: 'graph.fleet' },
      { from: 'query.fleet.vessel_by_imo', to: 'schema.fleet' },
      { from: 'schema.fleet', to: 'graph.fleet' },
    ],
    diagnostics: [
      {
        code: 'external_blob_ingress_default_deny',
        severity: 'warning',
        path: 'graphs.fleet.external_blobs',
        message: 'no base is allowed, so new external blob references will be refused',
      },
    ],
  });
});

test.each<[string, string, readonly string[]]>([
  ['4: an unknown field', 'version: 1\nwat: 1\n', ['invalid_cluster_yaml']],
  ['4: a reserved key', 'version: 1\npipelines: {}\n', ['future_phase_field']],
  ['10: no bucket', 'version: 1\nstorage: "s3://"\n', ['invalid_storage_root']],
  ['deny is not mentioned among errors', clusterYaml('  fleet: { schema: ghost.pg }\n', ''), ['schema_file_missing']],
])('%s; nothing is written', async (_, config, codes) => {
  const { report, cluster } = await validate(config);
  expect(report.ok).toBe(false);
  expect(codesOf(report)).toEqual(codes);
  expect(await cluster.list('__cluster')).toEqual([]);
});

test('8: no environment variable is needed', async () => {
  const key = '$'.concat('{NOT_SET_ANYWHERE}');
  const head = `providers: { embedding: { default: { kind: openai, api_key: "${key}" } } }\n`;
  const { report } = await validate(clusterYaml(FLEET, GATE, head));
  expect(report.ok).toBe(true);
});

describe('real files', () => {
  test('a folder that is none', async () => {
    const cluster = await harbour();
    for (const configDir of [path.join(cluster.dir, 'ghost'), path.join(cluster.dir, 'fleet.pg')]) {
      const report = await validateCluster({ configDir });
      expect(report.diagnostics).toMatchObject([{ code: 'config_dir_not_found', path: configDir }]);
      expect(report.resources).toEqual([]);
    }
  });

  test('a folder without cluster.yaml', async () => {
    const { report } = await validate(undefined, async (dir) => {
      const { rm } = await import('node:fs/promises');
      await rm(path.join(dir, 'cluster.yaml'));
    });
    expect(codesOf(report)).toEqual(['cluster_config_read_error']);
  });

  test('a file that is not UTF-8 is unreadable', async () => {
    const { report } = await validate(undefined, (dir) =>
      writeFile(path.join(dir, 'fleet.pg'), Buffer.from([0x6e, 0xff, 0xfe])),
    );
    expect(codesOf(report)).toContain('schema_file_missing');
  });

  test('a directory where a file should be is unreadable', async () => {
    const { report } = await validate(clusterYaml('  fleet: { schema: queries }\n', ''));
    expect(codesOf(report)).toEqual(['schema_file_missing']);
  });

  test('links to query files are followed, folders that end in .gq are not files', async () => {
    const { report } = await validate(undefined, async (dir) => {
      await writeFile(
        path.join(dir, 'linked.txt'),
        'query linked() {\n  match { $v: Vessel }\n  return { $v.name }\n}\n',
      );
      await symlink('../linked.txt', path.join(dir, 'queries', 'z.gq'));
      await symlink('../nowhere', path.join(dir, 'queries', 'dangling.gq'));
      await mkdir(path.join(dir, 'queries', 'folder.gq'));
    });
    expect(report.ok).toBe(true);
    expect([...report.resource_digests.keys()]).toContain('query.fleet.linked');
  });

  test('absolute paths stand for themselves', async () => {
    const elsewhere = await harbour();
    const { report } = await validate(clusterYaml(`  fleet: { schema: ${path.join(elsewhere.dir, 'yard.pg')} }\n`, ''));
    expect(report.ok).toBe(true);
  });

  test('an embedded_only base is judged by its real folder', async () => {
    const base = (uri: string) => `{ base: "${uri}", scope: embedded_only }`;
    const cluster = await harbour();
    await mkdir(path.join(cluster.dir, 'media', 'deep'), { recursive: true });
    await symlink('media/deep', path.join(cluster.dir, 'alias'));
    const bases = [`file://${cluster.dir}/media`, `file://${cluster.dir}/alias`];
    await cluster.write(
      'cluster.yaml',
      clusterYaml(`  fleet: { schema: fleet.pg, external_blobs: { allow: [${bases.map(base).join(', ')}] } }\n`, ''),
    );
    expect(codesOf(await validateCluster({ configDir: cluster.dir }))).toEqual(['invalid_external_blob_policy']);
  });
});
