/** Rows of cli.md §13 about clusters: the `cluster` commands themselves, and what looks at applied state. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRun, contentsOf, type Expected, SCHEMA, succeeds, writeFiles } from './harbor.js';
import { CLUSTER, convergedPort, DESCRIBED, port } from './port.js';

describe('from files to a converged cluster', () => {
  test('validate, import, plan, apply, status, refresh', async () => {
    const cwd = await port();
    const at = ['--config', 'port'];
    await checkRun(['cluster', 'validate', ...at], { cwd }, { code: 0, out: ['validate: ok, '] });
    expect(existsSync(path.join(cwd, 'port', '__cluster'))).toBe(false);
    await checkRun(['cluster', 'import', ...at], { cwd }, { code: 0, out: ['import: ledger revision 1'] });
    await checkRun(
      ['cluster', 'plan', ...at],
      { cwd },
      { code: 0, out: ['  Create graph.fleet\n', '  Create policy.gate'] },
    );
    await checkRun(
      ['cluster', 'apply', ...at, '--as', 'act-mira', '--json'],
      { cwd },
      {
        code: 0,
        json: { ok: true, actor: 'act-mira', converged: true, state_written: true },
      },
    );
    await checkRun(['cluster', 'plan', ...at, '--json'], { cwd }, { code: 0, json: { ok: true, changes: [] } });
    await checkRun(
      ['cluster', 'status', ...at, '--json'],
      { cwd },
      {
        code: 0,
        json: { ok: true, state_observations: { state_found: true, locked: false } },
      },
    );
    await checkRun(['cluster', 'refresh', ...at], { cwd }, { code: 0, out: ['refresh: ledger revision '] });
    await succeeds(['snapshot', 'port/graphs/fleet.omni'], { cwd });
  });

  test('the config directory defaults to the current one', async () => {
    const cwd = path.join(await port(), 'port');
    await checkRun(['cluster', 'validate', '--json'], { cwd }, { code: 0, json: { ok: true, config_dir: '.' } });
  });

  test.each<[string, readonly string[], Record<string, string>, Expected]>([
    [
      '105: an unknown key, as JSON',
      ['validate', '--json'],
      { 'port/cluster.yaml': `${CLUSTER}colour: red\n` },
      { code: 1, json: { ok: false } },
    ],
    [
      'an unknown key, as text',
      ['validate'],
      { 'port/cluster.yaml': `${CLUSTER}colour: red\n` },
      { code: 1, out: ['ERROR ', 'colour', 'cluster.yaml:12:1'] },
    ],
    [
      'a broken schema',
      ['plan'],
      { 'port/harbor.pg': 'node A {\n  name String\n}\n' },
      { code: 1, out: ['ERROR schema_parse_error graphs.fleet.schema: ', 'harbor.pg:2:'] },
    ],
    ['apply without a ledger', ['apply'], {}, { code: 1, out: ['ERROR state_missing', 'cluster import'] }],
    ['force-unlock without a lock', ['force-unlock', 'X'], {}, { code: 1, out: ['state_lock_missing'] }],
    ['approve of a change that needs none', ['approve', 'graph.fleet', '--as', 'a'], {}, { code: 1, out: ['ERROR '] }],
    ['a directory that is not there', ['validate', '--config', 'nope'], {}, { code: 1, out: ['config_dir_not_found'] }],
  ])('%s exits 1 with the report on stdout', async (_, args, files, expected) => {
    const cwd = await port(files);
    const config = args.includes('--config') ? [] : ['--config', 'port'];
    await checkRun(['cluster', ...args, ...config], { cwd }, expected);
  });

  test('plan: exit codes and the pull-request comment', async () => {
    const cwd = await convergedPort();
    const at = ['cluster', 'plan', '--config', 'port'];
    await checkRun([...at, '--detailed-exitcode'], { cwd }, { code: 0, out: ['  no changes'] });
    await writeFiles(cwd, { 'port/harbor.pg': `${SCHEMA}node Buoy { code: String @key }\n` });
    await checkRun(at, { cwd }, { code: 0, out: ['add_type node Buoy'] });
    await checkRun([...at, '--detailed-exitcode', '--json'], { cwd }, { code: 2, json: { ok: true } });
    await checkRun([...at, '--format', 'json'], { cwd }, { code: 0, json: { ok: true } });
    await checkRun(
      [...at, '--format', 'markdown', '--detailed-exitcode'],
      { cwd },
      { code: 2, out: ['### Cluster plan: 2 changes', '`add_type node Buoy`'] },
    );
    await checkRun([...at, '--format', 'markdown', '--json'], { cwd }, { code: 2, err: ['--json'] });
    await checkRun([...at, '--format', 'xml'], { cwd }, { code: 2, err: ['text, json, markdown'] });
    await writeFiles(cwd, { 'port/cluster.yaml': `${CLUSTER}colour: red\n` });
    await checkRun([...at, '--detailed-exitcode'], { cwd }, { code: 1, out: ['plan: failed'] });
  });

  test('gc: a look, then the deletion of what a week has passed over', async () => {
    const cwd = await convergedPort();
    const at = ['cluster', 'gc', '--config', 'port'];
    await checkRun(at, { cwd }, { code: 0, out: 'gc: 0 objects to delete\n' });
    const blob = path.join(cwd, 'port/__cluster/resources/query/fleet/gone', `${'a'.repeat(64)}.gq`);
    await mkdir(path.dirname(blob), { recursive: true });
    await writeFile(blob, 'query gone() {}');
    await checkRun(
      at,
      { cwd },
      { code: 0, out: ['gc: 0 objects to delete\n  1 more not needed, kept until 7 days old'] },
    );
    const old = new Date(Date.now() - 10 * 86_400_000);
    await utimes(blob, old, old);
    await checkRun([...at, '--older-than', '30d'], { cwd }, { code: 0, out: ['gc: 0 objects to delete'] });
    await checkRun(at, { cwd }, { code: 0, out: ['gc: 1 object to delete', 'would delete catalog_blob', '--confirm'] });
    expect(existsSync(blob)).toBe(true);
    await checkRun([...at, '--confirm', '--json'], { cwd }, { code: 0, json: { ok: true, deleted_count: 1 } });
    expect(existsSync(blob)).toBe(false);
    await checkRun([...at, '--older-than', '3'], { cwd }, { code: 2, err: ['at least 7'] });
  });

  test('graph: a drawing that Mermaid reads, or JSON', async () => {
    const cwd = await port();
    await checkRun(
      ['cluster', 'graph', '--config', 'port'],
      { cwd },
      { code: 0, out: ['flowchart LR\n  r0[("graph.fleet")]\n', '  r1{{"policy.gate"}}\n', '  r1 --> r0\n'] },
    );
    const drawn = await succeeds(['cluster', 'graph', '--config', 'port', '--json'], { cwd });
    const { ok, dependencies } = JSON.parse(drawn.stdout);
    expect({ ok, first: dependencies[0] }).toEqual({ ok: true, first: { from: 'policy.gate', to: 'graph.fleet' } });
  });

  test('a gated delete is approved, then applied', async () => {
    const cwd = await convergedPort();
    await writeFiles(cwd, { 'port/cluster.yaml': CLUSTER.split('graphs:')[0] ?? '' });
    await checkRun(
      ['cluster', 'plan', '--config', 'port', '--json'],
      { cwd },
      {
        code: 0,
        json: { approvals_required: [{ resource: 'graph.fleet' }] },
      },
    );
    await checkRun(
      ['cluster', 'apply', '--config', 'port', '--json'],
      { cwd },
      { code: 0, json: { ok: true, converged: false } },
    );
    await checkRun(
      ['cluster', 'approve', 'graph.fleet', '--config', 'port', '--as', 'act-mira'],
      { cwd },
      {
        code: 0,
        out: ['approve: delete of graph.fleet approved by act-mira, approval '],
      },
    );
    await checkRun(
      ['cluster', 'apply', '--config', 'port', '--json'],
      { cwd },
      { code: 0, json: { ok: true, converged: true } },
    );
    expect(existsSync(path.join(cwd, 'port', 'graphs', 'fleet.omni'))).toBe(false);
  });
});

test.each([['validate'], ['plan'], ['status'], ['refresh']])(
  'cluster %s never loads the native engine',
  async (command) => {
    const cwd = await convergedPort();
    await writeFiles(cwd, {
      'port/harbor.pg': SCHEMA.replace('I32?', 'I32?\n  flag: String?'),
      'watch.cjs': WATCH_NATIVE,
    });
    const env = { NODE_OPTIONS: `--require ${path.join(cwd, 'watch.cjs')}` };
    const { stderr } = await succeeds(['cluster', command, '--config', 'port'], { cwd, env });
    expect(stderr).toBe('');
    // The watch itself works: a command that needs tables is seen to load them.
    const read = await succeeds(
      ['query', '-e', 'query a() { match { $h: Harbor } return { $h.code } }', '--store', 'port/graphs/fleet.omni'],
      { cwd, env },
    );
    expect(read.stderr).toContain('loaded @lancedb/lancedb');
  },
);

/** Says so on stderr when a module of the native engine is asked for. */
const WATCH_NATIVE = `const Module = require('node:module');
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request === '@lancedb/lancedb' || request === 'apache-arrow') process.stderr.write('loaded ' + request + '\\n');
  return load.call(this, request, ...rest);
};
`;

