/**
 * Storage that misbehaves (cluster.md §7, "S3 retry trap", and §21, scenario 39): answers lost after the work was done,
 * errors, delays, listings out of order. Nothing is applied twice, nothing is lost, and what failed says so.
 */
import { randomUUID } from 'node:crypto';
import { graphLocation, readGraphRoot } from 'omnigraph-server/engine';
import { openStore } from 'omnigraph-server/storage';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FLEET_SCHEMA_WITH_FLAG } from '../server/control/harbour.js';
import { Deployment, deployed, expectedRows, ROWS, type Template, template } from '../support/cluster-deployment.js';
import { type Fault, type FaultyProxy, type Matches, startFaultyProxy, toKey } from '../support/faulty-proxy.js';
import { bytesOf } from '../support/object-store-conformance.js';
import { type S3Server, startS3Server } from '../support/s3-server.js';
import { onlyInFull } from '../support/test-profile.js';

let server: S3Server;
let proxy: FaultyProxy;
let both: Template;

beforeAll(async () => {
  server = await startS3Server();
  await server.createBucket('clusters');
  proxy = await startFaultyProxy(server.endpoint);
  both = await template(['fleet', 'yard']);
}, 300_000);

afterEach(() => proxy.heal());

afterAll(async () => {
  await both.remove();
  await proxy.close();
  await server.stop();
});

const throughProxy = () => ({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.endpoint });

interface Pair {
  readonly direct: Deployment;
  /** The same cluster behind the proxy. */
  readonly hostile: Deployment;
}

async function pair(): Promise<Pair> {
  const direct = await deployed(both, { env: server.env, newRoot: () => `s3://clusters/${randomUUID()}` });
  return { direct, hostile: new Deployment(direct.dir, { env: throughProxy() }, direct.root) };
}

async function versionOf({ root }: Deployment, graph: string): Promise<number> {
  const reading = await readGraphRoot(graphLocation(`${root}/graphs/${graph}.omni`, server.env).store);
  if (reading.kind !== 'open') throw new Error(`the graph is ${reading.kind}`);
  return reading.state.manifestVersion;
}

const LOSE: Fault = { kind: 'lose_answer' };
const DENY: Fault = { kind: 'deny', status: 500 };
const REFUSE: Fault = { kind: 'refuse', status: 503 };
const DELAY: Fault = { kind: 'delay', milliseconds: 700 };

describe('one request of an apply goes wrong', () => {
  test.each<readonly [string, string, Fault, Matches]>([
    ['the lock', 'whose answer is lost', LOSE, toKey('PUT', '/__cluster/lock.json')],
    ['the release of the lock', 'whose answer is lost', LOSE, toKey('DELETE', '/__cluster/lock.json')],
    ['the commit record', 'whose answer is lost', LOSE, toKey('PUT', /\/log\/[^/]+\/\d+\.json/)],
    ['a table version', 'whose answer is lost', LOSE, toKey('PUT', '/_versions/')],
    ['the ledger', 'whose answer is lost', LOSE, toKey('PUT', '/__cluster/state.json')],
    ['the ledger', 'denied after it was stored', DENY, toKey('PUT', '/__cluster/state.json')],
    ...onlyInFull<readonly [string, string, Fault, Matches]>([
      ['the lock', 'denied after it was stored', DENY, toKey('PUT', '/__cluster/lock.json')],
      ['the lock', 'refused once', REFUSE, toKey('PUT', '/__cluster/lock.json')],
      ['the release of the lock', 'refused once', REFUSE, toKey('DELETE', '/__cluster/lock.json')],
      ['a sidecar', 'whose answer is lost', LOSE, toKey('PUT', '/__cluster/recoveries/')],
      ['a payload', 'whose answer is lost', LOSE, toKey('PUT', '/__cluster/resources/')],
      ['the commit record', 'denied after it was stored', DENY, toKey('PUT', /\/log\/[^/]+\/\d+\.json/)],
      ['the commit record', 'refused once', REFUSE, toKey('PUT', /\/log\/[^/]+\/\d+\.json/)],
      ['a table version', 'denied after it was stored', DENY, toKey('PUT', '/_versions/')],
      ['the ledger', 'refused once', REFUSE, toKey('PUT', '/__cluster/state.json')],
      ['the ledger', 'delayed', DELAY, toKey('PUT', '/__cluster/state.json')],
    ]),
  ])('%s, %s: the run succeeds and everything happened once', async (_what, _how, fault, matches) => {
    const { direct, hostile } = await pair();
    await direct.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    await direct.write('gate.policy.yaml', 'version: 1\nrules: []\n# later\n');
    const [revision, version] = [(await direct.ledger()).state_revision, await versionOf(direct, 'fleet')];
    proxy.inject(fault, matches, 1);
    expect(await hostile.apply()).toMatchObject({ ok: true, converged: true, state_written: true, diagnostics: [] });
    expect(proxy.hits()).toBe(1);
    expect((await direct.ledger()).state_revision).toBe(revision + 1);
    expect(await versionOf(direct, 'fleet')).toBe(version + 1);
    expect(await direct.sidecars()).toEqual([]);
    expect(await direct.store.exists('__cluster/lock.json')).toBe(false);
    expect(await direct.apply()).toMatchObject({ changes: [], state_written: false });
    expect(await direct.rows('fleet')).toEqual(expectedRows('fleet', { flag: null }));
  });
});

