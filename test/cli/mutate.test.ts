/** Acceptance rows of cli.md §13 about `mutate`. The number of a row starts its name. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { omnigraph } from '../support/built-cli.js';
import { addVessel, COMMIT, checkRun, contentsOf, harborWithGraph, succeeds, vessel, writeFiles } from './harbor.js';

describe('mutate', () => {
  test('34: --as is the actor; no echo', async () => {
    const cwd = await harborWithGraph();
    const result = await checkRun(
      addVessel('--as', 'act-a', '--json'),
      { cwd },
      {
        code: 0,
        json: {
          branch: 'main',
          query_name: 'add_v',
          affected_nodes: 1,
          affected_edges: 0,
          actor_id: 'act-a',
          commit: { ...COMMIT, actor_id: 'act-a' },
        },
      },
    );
    expect(result.stderr).toBe('');
  });

  test('35: operator.actor without --as; human output', async () => {
    const cwd = await harborWithGraph();
    await writeFiles(cwd, { '.operator/config.yaml': 'operator: { actor: act-b }' });
    await checkRun(
      addVessel(),
      { cwd },
      { code: 0, out: 'changed main via add_v: 1 nodes, 0 edges\nactor_id: act-b\n' },
    );
  });

  test('36: nothing matched, no commit', async () => {
    const cwd = await harborWithGraph();
    const source = 'query z() { update Vessel set { tonnage: 1 } where imo = "zz" }';
    const head = JSON.parse((await succeeds(['commit', 'list', 'g.omni', '--json'], { cwd })).stdout);
    await checkRun(
      ['mutate', '-e', source, '--store', 'g.omni', '--json'],
      { cwd },
      {
        code: 0,
        json: { affected_nodes: 0, affected_edges: 0, actor_id: null, commit: null },
      },
    );
    expect(JSON.parse((await succeeds(['commit', 'list', 'g.omni', '--json'], { cwd })).stdout)).toEqual(head);
  });

  test('37: a lost compare-and-swap exits 4 and changes nothing', async () => {
    const cwd = await harborWithGraph();
    const { graph_commit_id: old } = JSON.parse((await succeeds(vessel('V1', '--json'), { cwd })).stdout);
    const won = await succeeds(addVessel('--if-commit', old, '--json'), { cwd });
    const { graph_commit_id: head } = JSON.parse(won.stdout).commit;
    const lost = addVessel().map((arg) => arg.replace('"V9"', '"V8"'));
    await checkRun(
      [...lost, '--if-commit', old, '--json'],
      { cwd },
      {
        code: 4,
        json: { error: expect.any(String), precondition_failure: { expected: old, actual: head } },
      },
    );
    const plain = await omnigraph([...lost, '--if-commit', old], { cwd });
    expect(plain).toMatchObject({ code: 4, stdout: '' });
    expect(plain.stderr).toMatch(/^Error: /);
    await checkRun(vessel('V8', '--json'), { cwd }, { code: 0, json: { row_count: 0 } });
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      '38: --as on a served write',
      addVessel('--as', 'a').map((arg) =>
        arg === '--store' ? '--server' : arg === 'g.omni' ? 'http://127.0.0.1:9' : arg,
      ),
      ['--as', 'not allowed on a served write'],
    ],
    ['a read', ['mutate', 'all_harbors', '--query', 'fleet.gq', '--store', 'g.omni'], ['is a read', 'omnigraph query']],
    ['a stored name', ['mutate', 'add_v', '--store', 'g.omni'], ['needs a server', '-e']],
    [
      'a dangling edge',
      ['mutate', '-e', 'query a() { insert CallsAt { from: "V1", to: "ZZZ" } }', '--store', 'g.omni'],
      ['ZZZ'],
    ],
  ])('%s fails without effect', async (_, args, facts) => {
    const cwd = await harborWithGraph();
    const before = await contentsOf(path.join(cwd, 'g.omni'));
    await checkRun(args, { cwd }, { code: 1, err: facts });
    expect(await contentsOf(path.join(cwd, 'g.omni'))).toEqual(before);
  });
});
