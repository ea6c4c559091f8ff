import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentsOf } from '../cli/harbor.js';
import { type CliResult, omnigraph } from '../support/built-cli.js';
import { startServerProcess } from '../support/server-process.js';

/** What a mistake costs: a clear error that names the place and the way out, a non-zero exit, and nothing changed. */
const EXAMPLE = fileURLToPath(new URL('../../cli/demo/operations', import.meta.url));

let applied: string;

beforeAll(async () => {
  applied = await mkdtemp(join(tmpdir(), 'omnigraph-bad-'));
  await cp(EXAMPLE, applied, { recursive: true });
  for (const args of [
    ['cluster', 'import'],
    ['cluster', 'apply'],
    ['load', 'graphs/operations.omni', '--data', 'seed.jsonl', '--mode', 'append'],
  ]) {
    expect(await omnigraph(args, { cwd: applied })).toMatchObject({ code: 0 });
  }
}, 120_000);

afterAll(() => rmSync(applied, { recursive: true, force: true }));

interface Mistake {
  readonly file: string;
  readonly edit: (text: string) => string;
  readonly says: readonly (string | RegExp)[];
}

const replace = (before: string, after: string) => (text: string) => {
  expect(text).toContain(before);
  return text.replace(before, after);
};

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'a broken .pg': {
    file: 'operations.pg',
    edit: replace('slug: String @key', 'slug String @key'),
    says: ['schema_parse_error', 'operations.pg:3:'],
  },
  'a broken .gq': {
    file: 'queries/people.gq',
    edit: replace('$p owns $s', '$p owns'),
    says: ['query_parse_error', /people\.gq:\d+:/],
  },
  'a query against a missing type': {
    file: 'queries/people.gq',
    edit: replace('$s: Service', '$s: Servce'),
    says: ['query_typecheck_error', /people\.gq:3:/, 'T1: ', 'Service'],
  },
  'a duplicate query name': {
    file: 'queries/people.gq',
    edit: replace('query owners_of', 'query service_by_slug'),
    says: ['duplicate_query_name', 'people.gq', 'services.gq'],
  },
  'an unknown key in cluster.yaml': {
    file: 'cluster.yaml',
    edit: replace('    schema:', '    scheme: x\n    schema:'),
    says: ['invalid_cluster_yaml', 'unknown field', 'scheme', /cluster\.yaml:7:/],
  },
  'a duplicate YAML key': {
    file: 'cluster.yaml',
    edit: replace('    schema:', '    schema: other.pg\n    schema:'),
    says: ['duplicate_yaml_key', 'schema', /cluster\.yaml:8:|line 8/],
  },
};

const check = (result: CliResult, says: Mistake['says']): void => {
  expect(result.code).not.toBe(0);
  const output = result.stdout + result.stderr;
  for (const fact of says) {
    if (typeof fact === 'string') expect(output).toContain(fact);
    else expect(output).toMatch(fact);
  }
};

describe.each(Object.entries(MISTAKES))('%s', (_name, { file, edit, says }) => {
  test.each(['validate', 'plan', 'apply', 'refresh'])(
    'cluster %s refuses, names the place and changes nothing',
    async (command) => {
      const cwd = await mkdtemp(join(tmpdir(), 'omnigraph-bad-'));
      await cp(applied, cwd, { recursive: true });
      writeFileSync(join(cwd, file), edit(readFileSync(join(cwd, file), 'utf8')));
      const before = await contentsOf(cwd);
      check(await omnigraph(['cluster', command], { cwd }), says);
      const json = await omnigraph(['cluster', command, '--json'], { cwd });
      expect(JSON.parse(json.stdout)).toMatchObject({ ok: false });
      expect(await contentsOf(cwd)).toEqual(before);
      rmSync(cwd, { recursive: true });
    },
  );
});

test('a bad JSONL line in the middle of a good file', async () => {
  const lines = readFileSync(join(applied, 'seed.jsonl'), 'utf8').split('\n');
  lines.splice(20, 0, '{"type":"Service","data":{"slug":"x","name":}}');
  writeFileSync(join(applied, 'bad.jsonl'), lines.join('\n'));
  const before = await contentsOf(join(applied, 'graphs'));
  check(
    await omnigraph(['load', 'graphs/operations.omni', '--data', 'bad.jsonl', '--mode', 'merge'], { cwd: applied }),
    ['bad.jsonl', 'line 21'],
  );
  expect(await contentsOf(join(applied, 'graphs'))).toEqual(before);
});

test('a tampered catalog blob: the server refuses to boot, status says so, refresh and apply mend it', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'omnigraph-bad-'));
  await cp(applied, cwd, { recursive: true });
  const folder = join(cwd, '__cluster/resources/query/operations/owners_of');
  const blob = join(folder, readdirSync(folder)[0] ?? '');
  const bytes = readFileSync(blob);
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  writeFileSync(blob, bytes);
  const env = { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: '{"act-ada":"t"}' };
  const before = await contentsOf(cwd);
  const refused = startServerProcess(['--cluster', cwd, '--bind', '127.0.0.1:0'], env);
  expect(await refused.exitCode).toBe(1);
  expect(refused.output().stderr).toContain('catalog_payload_digest_mismatch');
  expect(refused.output().stderr).toContain('cluster refresh');
  check({ ...(await omnigraph(['cluster', 'status'], { cwd })), code: 1 }, [
    'catalog_payload_mismatch',
    'query.operations.owners_of',
  ]);
  expect(await contentsOf(cwd)).toEqual(before);

  expect(await omnigraph(['cluster', 'refresh'], { cwd })).toMatchObject({ code: 0 });
  expect(await omnigraph(['cluster', 'apply'], { cwd })).toMatchObject({ code: 0 });
  const healthy = startServerProcess(['--cluster', cwd, '--bind', '127.0.0.1:0'], env);
  const response = await fetch(`http://${await healthy.address}/healthz`);
  expect(response.status).toBe(200);
  healthy.child.kill('SIGTERM');
  expect(await healthy.exitCode).toBe(0);
  rmSync(cwd, { recursive: true });
});

test.each([
  ['no --cluster', [], 1, 'boots from a cluster'],
  ['a positional argument', ['graph.omni'], 2, 'argument'],
  ['an unknown flag', ['--config', 'x'], 2, '--config'],
  ['a bad bind address', ['--cluster', '.', '--bind', 'nowhere'], 1, '--bind'],
])('omnigraph-server refuses %s', async (_name, args, code, says) => {
  const refused = startServerProcess(args);
  expect(await refused.exitCode).toBe(code);
  expect(refused.output().stderr).toContain(says);
  expect(refused.output().stdout).toBe('');
});
