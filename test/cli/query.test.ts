/** Acceptance rows of cli.md §13 about `query`. The number of a row starts its name. */
import { describe, expect, test } from 'vitest';
import {
  ADD_VESSEL,
  addVessel,
  checkRun,
  type Expected,
  harbor,
  harborWithGraph,
  succeeds,
  VESSEL_QUERY,
  vessel,
  writeFiles,
} from './harbor.js';

describe('query', () => {
  test.each<[string, readonly string[], Expected]>([
    [
      '17: --json',
      vessel('V1', '--json'),
      {
        code: 0,
        json: {
          query_name: 'vessel_by_imo',
          target: { branch: 'main', snapshot: null },
          row_count: 1,
          columns: ['v.name', 'v.tonnage'],
          rows: [{ 'v.name': 'Aurora', 'v.tonnage': 900 }],
          graph_commit_id: expect.any(String),
        },
      },
    ],
    ['18: csv', vessel('V1', '--format', 'csv'), { code: 0, out: 'v.name,v.tonnage\nAurora,900\n' }],
    [
      '19: jsonl',
      vessel('V1', '--format', 'jsonl'),
      {
        code: 0,
        out: '{"kind":"metadata","query_name":"vessel_by_imo","target":{"branch":"main","snapshot":null},"row_count":1}\n{"v.name":"Aurora","v.tonnage":900}\n',
      },
    ],
    [
      '20: kv',
      vessel('V2', '--format', 'kv'),
      { code: 0, out: '1 rows from branch main via vessel_by_imo\nrow 1\nv.name: Borea\nv.tonnage: null\n' },
    ],
    [
      '21: table without rows',
      vessel('none', '--format', 'table'),
      { code: 0, out: '0 rows from branch main via vessel_by_imo\nv.name | v.tonnage\n-------+----------\n' },
    ],
    [
      '22: several queries',
      ['query', '--query', 'fleet.gq', '--store', 'g.omni'],
      { code: 1, err: ['several queries', 'vessel_by_imo', 'all_harbors'] },
    ],
    [
      'an unknown query',
      ['query', 'nope', '--query', 'fleet.gq', '--store', 'g.omni'],
      { code: 1, err: ["query 'nope' not found", 'all_harbors'] },
    ],
    ['23: an empty source', ['query', '-e', '', '--store', 'g.omni'], { code: 1, err: ['must not be empty'] }],
    ['a blank source', ['query', '-e', ' \n', '--store', 'g.omni'], { code: 1, err: ['must not be empty'] }],
    ['26: by name', ['query', 'all_harbors', '--store', 'g.omni'], { code: 1, err: ['needs a server', '-e'] }],
    ['neither name nor source', ['query', '--store', 'g.omni'], { code: 1, err: ['-e <gq>', '--server'] }],
    [
      '27: an http store',
      ['query', '--store', 'http://127.0.0.1:9911', '-e', 'x'],
      { code: 1, err: ['--server <url>'] },
    ],
    [
      '28: --graph with a store',
      ['query', '--store', 'g.omni', '--graph', 'fleet', '-e', 'x'],
      { code: 1, err: ['already a single graph'] },
    ],
    [
      '30: --as',
      ['query', '--as', 'act-x', '-e', 'x', '--store', 'g.omni'],
      { code: 1, err: ['`query` is a data command', '--as'] },
    ],
    [
      '32: no address',
      ['query', '-e', 'x'],
      { code: 1, err: ['no graph addressed', '--store', '--server', '--profile'] },
    ],
    [
      '44: two addresses',
      ['query', 'x', '--store', 'g.omni', '--server', 'north-dock', '-e', 'x'],
      { code: 1, err: ['mutually exclusive', '--store', '--server'] },
    ],
    [
      'a served query',
      ['query', 'all_harbors', '--server', 'http://127.0.0.1:9'],
      { code: 1, err: ['not available in this version', '--store'] },
    ],
    [
      'a mutation',
      ['query', '-e', ADD_VESSEL, '--store', 'g.omni'],
      { code: 1, err: ['is a mutation', 'omnigraph mutate'] },
    ],
    [
      'a missing parameter',
      ['query', 'vessel_by_imo', '--query', 'fleet.gq', '--store', 'g.omni'],
      { code: 1, err: ["'imo' not provided"] },
    ],
    [
      'parameters that are no object',
      [...VESSEL_QUERY, '--params', '[1]'],
      { code: 1, err: ['must be a JSON object'] },
    ],
    [
      'parameters that are no JSON',
      [...VESSEL_QUERY, '--params', '{"imo"'],
      { code: 1, err: ['`--params` is not JSON'] },
    ],
    [
      'a parameter of another type',
      [...VESSEL_QUERY, '--params', '{"imo":1}'],
      { code: 1, err: ["param 'imo'", 'expected string'] },
    ],
    [
      'a params file',
      [...VESSEL_QUERY, '--params-file', 'p.json', '--format', 'csv'],
      { code: 0, out: 'v.name,v.tonnage\nCirrus,null\n' },
    ],
    [
      'a params file that is not there',
      [...VESSEL_QUERY, '--params-file', 'nope.json'],
      { code: 1, err: ['nope.json does not exist'] },
    ],
    [
      'a source file that is not there',
      ['query', '--query', 'nope.gq', '--store', 'g.omni'],
      { code: 1, err: ['nope.gq does not exist'] },
    ],
    [
      'a source that does not parse',
      ['query', '--query', 'broken.gq', '--store', 'g.omni'],
      { code: 1, err: ['broken.gq:2:', 'parse error: '] },
    ],
    [
      'a source with a type error',
      ['query', 'bad', '--query', 'mixed.gq', '--store', 'g.omni'],
      { code: 1, err: ['mixed.gq:3:', 'type error: ', 'missing'] },
    ],
    [
      'a good query beside a bad one',
      ['query', 'good', '--query', 'mixed.gq', '--store', 'g.omni', '--format', 'csv'],
      { code: 0, out: 'h.code\nOSL\nRTM\n' },
    ],
    ['an unknown branch', [...vessel('V1'), '--branch', 'rev'], { code: 1, err: ['rev'] }],
    [
      'an unknown snapshot',
      [...vessel('V1'), '--snapshot', '01J00000000000000000000000'],
      { code: 1, err: ['01J00000000000000000000000'] },
    ],
    ['a graph that is not there', ['query', '-e', 'x', '--store', 'nope.omni'], { code: 1, err: ['nope.omni'] }],
  ])('%s', async (_, args, expected) => {
    const cwd = await harborWithGraph();
    await writeFiles(cwd, {
      'p.json': '{"imo":"V3"}',
      'broken.gq': 'query a() {\n  match { $h Harbor }\n  return { $h.code }\n}\n',
      'mixed.gq':
        'query bad() {\n  match { $h: Harbor }\n  return { $h.missing }\n}\nquery good() { match { $h: Harbor } return { $h.code } order { $h.code } }\n',
    });
    await checkRun(args, { cwd }, expected);
  });

  test('a snapshot reads an older commit', async () => {
    const cwd = await harborWithGraph();
    const before = JSON.parse((await succeeds(vessel('V9', '--json'), { cwd })).stdout);
    expect(before.row_count).toBe(0);
    await succeeds(addVessel(), { cwd });
    await checkRun(vessel('V9', '--format', 'csv'), { cwd }, { code: 0, out: 'v.name,v.tonnage\nNova,null\n' });
    await checkRun(
      [...vessel('V9', '--json'), '--snapshot', before.graph_commit_id],
      { cwd },
      {
        code: 0,
        json: { row_count: 0, target: { branch: null, snapshot: before.graph_commit_id } },
      },
    );
  });

  test.each<[string, string, string]>([
    [
      '31: the default store and the default format',
      'defaults: { store: g.omni }',
      '2 rows from branch main via all_harbors\nh.code\n------\nOSL   \nRTM   \n',
    ],
    ['33: the default format', 'defaults: { store: g.omni, output: csv }', 'h.code\nOSL\nRTM\n'],
  ])('%s', async (_, config, out) => {
    const cwd = await harborWithGraph();
    await writeFiles(cwd, { '.operator/config.yaml': config });
    await checkRun(['query', 'all_harbors', '--query', 'fleet.gq'], { cwd }, { code: 0, out });
  });

  test('43: an unknown server', async () => {
    const cwd = await harbor();
    await writeFiles(cwd, { '.operator/config.yaml': 'servers: { north-dock: { url: "http://127.0.0.1:9" } }' });
    await checkRun(
      ['query', 'x', '--server', 'nope'],
      { cwd },
      { code: 1, err: ['unknown server', 'nope', 'north-dock'] },
    );
  });

  test('the old spelling prints the same and warns', async () => {
    const cwd = await harborWithGraph();
    const current = await succeeds(vessel('V1'), { cwd });
    const old = await succeeds(['read', ...vessel('V1').slice(1)], { cwd });
    expect(old.stdout).toBe(current.stdout);
    expect(old.stderr).toContain('deprecated');
    expect(current.stderr).toBe('');
  });
});
