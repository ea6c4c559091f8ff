import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { rewriteCompat } from '../../cli/src/compat.js';
import { run } from '../../cli/src/run.js';
import type { CliResult } from '../support/built-cli.js';
import { omnigraph } from '../support/built-cli.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { fakeTerminal } from './fake-terminal.js';
import { writeFiles } from './harbor.js';

/** Parses in this process, for what never gets past the syntax. */
async function parse(args: readonly string[]): Promise<CliResult> {
  const { terminal, output } = fakeTerminal();
  const code = await run(args, terminal);
  return { code, ...output() };
}

const SEMVER_LINE = /^omnigraph \d+\.\d+\.\d+\S*\n$/;

describe('version and help', () => {
  test.each([['-v'], ['--version']])('%s prints one line', async (flag) => {
    const result = await omnigraph([flag], { cwd: await temporaryFolder() });
    expect(result).toEqual({ code: 0, stdout: expect.stringMatching(SEMVER_LINE), stderr: '' });
  });

  test('version prints two lines, whatever the operator config is', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { '.operator/config.yaml': 'operator: [' });
    const result = await omnigraph(['version'], { cwd });
    expect(result).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^omnigraph \d+\.\d+\.\d+\S*\ninternal-schema \d+\n$/),
      stderr: '',
    });
  });

  test('no arguments: help on stderr, exit 2', async () => {
    const result = await omnigraph([], { cwd: await temporaryFolder() });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('COMMANDS BY CAPABILITY');
  });

  test('--help lists the commands in order, without the hidden ones, and ends with the capabilities', async () => {
    const { code, stdout } = await omnigraph(['--help'], { cwd: await temporaryFolder() });
    expect(code).toBe(0);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+)[|a-z]*(?: [<[]\w+[>\]])? {2,}[A-Z]/gm)].map(([, name]) => name);
    expect(listed).toEqual([
      'query',
      'mutate',
      'load',
      'snapshot',
      'export',
      'commit',
      'schema',
      'init',
      'lint',
      'queries',
      'cluster',
      'policy',
      'login',
      'logout',
      'profile',
      'lsp',
      'version',
    ]);
    expect(stdout).not.toMatch(/\b(ingest|check|completion)\b/);
    const block = stdout.slice(stdout.indexOf('COMMANDS BY CAPABILITY'));
    expect([...block.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)).toEqual([
      'any',
      'served',
      'direct',
      'control',
      'local',
    ]);
  });

  test.each([
    [['help', 'schema', 'plan']],
    [['schema', 'plan', '--help']],
    [['schema', 'plan', '-h']],
    [['--graph', 'g', 'schema', 'plan', '--help']],
  ])('%j is the help of schema plan, with an example', async (args) => {
    const { code, stdout } = await parse(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: omnigraph schema plan/);
    expect(stdout).toContain('$ omnigraph schema plan --schema');
  });

  test.each([
    ['query'],
    ['mutate'],
    ['load'],
    ['snapshot'],
    ['export'],
    ['commit list'],
    ['commit show'],
    ['schema show'],
    ['schema plan'],
    ['schema apply'],
    ['init'],
    ['lint'],
    ['queries list'],
    ['queries validate'],
    ['policy validate'],
    ['policy test'],
    ['policy explain'],
    ['cluster validate'],
    ['cluster plan'],
    ['cluster apply'],
    ['cluster approve'],
    ['cluster status'],
    ['cluster refresh'],
    ['cluster import'],
    ['cluster force-unlock'],
    ['cluster gc'],
    ['cluster graph'],
    ['login'],
    ['logout'],
    ['profile list'],
    ['profile show'],
    ['lsp'],
    ['version'],
  ])('the help of %s holds an example', async (command) => {
    const { code, stdout } = await parse([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\n {2}\\$ .*omnigraph ${command}`));
  });
});

describe('syntax failures exit 2 and print nothing on stdout', () => {
  test.each<[readonly string[], string]>([
    [['nosuch'], "unknown command 'nosuch'"],
    [['nosuch', '--help'], "unknown command 'nosuch'"],
    [['cluster'], 'Usage: omnigraph cluster'],
    [['cluster', 'nosuch'], "unknown command 'nosuch'"],
    [['branch', 'list'], "unknown command 'branch'"],
    [['load', '--data', 'fleet.jsonl', 'g.omni'], '--mode'],
    [['load', '--data', 'd', '--mode', 'replace', 'g.omni'], 'overwrite, append, merge'],
    [['query', '--query', 'f', '-e', 'x', '--store', 'g'], 'cannot be used with'],
    [['query', '--json', '--format', 'csv', 'q', '--query', 'f', '--store', 'g'], 'cannot be used with'],
    [['query', '--params', '{}', '--params-file', 'f', '-e', 'x'], 'cannot be used with'],
    [['query', '--branch', 'b', '--snapshot', 's', '-e', 'x'], 'cannot be used with'],
    [['query', '--format', 'xml', '-e', 'x'], 'table, kv, csv, jsonl, json'],
    [['query', '--alias', 'a'], "unknown option '--alias'"],
    [['query', '--name', 'a'], "unknown option '--name'"],
    [['query', '--target', 'a'], "unknown option '--target'"],
    [['query', '--cluster-graph', 'a'], "unknown option '--cluster-graph'"],
    [['query', '--quer', 'a'], "unknown option '--quer'"],
    [['query', '-q', 'a'], "unknown option '-q'"],
    [['query', '-V'], "unknown option '-V'"],
    [['query', 'a', 'b'], 'too many arguments'],
    [['query', '--branch'], 'argument missing'],
    [['query', '--branch', 'a', '--branch', 'b', '-e', 'x'], 'more than once'],
    [['--as', 'a', 'mutate', '--as', 'b', '-e', 'x'], 'more than once'],
    [['mutate', '--format', 'csv', '-e', 'x'], "unknown option '--format'"],
    [['export', '--table', 'x'], "unknown option '--table'"],
    [['export', '--json'], "unknown option '--json'"],
    [['init', 'g.omni'], '--schema'],
    [['init', '--schema', 'a.pg'], "missing required argument 'uri'"],
    [['commit', 'show'], "missing required argument 'commit-id'"],
    [['cluster', 'approve'], "missing required argument 'resource'"],
    [['policy', 'explain', '--actor', 'a', '--action', 'rule'], 'schema_apply'],
    [['policy', 'explain', '--action', 'read'], '--actor'],
    [['lint'], '--query'],
    [['version', '--json'], "unknown option '--json'"],
    [['completion', 'tcsh'], 'bash, zsh, fish'],
  ])('%j', async (args, fact) => {
    const result = await parse(args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(fact);
  });
});

describe('old spellings', () => {
  test.each<[readonly string[], readonly string[], readonly string[]]>([
    [
      ['query', 'lint', '--query', 'f'],
      ['lint', '--query', 'f'],
      ['query lint', 'omnigraph lint'],
    ],
    [
      ['query', 'check', '--query', 'f'],
      ['lint', '--query', 'f'],
      ['query check', 'omnigraph lint'],
    ],
    [
      ['check', '--query', 'f'],
      ['lint', '--query', 'f'],
      ['omnigraph check', 'omnigraph lint'],
    ],
    [
      ['read', '-e', 'x'],
      ['query', '-e', 'x'],
      ['omnigraph read', 'omnigraph query'],
    ],
    [
      ['change', '-e', 'x'],
      ['mutate', '-e', 'x'],
      ['omnigraph change', 'omnigraph mutate'],
    ],
  ])('%j', (argv, becomes, names) => {
    const rewritten = rewriteCompat(argv);
    expect(rewritten.argv).toEqual(becomes);
    for (const name of names) expect(rewritten.warning).toContain(name);
  });

  test.each<[readonly string[]]>([
    [['query', '--server', 's', 'lint']],
    [['--graph', 'g', 'check', '--query', 'f']],
    [['lint', '--query', 'f']],
    [['schema', 'get']],
  ])('%j stays as it is', (argv) => {
    expect(rewriteCompat(argv)).toEqual({ argv });
  });

  test('a leading global flag disables the rewrite, and check is no command', async () => {
    const result = await parse(['--quiet', 'check', '--query', 'f']);
    expect(result.code).toBe(2);
    expect(result.stderr).not.toContain('deprecated');
  });
});

describe('completion scripts', () => {
  test.each<[string, readonly string[]]>([
    ['', ['query', 'cluster', '--store']],
    ['schema', ['show', 'plan', 'apply']],
    ['schema plan', ['--schema', '--allow-data-loss', '--store']],
    ['--graph g cluster', ['validate', 'force-unlock']],
  ])('bash completes after "omnigraph %s"', async (typed, candidates) => {
    const { stdout } = await parse(['completion', 'bash']);
    const words = ['omnigraph', ...typed.split(' ').filter((word) => word !== ''), ''];
    const script = `${stdout}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_omnigraph
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const completed = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(completed).toEqual(expect.arrayContaining([...candidates]));
    expect(completed).not.toContain('completion');
  });

  test.each([
    ['bash', 'complete -o default -F _omnigraph omnigraph'],
    ['zsh', '#compdef omnigraph'],
    ['fish', 'complete -c omnigraph'],
  ])('%s', async (shell, fact) => {
    const { code, stdout } = await parse(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain(fact);
    expect(stdout).toContain('force-unlock');
    expect(stdout).not.toContain('completion');
  });
});
