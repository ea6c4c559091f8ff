/**
 * A bucket alone is a whole deployment (cluster.md §17 and §21, scenarios 33, 34, 60 and 65): the built command line and
 * the built server, as processes, against a real S3 server; two machines with a config directory each.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launcher } from '../support/built-cli.js';
import { Deployment, deployment, ROWS } from '../support/cluster-deployment.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';
import { startServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let server: S3Server;

beforeAll(async () => {
  launcher();
  server = await startS3Server();
  await server.createBucket('clusters');
}, 300_000);

afterAll(() => server.stop());

const TOKENS = { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: '{"act-ines":"ti"}' };
const AUTHORIZED = { authorization: 'Bearer ti' };

const POLICIES = {
  declared: `policies:
  gate: { file: gate.policy.yaml, applies_to: [fleet] }
  hall: { file: hall.policy.yaml, applies_to: [cluster] }
`,
  gate: `version: 1
groups: { crew: [act-ines] }
rules:
  - { id: crew-reads, allow: { actors: { group: crew }, actions: [read], branch_scope: any } }
  - { id: crew-calls, allow: { actors: { group: crew }, actions: [invoke_query] } }
`,
  hall: `version: 1
groups: { crew: [act-ines] }
rules:
  - { id: crew-lists, allow: { actors: { group: crew }, actions: [graph_list] } }
`,
};

const place = () => ({ env: server.env, newRoot: () => `s3://clusters/prod/${randomUUID()}` });

/** Runs a command that must succeed and returns its JSON, or its text when it prints none. */
async function succeeds(cluster: Deployment, ...args: readonly string[]) {
  const { code, stdout, stderr } = await cluster.run(args);
  expect({ code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
    code: 0,
    stderr: expect.any(String),
    stdout: '',
  });
  return args.includes('--json') ? JSON.parse(stdout) : stdout;
}

/** The built server, booted from the bucket alone in an empty working directory. */
async function serve({ root, env }: Deployment) {
  const cwd = await temporaryFolder();
  const started = startServerProcess(['--cluster', root, '--bind', '127.0.0.1:0'], { ...env, ...TOKENS }, cwd);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  const address = await started.address;
  return {
    cwd,
    graphs: async (): Promise<readonly string[]> => {
      const answer = await fetch(`http://${address}/graphs`, { headers: AUTHORIZED });
      const { graphs } = (await answer.json()) as { readonly graphs: readonly { readonly graph_id: string }[] };
      return graphs.map(({ graph_id: id }) => id);
    },
    invoke: async (route: string, params: Readonly<Record<string, string>>) => {
      const answer = await fetch(`http://${address}${route}`, {
        method: 'POST',
        body: JSON.stringify({ params }),
        headers: { ...AUTHORIZED, 'content-type': 'application/json' },
      });
      return { status: answer.status, text: await answer.text() };
    },
    stop: async () => {
      started.child.kill('SIGTERM');
      expect(await started.exitCode).toBe(0);
      return started.output();
    },
  };
}

test('from validate to serve: a config directory, a bucket, and no other disk', async () => {
  const cluster = await deployment(place());
  await cluster.declare(['fleet', 'yard'], { policies: POLICIES.declared });
  await cluster.write('gate.policy.yaml', POLICIES.gate);
  await cluster.write('hall.policy.yaml', POLICIES.hall);
  await cluster.write('fleet.jsonl', `${ROWS.fleet.join('\n')}\n`);
  const files = (await readdir(cluster.dir)).sort();
  const store = ['--store', `${cluster.root}/graphs/fleet.omni`];

  expect(await succeeds(cluster, 'cluster', 'validate', '--json')).toMatchObject({ ok: true });
  await succeeds(cluster, 'cluster', 'import', '--json');
  expect((await succeeds(cluster, 'cluster', 'plan', '--json')).changes).toHaveLength(7);
  expect(await succeeds(cluster, 'cluster', 'apply', '--as', 'rune', '--json')).toMatchObject({ converged: true });
  expect(await succeeds(cluster, 'cluster', 'status', '--json')).toMatchObject({ ok: true, diagnostics: [] });

  await succeeds(cluster, 'load', '--data', 'fleet.jsonl', '--mode', 'append', ...store);
  await succeeds(cluster, 'mutate', '-e', 'query add() { insert Vessel { imo: "9222222", name: "Ann" } }', ...store);
  const found = await succeeds(
    cluster,
    'query',
    '--query',
    'queries/fleet.gq',
    '--params',
    '{"imo":"9222222"}',
    '--json',
    ...store,
  );
  expect(JSON.stringify(found)).toContain('Ann');
  expect((await readdir(cluster.dir)).filter((name) => name !== '.operator').sort()).toEqual(files);

  const served = await serve(cluster);
  expect(await served.graphs()).toEqual(['fleet', 'yard']);
  const invoked = await served.invoke('/graphs/fleet/queries/vessel_by_imo', { imo: '9321483' });
  expect(invoked).toEqual({ status: 200, text: expect.stringContaining('Emma') });
  expect(await readdir(served.cwd)).toEqual([]);

  // Scenario 65: the running server keeps what it has; the next one no longer has it.
  await cluster.declare(['fleet'], { policies: POLICIES.declared });
  expect(await succeeds(cluster, 'cluster', 'plan', '--json')).toMatchObject({
    approvals_required: [{ resource: 'graph.yard', satisfied: false }],
  });
  await succeeds(cluster, 'cluster', 'approve', 'graph.yard', '--as', 'mira', '--json');
  expect(await succeeds(cluster, 'cluster', 'apply', '--as', 'rune', '--json')).toMatchObject({ converged: true });
  expect(await cluster.store.existsBelow('graphs/yard.omni')).toBe(false);
  expect(await served.graphs()).toEqual(['fleet', 'yard']);
  const { stdout, stderr } = await served.stop();
  expect(stdout + stderr).not.toContain(server.env.AWS_SECRET_ACCESS_KEY);
  const restarted = await serve(cluster);
  expect(await restarted.graphs()).toEqual(['fleet']);
  await restarted.stop();

  expect(await succeeds(cluster, 'cluster', 'refresh', '--json')).toMatchObject({ ok: true, diagnostics: [] });
  // What is younger than a week stays, whatever needs it.
  await succeeds(cluster, 'cluster', 'gc', '--confirm', '--json');
  expect(await cluster.approvals()).toMatchObject([{ resource: 'graph.yard', consumed_by_operation: 'apply' }]);
  expect(await cluster.rows('fleet')).toHaveLength(3);
}, 120_000);

