/** Acceptance rows of cli.md §13 about `schema` and `lint`. The number of a row starts its name. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRun, contentsOf, harbor, harborWithGraph, SCHEMA, succeeds, writeFiles } from './harbor.js';

describe('schema', () => {
  const NEXT = SCHEMA.replace('tonnage: I32?', 'tonnage: I32?\n  flag: String?');
  const WIDER = SCHEMA.replace('tonnage: I32?', 'tonnage: I64?');
  const DROP = SCHEMA.replace('  tonnage: I32?\n', '');

  const folder = async (next: string): Promise<string> => {
    const cwd = await harborWithGraph();
    await writeFiles(cwd, { 'next.pg': next });
    return cwd;
  };

  test('show prints the accepted source; get is its old name', async () => {
    const cwd = await harborWithGraph();
    await checkRun(['schema', 'show', 'g.omni'], { cwd }, { code: 0, out: SCHEMA });
    const old = await checkRun(
      ['schema', 'get', 'g.omni', '--json'],
      { cwd },
      { code: 0, json: { schema_source: SCHEMA } },
    );
    expect(old.stderr).toBe('');
  });

  test('69: plan of an added property', async () => {
    const cwd = await folder(NEXT);
    const before = await contentsOf(path.join(cwd, 'g.omni'));
    await checkRun(
      ['schema', 'plan', '--schema', 'next.pg', 'g.omni', '--json'],
      { cwd },
      {
        code: 0,
        json: {
          uri: 'g.omni',
          supported: true,
          step_count: 1,
          steps: [{ kind: 'add_property', type_name: 'Vessel', property_name: 'flag' }],
        },
      },
    );
    await checkRun(
      ['schema', 'plan', '--schema', 'next.pg', '--store', 'g.omni'],
      { cwd },
      {
        code: 0,
        out: "schema plan for g.omni\nsupported: yes\n- add property 'Vessel.flag' (String?) on node 'Vessel'\n",
      },
    );
    expect(await contentsOf(path.join(cwd, 'g.omni'))).toEqual(before);
  });

  test('70: plan of an unsupported change exits 0', async () => {
    const cwd = await folder(WIDER);
    const result = await checkRun(
      ['schema', 'plan', '--schema', 'next.pg', 'g.omni', '--json'],
      { cwd },
      {
        code: 0,
        json: { supported: false, steps: [{ kind: 'unsupported_change' }] },
      },
    );
    expect(result.stdout).toContain('Vessel.tonnage');
  });

  test('71: apply of an unsupported change exits 1', async () => {
    const cwd = await folder(WIDER);
    await checkRun(
      ['schema', 'apply', '--schema', 'next.pg', 'g.omni'],
      { cwd },
      { code: 1, err: ['changing the type from I32? to I64?'] },
    );
    await checkRun(['schema', 'show', 'g.omni'], { cwd }, { code: 0, out: SCHEMA });
  });

  test('72: apply of the same schema', async () => {
    const cwd = await harborWithGraph();
    const result = await checkRun(
      ['schema', 'apply', '--schema', 'harbor.pg', 'g.omni'],
      { cwd },
      {
        code: 0,
        out: ['applied: no\n', 'no schema changes\n'],
      },
    );
    expect(result.stderr).toBe('omnigraph schema apply → g.omni (direct, local)\n');
  });

  test('apply of an added property', async () => {
    const cwd = await folder(NEXT);
    await checkRun(
      ['schema', 'apply', '--schema', 'next.pg', 'g.omni', '--json', '--as', 'act-a'],
      { cwd },
      {
        code: 0,
        json: {
          uri: 'g.omni',
          supported: true,
          applied: true,
          step_count: 1,
          graph_manifest_version: expect.any(Number),
        },
      },
    );
    await checkRun(['schema', 'show', 'g.omni'], { cwd }, { code: 0, out: NEXT });
    await checkRun(['commit', 'list', 'g.omni'], { cwd }, { code: 0, out: ['actor=act-a'] });
  });

  test.each([
    ['soft', []],
    ['hard', ['--allow-data-loss']],
  ])('74: a dropped property is %s', async (mode, flags) => {
    const cwd = await folder(DROP);
    await checkRun(
      ['schema', 'apply', '--schema', 'next.pg', '--json', ...flags, 'g.omni'],
      { cwd },
      {
        code: 0,
        json: { steps: [{ kind: 'drop_property', type_name: 'Vessel', property_name: 'tonnage', mode }] },
      },
    );
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      '76: plan with --server',
      ['schema', 'plan', '--schema', 'next.pg', '--server', 'p'],
      ['`schema plan`', 'a storage URI'],
    ],
    ['plan of a broken file', ['schema', 'plan', '--schema', 'next.pg', 'g.omni'], ['next.pg:1:']],
    ['apply of a broken file', ['schema', 'apply', '--schema', 'next.pg', 'g.omni'], ['next.pg:1:']],
    [
      'plan with an http URI',
      ['schema', 'plan', '--schema', 'harbor.pg', 'http://h:1'],
      ['direct (storage-native)', 'http://h:1', 'file://', 's3://'],
    ],
    ['plan without a graph', ['schema', 'plan', '--schema', 'harbor.pg'], ['no graph addressed']],
  ])('%s', async (_, args, facts) => {
    const cwd = await folder('node {');
    await checkRun(args, { cwd }, { code: 1, err: facts });
  });

  test('plan with a default server needs direct storage access', async () => {
    const cwd = await folder(NEXT);
    await writeFiles(cwd, { '.operator/config.yaml': 'defaults: { server: "http://h" }' });
    await checkRun(
      ['schema', 'plan', '--schema', 'next.pg'],
      { cwd },
      {
        code: 1,
        err: ['direct storage access', 'operator defaults', '--store'],
      },
    );
  });
});

describe('lint', () => {
  const LINT = ['lint', '--query', 'fleet.gq', '--schema', 'harbor.pg', '--json'];

  test('77, 79: a clean file; check is its old name', async () => {
    const cwd = await harbor();
    const result = await checkRun(
      LINT,
      { cwd },
      {
        code: 0,
        json: {
          status: 'ok',
          schema_source: { kind: 'file', path: 'harbor.pg' },
          query_path: 'fleet.gq',
          queries_processed: 2,
          errors: 0,
          results: [
            {
              name: 'vessel_by_imo',
              status: 'ok',
              operation: {
                result: [{ kind: 'string' }, { kind: 'int' }],
                reads: [{ kind: 'node', type_name: 'Vessel' }],
              },
            },
            { name: 'all_harbors', status: 'ok', operation: {} },
          ],
        },
      },
    );
    const old = await succeeds(['check', ...LINT.slice(1)], { cwd });
    expect(old.stdout).toBe(result.stdout);
    expect(old.stderr).toContain('`omnigraph lint`');
    expect(result.stderr).not.toContain('deprecated');
  });

  test('78: a type error is reported on stdout, exit 1', async () => {
    const cwd = await harbor();
    await writeFiles(cwd, { 'fleet.gq': 'query bad() { match { $v: Vessel } return { $v.missing } }' });
    const result = await checkRun(LINT, { cwd }, { code: 1, json: { status: 'error', errors: 1 } });
    const [bad] = JSON.parse(result.stdout).results;
    expect(bad).toMatchObject({ name: 'bad', status: 'error', error: expect.stringContaining('missing') });
    expect(bad).not.toHaveProperty('operation');
    await checkRun(
      LINT.slice(0, -1),
      { cwd },
      { code: 1, out: ['ERROR query `bad`: ', 'Lint complete: 1 queries processed'] },
    );
  });

  test('against the accepted schema of a graph', async () => {
    const cwd = await harborWithGraph();
    await checkRun(
      ['lint', '--query', 'fleet.gq', 'g.omni', '--json'],
      { cwd },
      {
        code: 0,
        json: { status: 'ok', schema_source: { kind: 'graph', uri: 'g.omni' } },
      },
    );
    await checkRun(
      ['lint', '--query', 'fleet.gq', 'g.omni'],
      { cwd },
      { code: 0, out: ['OK    query `all_harbors` (read)\n'] },
    );
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['80: a remote server', ['lint', '--query', 'fleet.gq', 'http://h:1'], ['direct', 'remote server']],
    ['no graph', ['lint', '--query', 'fleet.gq'], ['no graph addressed']],
    ['a missing query file', ['lint', '--query', 'nope.gq', '--schema', 'harbor.pg'], ['nope.gq does not exist']],
    ['a broken schema', ['lint', '--query', 'fleet.gq', '--schema', 'fleet.jsonl'], ['fleet.jsonl:1:']],
  ])('%s', async (_, args, facts) => {
    await checkRun(args, { cwd: await harbor() }, { code: 1, err: facts });
  });
});
