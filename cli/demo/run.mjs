/**
 * The main job, step by step, as a person would type it: a cluster goes from files to answers. Leaves the cluster in a
 * fresh `demo-cluster` folder to play with.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const bin = {
  omnigraph: join(root, 'cli', 'bin', 'omnigraph'),
  server: join(root, 'server', 'bin', 'omnigraph-server'),
};
const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
const say = (text) => process.stdout.write(`${text}\n`);
const heading = (text) => say(`\n${paint('1', text)}`);
const typed = (text) => say(paint('36', `$ ${text}`));

const cluster = freeFolder();
const shown = relative(process.cwd(), cluster) || '.';

try {
  await main();
} catch (error) {
  process.stderr.write(
    `\n${paint('31', 'The demo stopped:')} ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

async function main() {
  heading('An example cluster: one schema, thirteen stored queries, a policy bundle, seed data');
  cpSync(join(here, 'operations'), cluster, { recursive: true });
  say(`copied to ${shown}/`);

  heading('1. Check the declared files');
  await omnigraph('cluster', 'validate', '--config', shown);
  heading('2. Start a ledger beside them');
  await omnigraph('cluster', 'import', '--config', shown);
  heading('3. See what apply would do');
  await omnigraph('cluster', 'plan', '--config', shown);
  heading('4. Do it');
  await omnigraph('cluster', 'apply', '--config', shown, '--as', 'act-ada');

  const store = join(shown, 'graphs', 'operations.omni');
  heading('5. Load data into the graph');
  await omnigraph('load', store, '--data', join(shown, 'seed.jsonl'), '--mode', 'append', '--as', 'act-ada');
  heading('6. Ask it something');
  await omnigraph(
    'query',
    'blast_radius',
    '--query',
    join(shown, 'queries', 'services.gq'),
    '--params',
    '{"slug":"ledger"}',
    '--store',
    store,
  );

  heading('7. Change the schema: a new property, a wider enum');
  editSchema(join(cluster, 'operations.pg'));
  await omnigraph('cluster', 'plan', '--config', shown);
  await omnigraph('cluster', 'apply', '--config', shown, '--as', 'act-ada');

  heading('8. Serve it, and call stored queries over HTTP');
  await serve();

  heading('Done. Yours to play with:');
  say(`  ${shown}/                 the cluster: edit it, then plan and apply again`);
  say(`  cli/bin/omnigraph --help   every command`);
}

/** Replaces pieces of the schema and shows the difference. */
function editSchema(path) {
  const edits = [
    [
      '  tier: enum(critical, standard, internal) @index',
      '  tier: enum(critical, standard, internal, experimental) @index',
    ],
    ['  tags: [String]?\n}', '  tags: [String]?\n  runbook: String?\n}'],
  ];
  let text = readFileSync(path, 'utf8');
  say(`--- ${join(shown, 'operations.pg')}`);
  for (const [before, after] of edits) {
    if (!text.includes(before)) throw new Error(`the example schema no longer contains: ${before}`);
    text = text.replace(before, after);
    const [old, fresh] = [before.split('\n'), after.split('\n')];
    for (const line of old.filter((one) => !fresh.includes(one))) say(paint('31', `-${line}`));
    for (const line of fresh.filter((one) => !old.includes(one))) say(paint('32', `+${line}`));
  }
  writeFileSync(path, text);
}

async function serve() {
  const tokens = '{"act-ada":"ada-secret","act-lin":"lin-secret"}';
  typed(`OMNIGRAPH_SERVER_BEARER_TOKENS_JSON='${tokens}' omnigraph-server --cluster ${shown} --bind 127.0.0.1:0`);
  const server = spawn(process.execPath, [bin.server, '--cluster', shown, '--bind', '127.0.0.1:0'], {
    env: { ...process.env, OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: tokens },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  try {
    const address = await announced(server);
    say(`OMNIGRAPH_LISTEN_ADDR=${address}`);
    const url = `http://${address}/graphs/operations`;
    await post(url, 'queries/service_by_slug', 'ada-secret', { params: { slug: 'billing' } });
    await post(url, 'queries/report_incident', 'lin-secret', {
      params: { code: 'inc-107', title: 'Search is down', severity: 1, service: 'search', responder: 'lin' },
    });
    await post(url, 'queries/open_incidents', 'ada-secret', {});
    say(paint('2', '  (act-ada may read but not write: the policy bundle says so)'));
    await post(url, 'queries/report_incident', 'ada-secret', {
      params: { code: 'inc-108', title: 'Nope', severity: 4, service: 'docs', responder: 'ada' },
    });
  } finally {
    typed('kill -TERM %1');
    server.kill('SIGTERM');
    await exited;
  }
}

function announced(server) {
  return new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    server.stdout.on('data', (chunk) => {
      out += chunk;
      const match = /^OMNIGRAPH_LISTEN_ADDR=(.+)$/m.exec(out);
      if (match !== null) resolve(match[1]);
    });
    server.stderr.on('data', (chunk) => {
      err += chunk;
    });
    server.once('exit', (code) => reject(new Error(`the server exited with ${code}\n${err}`)));
  });
}

async function post(url, path, token, body) {
  const text = JSON.stringify(body);
  typed(`curl -s -X POST ${url}/${path} -H 'Authorization: Bearer ${token}' -d '${text}'`);
  const response = await fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: text,
  });
  say(`${response.status} ${JSON.stringify(await response.json(), null, 2)}`);
}

async function omnigraph(...args) {
  typed(`omnigraph ${args.map((arg) => (/[^\w./:-]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`);
  const child = spawn(process.execPath, [bin.omnigraph, ...args], { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`omnigraph ${args[0]} exited with ${code}`);
}

function freeFolder() {
  for (let number = 1; ; number += 1) {
    const folder = join(root, number === 1 ? 'demo-cluster' : `demo-cluster-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