test('credentials come from the environment alone, and stand in nothing that is stored or said', async () => {
  const cluster = await deployment(place());
  await cluster.declare(['fleet']);
  await succeeds(cluster, 'cluster', 'import', '--json');
  await succeeds(cluster, 'cluster', 'apply', '--as', 'rune', '--json');
  const secrets = [server.env.AWS_SECRET_ACCESS_KEY ?? '', 'not-the-secret'];
  const stored = [
    await cluster.ledgerText(),
    ...(await Promise.all(
      (await cluster.store.list('graphs/fleet.omni')).map((name) => cluster.text(`graphs/fleet.omni/${name}`)),
    )),
  ];
  for (const text of stored) expect(text).not.toContain(secrets[0]);

  for (const args of [
    ['cluster', 'plan', '--json'],
    [
      'query',
      '-e',
      'query v() { match { $v: Vessel } return { $v.imo } }',
      '--store',
      `${cluster.root}/graphs/fleet.omni`,
    ],
  ]) {
    const refused = await cluster.run(args, { env: { AWS_SECRET_ACCESS_KEY: 'not-the-secret' } });
    expect(refused.code).toBe(1);
    for (const secret of secrets) expect(refused.stdout + refused.stderr).not.toContain(secret);
    expect(refused.stdout + refused.stderr).toContain(cluster.root);
  }
}, 60_000);

test('two machines, one bucket: the second waits for the first, or removes its lock by id', async () => {
  const first = await deployment(place());
  await first.declare(['fleet']);
  await succeeds(first, 'cluster', 'import', '--json');
  const dir = await mkdtemp(path.join(tmpdir(), 'omnigraph-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await cp(first.dir, dir, { recursive: true });
  const second = new Deployment(dir, { env: server.env }, first.root);

  const [left, right] = await Promise.all(
    [first, second].map((machine) => machine.run(['cluster', 'apply', '--json'])),
  );
  const reports = [left, right].map((result) => JSON.parse(result?.stdout ?? ''));
  expect(reports.filter(({ state_written: isWritten }) => isWritten)).toHaveLength(1);
  expect((await first.ledger()).state_revision).toBe(2);
  expect(await first.store.exists('__cluster/lock.json')).toBe(false);

  await first.run(['cluster', 'apply', '--json'], { killAt: 'after_lock_write' });
  const { lock_id: id } = JSON.parse((await first.text('__cluster/lock.json')) ?? '');
  for (const command of [['plan'], ['apply'], ['refresh'], ['import'], ['approve', 'graph.fleet', '--as', 'mira']]) {
    const held = await second.run(['cluster', ...command, '--json']);
    expect(held.code).toBe(1);
    expect(JSON.parse(held.stdout).diagnostics).toContainEqual(
      expect.objectContaining({ code: 'state_lock_held', message: expect.stringContaining(id) }),
    );
  }
  expect(await succeeds(second, 'cluster', 'status', '--json')).toMatchObject({ state_observations: { lock_id: id } });
  expect((await second.run(['cluster', 'force-unlock', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '--json'])).code).toBe(1);
  expect(await succeeds(second, 'cluster', 'force-unlock', id, '--json')).toMatchObject({ lock_removed: true });
  expect(await succeeds(second, 'cluster', 'apply', '--json')).toMatchObject({ converged: true, state_written: false });
}, 60_000);
