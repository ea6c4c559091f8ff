/** Acceptance rows of cli.md §13 that work on one graph's storage. The number of a row starts its name. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { launcher, omnigraph } from '../support/built-cli.js';
import {
  ADD_VESSEL,
  checkRun,
  contentsOf,
  type Expected,
  harbor,
  harborWithGraph,
  SCHEMA,
  succeeds,
  writeFiles,
} from './harbor.js';

const VESSEL_QUERY = ['query', 'vessel_by_imo', '--query', 'fleet.gq', '--store', 'g.omni'] as const;
const vessel = (imo: string, ...rest: readonly string[]) => [...VESSEL_QUERY, '--params', `{"imo":"${imo}"}`, ...rest];
const addVessel = (...rest: readonly string[]) => [
  'mutate',
  '-e',
  ADD_VESSEL,
  '--params',
  '{"imo":"V9","name":"Nova"}',
  '--store',
  'g.omni',
  ...rest,
];

const COMMIT = {
  graph_commit_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
  graph_branch: null,
  graph_manifest_version: expect.any(Number),
  parent_commit_id: expect.any(String),
  merged_parent_commit_id: null,
  actor_id: null,
  created_at: expect.any(Number),
};

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
      ['8193 of 8192', 'd.jsonl', 'split the file'],
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

describe('reading a graph', () => {
  test('64: snapshot lists edges before nodes', async () => {
    const cwd = await harborWithGraph();
    const result = await checkRun(
      ['snapshot', 'g.omni', '--json'],
      { cwd },
      { code: 0, json: { graph_branch: 'main' } },
    );
    const { datasets, ...head } = JSON.parse(result.stdout);
    expect(Object.keys(head)).toEqual(['graph_branch', 'graph_manifest_version', 'internal_schema_version']);
    expect(datasets.map((d: Record<string, unknown>) => [d.entity_kind, d.type_name, d.entity_count])).toEqual([
      ['edge', 'CallsAt', 2],
      ['node', 'Harbor', 2],
      ['node', 'Vessel', 3],
    ]);
    const { stdout } = await succeeds(['snapshot', 'g.omni'], { cwd });
    expect(stdout).toMatch(
      /^graph_branch: main\ngraph_manifest_version: \d+\ninternal_schema_version: \d+\nedge type 'CallsAt' published_dataset_version=\d+ native_dataset_branch=\S+ entities=2\n/,
    );
  });

  test('65: export of one type, ids ascending', async () => {
    const cwd = await harborWithGraph();
    const { stdout } = await succeeds(['export', 'g.omni', '--type', 'Vessel'], { cwd });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { type: 'Vessel', data: { id: 'V1', imo: 'V1', name: 'Aurora', tonnage: 900 } },
      { type: 'Vessel', data: { id: 'V2', imo: 'V2', name: 'Borea', tonnage: null } },
      { type: 'Vessel', data: { id: 'V3', imo: 'V3', name: 'Cirrus', tonnage: null } },
    ]);
  });

  test('66: export of an unknown type', async () => {
    const cwd = await harborWithGraph();
    await checkRun(['export', 'g.omni', '--type', 'Ghost'], { cwd }, { code: 1, err: ['Ghost'] });
  });

  test('an export loads into an empty graph of the same schema', async () => {
    const cwd = await harborWithGraph();
    const { stdout } = await succeeds(['export', 'g.omni'], { cwd });
    await writeFiles(cwd, { 'all.jsonl': stdout });
    await succeeds(['init', '--schema', 'harbor.pg', 'copy.omni'], { cwd });
    await succeeds(['load', '--data', 'all.jsonl', '--mode', 'append', 'copy.omni'], { cwd });
    expect((await succeeds(['export', 'copy.omni'], { cwd })).stdout).toBe(stdout);
  });

  test('a reader that stops early is no failure', async () => {
    const cwd = await harborWithGraph();
    const lines = Array.from({ length: 4000 }, (_, n) =>
      JSON.stringify({ type: 'Harbor', data: { code: `H${n}`.padEnd(60, 'x') } }),
    );
    await writeFiles(cwd, { 'many.jsonl': `${lines.join('\n')}\n` });
    await succeeds(['load', '--data', 'many.jsonl', '--mode', 'append', 'g.omni'], { cwd });
    const script = `set -o pipefail; "$0" "$1" export g.omni 2>err.txt | head -n 1; echo $?; cat err.txt`;
    const output = execFileSync('bash', ['-c', script, process.execPath, launcher()], { cwd, encoding: 'utf8' });
    expect(output).toMatch(/^\{"edge":"CallsAt".*\}\n0\n$/);
  });

  test('export --jsonl is accepted, warns and changes nothing', async () => {
    const cwd = await harborWithGraph();
    const plain = await succeeds(['export', 'g.omni'], { cwd });
    const old = await succeeds(['export', '--jsonl', 'g.omni'], { cwd });
    expect(old.stdout).toBe(plain.stdout);
    expect(old.stderr).toContain('--jsonl');
  });

  test('commit show prints one commit', async () => {
    const cwd = await harborWithGraph();
    const { commits } = JSON.parse((await succeeds(['commit', 'list', 'g.omni', '--json'], { cwd })).stdout);
    expect(commits).toHaveLength(2);
    const [newest] = commits;
    await checkRun(
      ['commit', 'show', newest.graph_commit_id, '--uri', 'g.omni', '--json'],
      { cwd },
      { code: 0, json: newest },
    );
    await checkRun(
      ['commit', 'show', newest.graph_commit_id, '--store', 'g.omni'],
      { cwd },
      {
        code: 0,
        out: `graph_commit_id: ${newest.graph_commit_id}\ngraph_branch: main\ngraph_manifest_version: ${newest.graph_manifest_version}\nparent_commit_id: ${newest.parent_commit_id}\ncreated_at: ${newest.created_at}\n`,
      },
    );
    await checkRun(
      ['commit', 'list', 'g.omni'],
      { cwd },
      {
        code: 0,
        out: [`${newest.graph_commit_id} graph_branch=main graph_manifest_version=${newest.graph_manifest_version}\n`],
      },
    );
    await checkRun(['commit', 'show', 'nope', '--uri', 'g.omni'], { cwd }, { code: 1, err: ['nope'] });
  });
});

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
