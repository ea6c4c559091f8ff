/** Acceptance rows of cli.md §13 about what is read of a graph: `snapshot`, `export`, `commit`. The number of a row starts its name. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { environmentOf, launcher } from '../support/built-cli.js';
import { checkRun, harborWithGraph, succeeds, writeFiles } from './harbor.js';

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

  test.each([
    ['export', ['export', 'g.omni']],
    ['a table', ['query', '--store', 'g.omni', '-e', 'query q() { match { $h: Harbor } return { $h.code } }']],
    ['JSON', ['commit', 'list', 'g.omni', '--json']],
    ['the version', ['-v']],
  ])('a full disk under stdout is a failure in one line: %s', async (_, args) => {
    const cwd = await harborWithGraph();
    const script = `"$@" 2>err.txt >/dev/full; echo $?; cat err.txt`;
    const command = ['-c', script, 'bash', process.execPath, launcher(), ...args];
    const output = execFileSync('bash', command, { cwd, encoding: 'utf8', env: { ...environmentOf({ cwd }) } });
    expect(output).toMatch(/^1\nError: the result could not be written to stdout: .*ENOSPC.*\n$/);
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