test('the first answer to every write is lost: the run succeeds and everything happened once', async () => {
  const { direct, hostile } = await pair();
  await direct.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
  const revision = (await direct.ledger()).state_revision;
  const seen = new Set<string>();
  const isFirst: Matches = ({ method, url = '' }) => {
    // Table versions are numbered anew by each attempt, so that losing every first answer there is an outage.
    if (method !== 'PUT' || url.includes('.lance') || seen.has(url)) return false;
    seen.add(url);
    return true;
  };
  proxy.inject(LOSE, isFirst);
  expect(await hostile.apply()).toMatchObject({ ok: true, converged: true, state_written: true, diagnostics: [] });
  expect(proxy.hits()).toBeGreaterThan(5);
  expect((await direct.ledger()).state_revision).toBe(revision + 1);
});

describe('an outage in the middle of an apply', () => {
  test.each<readonly [string, Fault, Matches]>([
    ['of the whole server', REFUSE, () => true],
    ['of the ledger', REFUSE, toKey('PUT', '/__cluster/state.json')],
    ['of the release of the lock', REFUSE, toKey('DELETE', '/__cluster/lock.json')],
    ...onlyInFull<readonly [string, Fault, Matches]>([
      ['of writes', { kind: 'refuse', status: 500 }, ({ method }) => method === 'PUT'],
      ['of the graph', REFUSE, toKey('PUT', '/graphs/')],
      ['of the commit log', { kind: 'refuse', status: 500 }, toKey('PUT', '/log/')],
      ['of the listing of sidecars', REFUSE, ({ url = '' }) => url.includes('recoveries')],
    ]),
  ])(
    '%s: it is reported, and applying again converges',
    async (_, fault, matches) => {
      const { direct, hostile } = await pair();
      await direct.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
      proxy.inject(fault, matches);
      const during = await hostile.apply();
      expect(proxy.hits()).toBeGreaterThan(0);
      proxy.heal();
      expect(during.ok || !during.converged).toBe(true);
      await direct.unlock();
      const healed = await hostile.apply();
      expect(healed).toMatchObject({ ok: true, converged: true });
      expect(await direct.sidecars()).toEqual([]);
      expect(await direct.apply()).toMatchObject({ changes: [], state_written: false });
      expect(await direct.rows('fleet')).toEqual(expectedRows('fleet', { flag: null }));
    },
    60_000,
  );
});

test.each([0, ...onlyInFull([1, 2, 3])])(
  'with every fifth request failing in some way (%i), plain repetition converges and no row is lost',
  async (seed) => {
    const { direct, hostile } = await pair();
    await direct.write('fleet.pg', FLEET_SCHEMA_WITH_FLAG);
    let count = seed;
    const everyFifth: Matches = () => {
      count += 1;
      return count % 5 === 0;
    };
    proxy.inject([LOSE, DENY, REFUSE, DELAY][seed] ?? LOSE, everyFifth);
    const reports = [await hostile.apply(), await hostile.apply()];
    proxy.heal();
    await direct.unlock();
    for (const report of reports) expect(report.ok || !report.converged).toBe(true);
    expect(await direct.apply()).toMatchObject({ ok: true, converged: true });
    expect(await direct.rows('fleet')).toEqual(expectedRows('fleet', { flag: null }));
    expect(await direct.rows('yard')).toEqual(expectedRows('yard'));
  },
  60_000,
);

describe('a load', () => {
  const more = '{"type":"Vessel","data":{"imo":"9222222","name":"Ann"}}';

  test.each<readonly [string, Fault, Matches]>([
    ['whose commit record loses its answer', LOSE, toKey('PUT', /\/log\/[^/]+\/\d+\.json/)],
    ['whose table version loses its answer', LOSE, toKey('PUT', '/_versions/')],
    ...onlyInFull<readonly [string, Fault, Matches]>([
      ['whose commit record is denied after it was stored', DENY, toKey('PUT', /\/log\/[^/]+\/\d+\.json/)],
      ['whose table version is denied after it was stored', DENY, toKey('PUT', '/_versions/')],
      ['whose data loses its answer', LOSE, toKey('PUT', '/data/')],
    ]),
  ])('%s adds its rows once', async (_, fault, matches) => {
    const { direct, hostile } = await pair();
    const version = await versionOf(direct, 'fleet');
    proxy.inject(fault, matches, 1);
    await hostile.load('fleet', [more]);
    expect(proxy.hits()).toBe(1);
    proxy.heal();
    expect(await versionOf(direct, 'fleet')).toBe(version + 1);
    expect(await direct.rows('fleet')).toEqual([JSON.parse(more).data, ...expectedRows('fleet')]);
  });
});

describe('listings in reverse order', () => {
  test('are put in order again', async () => {
    const root = `s3://clusters/${randomUUID()}`;
    const store = openStore(root, throughProxy());
    for (const name of ['a', 'b', 'c']) await store.write(`list/${name}`, bytesOf(name));
    proxy.inject({ kind: 'reverse_list' }, toKey('GET', 'list-type=2'));
    expect(await store.list('list')).toEqual(['a', 'b', 'c']);
    expect(proxy.hits()).toBe(1);
  });

  test('do not change which of two approvals is consumed', async () => {
    const { direct, hostile } = await pair();
    await direct.declare(['fleet']);
    const [older] = [await direct.approve('graph.yard'), await direct.approve('graph.yard')];
    proxy.inject({ kind: 'reverse_list' }, toKey('GET', 'list-type=2'));
    expect(await hostile.apply()).toMatchObject({ ok: true, converged: true });
    expect(proxy.hits()).toBeGreaterThan(0);
    expect(Object.keys((await direct.ledger()).approval_records)).toEqual([older.approval_id]);
    expect(await direct.rows('fleet')).toHaveLength(ROWS.fleet.length);
  });
});