describe('the actor of cluster commands', () => {
  test('104: approve without an approver', async () => {
    const cwd = await port();
    await checkRun(
      ['cluster', 'approve', 'graph.fleet', '--config', 'port'],
      { cwd },
      {
        code: 1,
        err: ['approver', '--as', 'operator.actor', path.join(cwd, '.operator', 'config.yaml')],
      },
    );
  });

  test('operator.actor is used, and --as leaves a broken config unread', async () => {
    const cwd = await convergedPort();
    await writeFiles(cwd, { '.operator/config.yaml': 'operator: { actor: act-b }' });
    await checkRun(['cluster', 'apply', '--config', 'port', '--json'], { cwd }, { code: 0, json: { actor: 'act-b' } });
    await writeFiles(cwd, { '.operator/config.yaml': 'operator: [' });
    await checkRun(['cluster', 'apply', '--config', 'port'], { cwd }, { code: 1, err: ['could not parse'] });
    await checkRun(
      ['cluster', 'apply', '--config', 'port', '--as', 'a', '--json'],
      { cwd },
      { code: 0, json: { actor: 'a' } },
    );
    await checkRun(['cluster', 'status', '--config', 'port', '--json'], { cwd }, { code: 0, json: { ok: true } });
  });

  test('103: --profile is refused, OMNIGRAPH_PROFILE is ignored', async () => {
    const cwd = await convergedPort();
    await checkRun(
      ['cluster', 'apply', '--config', 'port', '--profile', 'p'],
      { cwd },
      { code: 1, err: ['--profile', '--config <dir>'] },
    );
    await checkRun(
      ['cluster', 'apply', '--config', 'port', '--json'],
      { cwd, env: { OMNIGRAPH_PROFILE: 'p' } },
      {
        code: 0,
        json: { converged: true },
      },
    );
  });
});

