/** Acceptance rows of cli.md §13 about `init` and `load`. The number of a row starts its name. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMIT, checkRun, contentsOf, harbor, harborWithGraph, succeeds, writeFiles } from './harbor.js';

describe('init', () => {
  test('5: creates a graph, parents included', async () => {
    const cwd = await harbor();
    await checkRun(['init', '--schema', 'harbor.pg', 'g.omni'], { cwd }, { code: 0, out: 'initialized g.omni\n' });
    await checkRun(
      ['init', '--schema', 'harbor.pg', 'a/b/g.omni'],
      { cwd },
      { code: 0, out: 'initialized a/b/g.omni\n' },
    );
  });

  test.each([[[]], [['--force']]])('6: an existing graph stays untouched %j', async (flags) => {
    const cwd = await harborWithGraph();
    const before = await contentsOf(path.join(cwd, 'g.omni'));
    const args = ['init', '--schema', 'harbor.pg', 'g.omni', ...flags];
    await checkRun(args, { cwd }, { code: 1, err: ['already_initialized'] });
    expect(await contentsOf(path.join(cwd, 'g.omni'))).toEqual(before);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      '8: --store',
      ['init', '--schema', 'harbor.pg', '--store', 'file:///x', 'g.omni'],
      ['`init`', 'direct (storage-native)', '--store', 'does not apply'],
    ],
    ['a missing schema file', ['init', '--schema', 'nope.pg', 'g.omni'], ['nope.pg does not exist']],
    ['a broken schema', ['init', '--schema', 'broken.pg', 'g.omni'], ['broken.pg:2:', 'parse error: ']],
    ['a schema that does not make a catalog', ['init', '--schema', 'wrong.pg', 'g.omni'], ['wrong.pg:1:', 'Nowhere']],
    ['a server', ['init', '--schema', 'harbor.pg', 'http://h/g.omni'], ['direct (storage-native)', 'http://h/g.omni']],
  ])('%s creates nothing', async (_, args, facts) => {
    const cwd = await harbor();
    await writeFiles(cwd, { 'broken.pg': 'node A {\n  name String\n}\n', 'wrong.pg': 'edge E: Nowhere -> Nowhere\n' });
    const before = await contentsOf(cwd);
    await checkRun(args, { cwd }, { code: 1, err: facts });
    expect(await contentsOf(cwd)).toEqual(before);
    expect(existsSync(path.join(cwd, 'g.omni'))).toBe(false);
  });
});

describe('load', () => {
  test('10: reports counts and the commit, and echoes the target', async () => {
    const cwd = await harbor();
    await succeeds(['init', '--schema', 'harbor.pg', 'g.omni'], { cwd });
    const result = await checkRun(
      ['load', '--data', 'fleet.jsonl', '--mode', 'overwrite', '--json', 'g.omni'],
      { cwd },
      { code: 0, json: {} },
    );
    expect(result.stderr).toBe('omnigraph load → g.omni (direct, local)\n');
    const report = JSON.parse(result.stdout);
    expect(report).toEqual({
      uri: 'g.omni',
      branch: 'main',
      mode: 'overwrite',
      branch_created: false,
      nodes: [
        { name: 'Harbor', entities_loaded: 2 },
        { name: 'Vessel', entities_loaded: 3 },
      ],
      edges: [{ name: 'CallsAt', entities_loaded: 2 }],
      total_entities: 7,
      commit: COMMIT,
    });
    expect(Object.keys(report)).toEqual([
      'uri',
      'branch',
      'mode',
      'branch_created',
      'nodes',
      'edges',
      'total_entities',
      'commit',
    ]);
    expect(result.stdout).toMatch(/^\{\n {2}"uri": "g.omni",\n/);

    // 68: the newest commit is the load's.
    const list = await succeeds(['commit', 'list', 'g.omni', '--json'], { cwd });
    expect(JSON.parse(list.stdout).commits[0]).toEqual(report.commit);
  });

  test('11: --quiet silences the echo', async () => {
    const cwd = await harborWithGraph();
    const args = ['load', '--data', 'fleet.jsonl', '--mode', 'merge', '--quiet', 'g.omni'];
    const result = await checkRun(
      args,
      { cwd },
      {
        code: 0,
        out: 'loaded g.omni on branch main with merge: 7 entities across 2 node types and 1 edge types\n',
      },
    );
    expect(result.stderr).toBe('');
  });

  const vesselLine = (data: object): string => `${JSON.stringify({ type: 'Vessel', data })}\n`;

  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      '12: a branch that is not there',
      vesselLine({ imo: 'V4', name: 'D' }),
      ['--mode', 'merge', '--branch', 'rev'],
      ['rev'],
    ],
    ['14: append of a stored key', vesselLine({ imo: 'V1', name: 'A' }), ['--mode', 'append'], ['V1']],
    [
      '15: an unknown property',
      vesselLine({ imo: 'V4', name: 'D' }) +
        vesselLine({ imo: 'V5', name: 'E' }) +
        vesselLine({ imo: 'V6', name: 'F', colour: 1 }),
      ['--mode', 'merge'],
      ['colour', 'line 3', 'd.jsonl'],
    ],
    ['a line that is not JSON', `${vesselLine({ imo: 'V4', name: 'D' })}{"type":\n`, ['--mode', 'merge'], ['2']],
    ['an unknown type', '{"type":"Ghost","data":{}}\n', ['--mode', 'merge'], ['Ghost', '1']],
    [
      'more entities than one commit takes',
      Array.from({ length: 8193 }, (_, n) => vesselLine({ imo: `X${n}`, name: 'X' })).join(''),
      ['--mode', 'append'],
      ['actual 8193, limit 8192', 'd.jsonl', 'split the file'],
    ],
    ['a dangling edge', '{"edge":"CallsAt","from":"V1","to":"ZZZ"}\n', ['--mode', 'merge'], ['ZZZ']],
  ])('%s leaves the graph as it was', async (_, data, flags, facts) => {
    const cwd = await harborWithGraph();
    await writeFiles(cwd, { 'd.jsonl': data });
    const before = (await succeeds(['snapshot', 'g.omni', '--json'], { cwd })).stdout;
    await checkRun(['load', '--data', 'd.jsonl', ...flags, 'g.omni'], { cwd }, { code: 1, err: facts });
    expect((await succeeds(['snapshot', 'g.omni', '--json'], { cwd })).stdout).toBe(before);
  });

  test('a missing data file', async () => {
    const cwd = await harborWithGraph();
    const args = ['load', '--data', 'nope.jsonl', '--mode', 'merge', 'g.omni'];
    await checkRun(args, { cwd }, { code: 1, err: ['nope.jsonl does not exist'] });
  });

  test('a graph that is not there', async () => {
    const cwd = await harbor();
    const args = ['load', '--data', 'fleet.jsonl', '--mode', 'merge', 'nope.omni'];
    await checkRun(args, { cwd }, { code: 1, err: ['nope.omni'] });
    expect(existsSync(path.join(cwd, 'nope.omni'))).toBe(false);
  });

  test('16: an overwrite on a target that is not local needs --yes, before any network', async () => {
    const cwd = await harbor();
    const args = ['load', '--data', 'absent.jsonl', '--mode', 'overwrite', '--store', 's3://no/g.omni', '--json'];
    const result = await checkRun(args, { cwd }, { code: 1, err: ['refusing', 'load --mode overwrite', '--yes'] });
    expect(result.stderr).not.toContain('→');
  });
});
