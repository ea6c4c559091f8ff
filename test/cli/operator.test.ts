/** Rows of cli.md §13 about the operator's own files: credentials, profiles, config. */
import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutSection } from '../../cli/src/operator/credentials.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { checkRun, harborWithGraph, writeFiles } from './harbor.js';

const CONFIG = '.operator/config.yaml';
const CREDENTIALS = '.operator/credentials';
const DECLARED = 'servers: { north-dock: { url: "http://127.0.0.1:9911" } }';

async function operator(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, files);
  for (const name of Object.keys(files)) if (name === CREDENTIALS) await chmod(path.join(cwd, name), 0o600);
  return cwd;
}

const credentialsOf = (cwd: string): Promise<string> => readFile(path.join(cwd, CREDENTIALS), 'utf8');

describe('login', () => {
  test('45: stores one line of stdin, privately, and never prints it', async () => {
    const cwd = await operator({ [CONFIG]: DECLARED });
    const result = await checkRun(
      ['login', 'north-dock', '--json'],
      { cwd, stdin: 'tok-m\n' },
      {
        code: 0,
        json: { server: 'north-dock', credentials_path: path.join(cwd, CREDENTIALS), declared: true },
      },
    );
    expect(Object.keys(JSON.parse(result.stdout))).toEqual(['server', 'credentials_path', 'declared']);
    expect(result.stdout + result.stderr).not.toContain('tok-m');
    expect((await stat(path.join(cwd, CREDENTIALS))).mode & 0o777).toBe(0o600);
    expect(await credentialsOf(cwd)).toBe('[north-dock]\ntoken = tok-m\n');
  });

  test('keeps every other line and replaces its own section', async () => {
    const cwd = await operator({
      [CONFIG]: DECLARED,
      [CREDENTIALS]: '# mine\n[other]\ntoken = a\nextra = 1\n\n[north-dock]\ntoken = old\n[third]\ntoken=b\n',
    });
    await checkRun(
      ['login', 'north-dock', '--token', ' new '],
      { cwd },
      {
        code: 0,
        out: `stored credential for 'north-dock' in ${path.join(cwd, CREDENTIALS)}\n`,
      },
    );
    expect(await credentialsOf(cwd)).toBe(
      '# mine\n[other]\ntoken = a\nextra = 1\n\n[third]\ntoken=b\n\n[north-dock]\ntoken = new\n',
    );
  });

  test('an undeclared server is noted on stderr', async () => {
    const cwd = await operator({});
    await checkRun(
      ['login', 'elsewhere', '--token', 't', '--json'],
      { cwd },
      {
        code: 0,
        json: { declared: false },
        err: ['`servers.elsewhere.url`'],
      },
    );
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[], string, readonly string[]]>([
    ['51: a blank line', { [CONFIG]: DECLARED }, ['login', 'north-dock'], '\n', ['no token', '--token']],
    ['no stdin at all', { [CONFIG]: DECLARED }, ['login', 'north-dock'], '', ['no token']],
    ['a blank --token', { [CONFIG]: DECLARED }, ['login', 'north-dock', '--token', ' '], '', ['no token']],
    ['a broken config', { [CONFIG]: 'operator: [' }, ['login', 'north-dock', '--token', 't'], '', ['could not parse']],
    ['a name that breaks the file', {}, ['login', 'a]b', '--token', 't'], '', ["'a]b'"]],
  ])('%s writes nothing', async (_, files, args, stdin, facts) => {
    const cwd = await operator(files);
    await checkRun(args, { cwd, stdin }, { code: 1, err: facts });
    await expect(credentialsOf(cwd)).rejects.toThrow('ENOENT');
  });

  test.each([[['login', 'north-dock', '--token', 't']], [['logout', 'north-dock']]])(
    '49: %j refuses a file that others may read',
    async (args) => {
      const cwd = await operator({ [CREDENTIALS]: '[north-dock]\ntoken = old\n' });
      await chmod(path.join(cwd, CREDENTIALS), 0o644);
      await checkRun(args, { cwd }, { code: 1, err: ['0644', `chmod 600 ${path.join(cwd, CREDENTIALS)}`] });
      expect(await credentialsOf(cwd)).toBe('[north-dock]\ntoken = old\n');
    },
  );

  test.each([['login'], ['logout']])('%s without a home directory fails', async (command) => {
    const cwd = await operator({});
    const args = [command, 'a', ...(command === 'login' ? ['--token', 't'] : [])];
    await checkRun(args, { cwd, env: { HOME: '', OMNIGRAPH_HOME: '' } }, { code: 1, err: ['HOME', 'OMNIGRAPH_HOME'] });
  });
});

test('50: logout twice is fine, even with a broken config', async () => {
  const cwd = await operator({ [CONFIG]: 'operator: [', [CREDENTIALS]: '[a]\ntoken = 1\n\n[north-dock]\ntoken = t\n' });
  const file = path.join(cwd, CREDENTIALS);
  await checkRun(
    ['logout', 'north-dock'],
    { cwd },
    { code: 0, out: `removed credential for 'north-dock' from ${file}\n` },
  );
  await checkRun(
    ['logout', 'north-dock', '--json'],
    { cwd },
    { code: 0, json: { server: 'north-dock', credentials_path: file } },
  );
  expect(await credentialsOf(cwd)).toBe('[a]\ntoken = 1\n\n');
});

test.each([
  ['[a]\nx\n[b]\ny\n', 'a', '[b]\ny\n'],
  ['[ a ]\nx\n', 'a', ''],
  ['# c\n[b]\ny\n', 'a', '# c\n[b]\ny\n'],
  ['[a]\n1\n[b]\n2\n[a]\n3\n', 'a', '[b]\n2\n'],
  ['', 'a', ''],
])('%j without section %s is %j', (text, section, expected) => {
  expect(withoutSection(text, section)).toBe(expected);
});

describe('profiles', () => {
  const PROFILES = `${DECLARED}
clusters: { fleet: { root: "s3://b/fleet" } }
defaults: { server: north-dock, default_graph: dflt, output: csv }
profiles:
  bad: { server: north-dock, store: g.omni }
  box: { store: g.omni }
  empty: {}
  lost: { server: nowhere }
  ships: { cluster: fleet, default_graph: fleet }
`;

  test('98: list reports malformed profiles as data, sorted', async () => {
    const cwd = await operator({ [CONFIG]: PROFILES });
    const result = await checkRun(
      ['profile', 'list', '--json'],
      { cwd, env: { OMNIGRAPH_PROFILE: 'box' } },
      { code: 0, out: ['"name": "bad"'] },
    );
    const listed = JSON.parse(result.stdout);
    expect(listed.map((profile: { name: string }) => profile.name)).toEqual(['bad', 'box', 'empty', 'lost', 'ships']);
    expect(listed[0]).toEqual({
      name: 'bad',
      binding: expect.stringMatching(/^invalid: .*binds 2 scopes/),
      scope_kind: 'invalid',
      target: null,
      valid: false,
      error: expect.stringContaining('binds 2 scopes'),
      default_graph: null,
      active: false,
    });
    expect(listed[1]).toEqual({
      name: 'box',
      binding: 'store: g.omni',
      scope_kind: 'store',
      target: 'g.omni',
      valid: true,
      error: null,
      default_graph: null,
      active: true,
    });
  });

  test('list for people', async () => {
    const cwd = await operator({ [CONFIG]: PROFILES });
    await checkRun(
      ['profile', 'list'],
      { cwd, env: { OMNIGRAPH_PROFILE: 'box' } },
      {
        code: 0,
        out: ['box (active)  store: g.omni\n', 'lost  server: nowhere\n', 'ships  cluster: fleet · graph: fleet\n'],
      },
    );
    await checkRun(['profile', 'list'], { cwd: await operator({}) }, { code: 0, out: 'no profiles are defined\n' });
    await checkRun(['profile', 'list', '--json'], { cwd: await operator({}) }, { code: 0, out: '[]\n' });
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>, object]>([
    [
      'a cluster',
      ['ships'],
      {},
      {
        name: 'ships',
        scope_kind: 'cluster',
        target: 'fleet',
        endpoint: 's3://b/fleet',
        default_graph: 'fleet',
        output_format: 'csv',
      },
    ],
    [
      'the active one',
      [],
      { OMNIGRAPH_PROFILE: 'box' },
      {
        name: 'box',
        scope_kind: 'store',
        target: 'g.omni',
        endpoint: 'g.omni',
        default_graph: 'dflt',
        output_format: 'csv',
      },
    ],
    [
      'the defaults',
      [],
      {},
      {
        name: '(defaults)',
        scope_kind: 'server',
        target: 'north-dock',
        endpoint: 'http://127.0.0.1:9911',
        default_graph: 'dflt',
        output_format: 'csv',
      },
    ],
    [
      'a server that is not defined',
      ['lost'],
      {},
      {
        name: 'lost',
        scope_kind: 'server',
        target: 'nowhere',
        endpoint: null,
        default_graph: 'dflt',
        output_format: 'csv',
      },
    ],
  ])('show %s', async (_, args, env, shown) => {
    const cwd = await operator({ [CONFIG]: PROFILES });
    const { stdout } = await checkRun(['profile', 'show', ...args, '--json'], { cwd, env }, { code: 0, json: {} });
    expect(JSON.parse(stdout)).toEqual(shown);
  });

  test('show for people', async () => {
    const cwd = await operator({ [CONFIG]: PROFILES });
    await checkRun(
      ['profile', 'show', 'lost'],
      { cwd },
      {
        code: 0,
        out: "profile: lost\n  scope:   server nowhere\n  endpoint: (undefined server 'nowhere')\n  default graph: dflt\n  output: csv\n",
      },
    );
    await checkRun(
      ['profile', 'show'],
      { cwd: await operator({}) },
      { code: 0, out: 'profile: (defaults)\n  scope:   none\n' },
    );
    await checkRun(['profile', 'show', 'nope'], { cwd }, { code: 1, err: ["unknown profile 'nope'", 'ships'] });
  });
});

describe('the config decides what a graph command does', () => {
  test('99: a profile that binds two scopes', async () => {
    const cwd = await operator({ [CONFIG]: `${DECLARED}\nprofiles: { bad: { server: north-dock, store: g.omni } }` });
    await checkRun(['snapshot', '--profile', 'bad'], { cwd }, { code: 1, err: ['binds 2 scopes'] });
  });

  test('100: an unknown key is a warning', async () => {
    const cwd = await harborWithGraph();
    await writeFiles(cwd, { [CONFIG]: 'defaults: { colour: red }' });
    await checkRun(
      ['snapshot', 'g.omni'],
      { cwd },
      { code: 0, out: ['graph_branch: main\n'], err: ['`defaults.colour`'] },
    );
  });

  test.each<[string, string, readonly string[]]>([
    ['101: no YAML', 'operator: [', ['could not parse', CONFIG]],
    ['102: two default scopes', 'defaults: { server: a, store: b }', ['one entity', CONFIG]],
  ])('%s', async (_, config, facts) => {
    const cwd = await operator({ [CONFIG]: config });
    await checkRun(['snapshot', 'g.omni'], { cwd }, { code: 1, err: facts });
  });
});