describe('a graph that a cluster manages', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['7: init', ['init', '--schema', 'harbor.pg', 'port/graphs/new.omni'], ['port/graphs/new.omni', 'cluster apply']],
    ['init, with a trailing slash', ['init', '--schema', 'nope.pg', 'port/graphs/new.omni/'], ['cluster apply']],
    ['75: schema apply', ['schema', 'apply', '--schema', 'nope.pg', 'port/graphs/fleet.omni'], ['cluster apply']],
    ['29: query --cluster', ['query', '--cluster', './port', '-e', 'x'], ['is a data command', '--cluster']],
  ])('%s is refused and nothing changes', async (_, args, facts) => {
    const cwd = await convergedPort();
    await writeFiles(cwd, { 'harbor.pg': SCHEMA });
    const before = await contentsOf(cwd);
    await checkRun(args, { cwd }, { code: 1, err: facts });
    expect(await contentsOf(cwd)).toEqual(before);
  });

  test('a path typed inside the cluster directory is caught too', async () => {
    const cwd = path.join(await convergedPort(), 'port');
    await checkRun(['init', '--schema', 'harbor.pg', 'graphs/new.omni'], { cwd }, { code: 1, err: ['cluster apply'] });
  });

  test('load and schema plan are allowed', async () => {
    const cwd = await convergedPort();
    await writeFiles(cwd, { 'd.jsonl': '{"type":"Harbor","data":{"code":"RTM"}}\n', 'harbor.pg': SCHEMA });
    await succeeds(['load', '--data', 'd.jsonl', '--mode', 'merge', 'port/graphs/fleet.omni'], { cwd });
    await succeeds(['schema', 'plan', '--schema', 'harbor.pg', 'port/graphs/fleet.omni'], { cwd });
  });
});

