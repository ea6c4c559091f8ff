import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exported, HARBOUR, harbour, load, opened, valuesOf } from './harbour.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NEW_PORT = '{"type":"Port","data":{"code":"AAR","depth":1}}\n{"type":"Line","data":{"code":"NEW"}}\n';
const NAMED = HARBOUR.replace('  depth: F32?\n', '  depth: F32?\n  name: String?\n').replace(
  'edge Owns',
  'edge Calls: Line -> Port\nedge Owns',
);

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'omnigraph-crash-'));
  await build({
    entryPoints: [here('./crash-child.ts')],
    outfile: join(folder, 'child.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*', '@lancedb/lancedb', 'apache-arrow'],
    alias: { 'omnigraph-language': here('../../../language/src/index.ts') },
    // For the CommonJS packages that are bundled in.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a writer that dies; resolves to the signal that ended it. */
async function dyingWriter(...args: readonly string[]): Promise<string | null> {
  const child = spawn(process.execPath, [join(folder, 'child.mjs'), ...args], {
    // The native module is looked up from outside the repository.
    env: { ...process.env, NODE_PATH: here('../../../node_modules') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [, signal] = await once(child, 'exit');
  return signal;
}

test('killed before the commit: the old state, and the same load then succeeds without a trace of the first', async () => {
  const { graph, location } = await harbour();
  const before = await exported(graph);
  expect(await dyingWriter(location.tablesUri, 'before', 'load', NEW_PORT)).toBe('SIGKILL');
  const reopened = await opened(location);
  expect(await exported(reopened)).toEqual(before);
  expect(await reopened.commits()).toHaveLength(2);
  await load(reopened, NEW_PORT, 'append');
  expect(await valuesOf(reopened, 'node:Port', 'depth')).toEqual({ RTM: 22, GOT: 15, OSL: 12, LEH: 14, AAR: 1 });
  expect((await reopened.commits()).map((commit) => commit.actor_id)).toEqual(['ann', 'ann', 'ann']);
});

test('killed after the commit: the whole of it is there, once', async () => {
  const { graph, location } = await harbour();
  expect(await dyingWriter(location.tablesUri, 'after', 'load', NEW_PORT)).toBe('SIGKILL');
  const [newest, parent] = await graph.commits();
  expect(newest).toMatchObject({
    actor_id: 'late',
    parent_commit_id: parent?.graph_commit_id,
    graph_manifest_version: 3,
  });
  expect(Object.keys(await valuesOf(graph, 'node:Port', 'depth'))).toHaveLength(5);
  expect(Object.keys(await valuesOf(graph, 'node:Line', 'imo'))).toEqual(['MSK', 'NEW']);
});

test('killed before the commit of a schema apply: the old schema, and the same apply then succeeds', async () => {
  const { graph, location } = await harbour();
  const before = await graph.snapshot();
  expect(await dyingWriter(location.tablesUri, 'before', 'apply', NAMED)).toBe('SIGKILL');
  const reopened = await opened(location);
  expect(await reopened.snapshot()).toEqual(before);
  expect(reopened.schemaSource).toBe(HARBOUR);
  await load(reopened, NEW_PORT);
  expect((await reopened.applySchema(NAMED, { actor: null, allowDataLoss: false })).applied).toBe(true);
  await load(
    reopened,
    '{"edge":"Calls","from":"MSK","to":"AAR"}\n{"type":"Port","data":{"code":"AAR","name":"x"}}\n',
    'merge',
  );
  expect(await valuesOf(reopened, 'node:Port', 'name')).toEqual({
    RTM: null,
    GOT: null,
    OSL: null,
    LEH: null,
    AAR: 'x',
  });
});

test('killed after the commit of a schema apply: the new schema, and writes go on', async () => {
  const { location } = await harbour();
  expect(await dyingWriter(location.tablesUri, 'after', 'apply', NAMED)).toBe('SIGKILL');
  const reopened = await opened(location);
  expect(reopened.schemaSource).toBe(NAMED);
  expect(await location.store.exists('schema-apply.json')).toBe(false);
  await load(reopened, NEW_PORT);
  expect(Object.keys(await valuesOf(reopened, 'node:Port', 'name'))).toHaveLength(5);
});

test('two processes writing at once: one after the other, or a conflict, and no row of a loser', async () => {
  const { graph, location } = await harbour();
  const lines = (at: number): string => `{"type":"Port","data":{"code":"W${at}"}}\n`;
  const writers = Array.from({ length: 3 }, (_, at) => dyingWriter(location.tablesUri, 'after', 'load', lines(at)));
  await Promise.all([...writers, load(graph, lines(9), 'merge')]);
  const commits = await graph.commits();
  commits.slice(0, -1).forEach((commit, at) => {
    expect(commit.parent_commit_id).toBe(commits[at + 1]?.graph_commit_id);
  });
  const added = Object.keys(await valuesOf(graph, 'node:Port', 'depth')).filter((id) => id.startsWith('W'));
  expect(added.sort()).toEqual(['W0', 'W1', 'W2', 'W9']);
  expect(commits).toHaveLength(6);
});