describe('queries', () => {
  test('81: list', async () => {
    const cwd = await convergedPort();
    await checkRun(
      ['queries', 'list', '--cluster', './port'],
      { cwd },
      {
        code: 0,
        out: 'mutation  add_v($imo: String, $name: String)\nread  all_harbors()\nread  vessel_by_imo($imo: String)\n',
      },
    );
    await checkRun(
      ['queries', 'list', '--cluster', './port', '--graph', 'zz', '--json'],
      { cwd },
      { code: 0, out: '{\n  "queries": []\n}\n' },
    );
    await checkRun(
      ['queries', 'list', '--cluster', './port', '--graph', 'zz'],
      { cwd },
      { code: 0, out: '(no stored queries registered)\n' },
    );
  });

  test('list shows annotations and types', async () => {
    const cwd = await port({ 'port/queries/described.gq': DESCRIBED });
    await succeeds(['cluster', 'import', '--config', 'port'], { cwd });
    await succeeds(['cluster', 'apply', '--config', 'port'], { cwd });
    const { stdout } = await checkRun(
      ['queries', 'list', '--cluster', 'port', '--graph', 'fleet'],
      { cwd },
      {
        code: 0,
        out: [
          'read  described($imo: String?)\n    description: One vessel\n                 and its name\n    instruction: Ask for a number\n',
        ],
      },
    );
    expect(stdout.split('\n')[0]).toBe('mutation  add_v($imo: String, $name: String)');
    const json = await succeeds(['queries', 'list', '--cluster', 'port', '--json'], { cwd });
    expect(JSON.parse(json.stdout).queries[2]).toEqual({
      name: 'described',
      mcp_expose: false,
      tool_name: null,
      mutation: false,
      description: 'One vessel\nand its name',
      instruction: 'Ask for a number',
      params: [{ name: 'imo', type: 'String', nullable: true }],
    });
  });

  test.each<[string, readonly string[], Expected]>([
    ['validate', ['validate', '--cluster', './port'], { code: 0, out: ['OK  3 stored queries checked\n'] }],
    ['validate --json', ['validate', '--cluster', './port', '--json'], { code: 0, json: { ok: true, breakages: [] } }],
    ['a profile', ['validate', '--profile', 'ships'], { code: 0, out: ['OK  3 '] }],
    ['82: no cluster', ['validate'], { code: 1, err: ['needs a cluster', '--cluster <dir|uri>'] }],
    [
      'a profile bound to a store',
      ['validate', '--profile', 'box'],
      { code: 1, err: ['needs a cluster', '--cluster <dir|uri>'] },
    ],
    [
      '83: an unknown graph',
      ['validate', '--cluster', './port', '--graph', 'zz'],
      { code: 1, err: ['zz', 'not applied', 'fleet'] },
    ],
    [
      'a directory without a ledger',
      ['list', '--cluster', './empty'],
      { code: 1, err: ['not ready to serve', '  [cluster_state_missing]', 'cluster import'] },
    ],
  ])('%s', async (_, args, expected) => {
    const cwd = await convergedPort();
    await writeFiles(cwd, {
      '.operator/config.yaml':
        'clusters: { fleet: { root: port } }\nprofiles: { ships: { cluster: fleet }, box: { store: g.omni } }',
    });
    await checkRun(['queries', ...args], { cwd }, expected);
  });

  test('validate reports queries that the live schema broke', async () => {
    const cwd = await convergedPort();
    // What a schema changed behind the cluster's back leaves: the stored queries no longer fit the graph.
    const graph = path.join(cwd, 'port', 'graphs', 'fleet.omni');
    await rm(graph, { recursive: true });
    await writeFiles(cwd, { 'other.pg': SCHEMA.replace('name: String', 'title: String') });
    await succeeds(['init', '--schema', 'other.pg', 'elsewhere.omni'], { cwd });
    await rename(path.join(cwd, 'elsewhere.omni'), graph);
    const result = await checkRun(
      ['queries', 'validate', '--cluster', 'port', '--json'],
      { cwd },
      { code: 1, json: { ok: false } },
    );
    expect(JSON.parse(result.stdout).breakages.map(({ query }: { query: string }) => query)).toContain('vessel_by_imo');
    const text = await checkRun(
      ['queries', 'validate', '--cluster', 'port'],
      { cwd },
      { code: 1, out: ["ERROR  query 'vessel_by_imo': "] },
    );
    expect(text.stdout).not.toContain('OK');
  });
});

describe('policy', () => {
  const TESTS = (expectations: string): string =>
    `version: 1\ncases:\n  - { id: one, actor: act-tomas, action: change, branch: main, expect: ${expectations} }\n  - { id: two, actor: act-tomas, action: read, branch: main, expect: allow }\n`;
  const explain = (...rest: readonly string[]) => [
    'policy',
    'explain',
    '--cluster',
    './port',
    '--graph',
    'fleet',
    ...rest,
  ];

  test.each<[string, readonly string[], Expected]>([
    [
      'validate',
      ['policy', 'validate', '--cluster', './port'],
      { code: 0, out: "policy valid: bundle 'gate' [2 actors]\n" },
    ],
    [
      'validate of one graph',
      ['policy', 'validate', '--cluster', './port', '--graph', 'fleet'],
      { code: 0, out: "policy valid: bundle 'gate' [2 actors]\n" },
    ],
    [
      'a graph without a bundle',
      ['policy', 'validate', '--cluster', './port', '--graph', 'zz'],
      { code: 1, err: ["'zz'", './port'] },
    ],
    [
      'tests that pass',
      ['policy', 'test', '--cluster', './port', '--tests', 'good.yaml'],
      { code: 0, out: 'policy tests passed: 2 cases\n' },
    ],
    [
      '86: tests that fail',
      ['policy', 'test', '--cluster', './port', '--tests', 'bad.yaml'],
      { code: 1, err: ['policy tests failed:\none: expected Allow but got deny\n'] },
    ],
    [
      'a tests file with an unknown key',
      ['policy', 'test', '--cluster', './port', '--tests', 'typo.yaml'],
      { code: 1, err: ['typo.yaml:3:', 'name'] },
    ],
    [
      'a tests file that is not there',
      ['policy', 'test', '--cluster', './port', '--tests', 'nope.yaml'],
      { code: 1, err: ['nope.yaml does not exist'] },
    ],
    [
      '85: an unknown actor',
      explain('--actor', 'act-x', '--action', 'change', '--branch', 'main'),
      {
        code: 0,
        out: "decision: deny\nactor: act-x\naction: change\nbranch: main\nmessage: policy denied action 'change' for unknown actor 'act-x'\n",
      },
    ],
    [
      '85: a hyphenated action',
      explain('--actor', 'act-x', '--action', 'schema-apply', '--target-branch', 'main'),
      { code: 0, out: ['action: schema_apply\ntarget_branch: main\n'] },
    ],
    [
      'an allowed one',
      explain('--actor', 'act-tomas', '--action', 'read', '--branch', ' main '),
      {
        code: 0,
        out: "decision: allow\nactor: act-tomas\naction: read\nbranch: main\nmatched_rule: crew-reads\nmessage: policy allowed action 'read' for actor 'act-tomas'\n",
      },
    ],
    ['a blank branch', explain('--actor', 'a', '--action', 'read', '--branch', ' '), { code: 1, err: ['--branch'] }],
    ['no cluster', ['policy', 'validate'], { code: 1, err: ['needs a cluster', '--cluster <dir|uri>'] }],
  ])('%s', async (_, args, expected) => {
    const cwd = await convergedPort();
    await writeFiles(cwd, {
      'good.yaml': TESTS('deny'),
      'bad.yaml': TESTS('allow'),
      'typo.yaml': TESTS('deny').replace('id: one', 'name: one'),
    });
    await checkRun(args, { cwd }, expected);
  });
});

describe('a graph found through a cluster', () => {
  test.each<[string, readonly string[], Expected]>([
    [
      'lint of the only graph',
      ['lint', '--query', 'port/queries/fleet.gq', '--cluster', './port'],
      { code: 0, out: ['Lint complete: 2 queries processed'] },
    ],
    [
      'lint of a chosen graph',
      ['lint', '--query', 'port/queries/fleet.gq', '--cluster', './port', '--graph', 'fleet'],
      { code: 0, out: ['Lint complete'] },
    ],
    [
      'an unknown graph',
      ['lint', '--query', 'port/queries/fleet.gq', '--cluster', './port', '--graph', 'zz'],
      { code: 1, err: ["'zz'", 'fleet', 'cluster apply'] },
    ],
    [
      'no ledger',
      ['lint', '--query', 'port/queries/fleet.gq', '--cluster', './empty'],
      { code: 1, err: ['cluster apply'] },
    ],
    [
      'schema plan through a cluster profile',
      ['schema', 'plan', '--schema', 'port/harbor.pg', '--profile', 'ships'],
      { code: 0, out: ['graphs/fleet.omni\n', 'supported: yes\n', 'no schema changes\n'] },
    ],
    [
      'lint through a cluster profile and --graph',
      ['lint', '--query', 'port/queries/fleet.gq', '--profile', 'ships', '--graph', 'zz'],
      { code: 1, err: ["'zz'", 'fleet'] },
    ],
    [
      'a data command through a cluster profile',
      ['snapshot', '--profile', 'ships'],
      { code: 1, err: ["profile 'ships'", 'not valid for graph data commands', '--store'] },
    ],
  ])('%s', async (_, args, expected) => {
    const cwd = await convergedPort();
    await writeFiles(cwd, {
      '.operator/config.yaml': 'clusters: { fleet: { root: port } }\nprofiles: { ships: { cluster: fleet } }',
    });
    await checkRun(args, { cwd }, expected);
  });
});
