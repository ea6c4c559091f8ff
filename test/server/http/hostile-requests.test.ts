/** Requests that a well-meaning client never sends: each gets the envelope of server.md §8 and changes nothing. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from './client.js';
import { libraryCluster, removeCluster } from './library-cluster.js';

let folder: string;
let served: Served;

beforeAll(async () => {
  folder = await libraryCluster({ policies: [] });
  served = await serve(folder, { unauthenticated: true });
});

afterAll(async () => {
  await served.server.close();
  removeCluster(folder);
});

const G = '/graphs/library';
const INSERT = 'query q() { insert Book { isbn: "9", title: "Nine" } }';

/** The whole answer to raw bytes, head and body. */
const exchange = (bytes: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host, port] = served.server.address.split(':');
    const socket = connect(Number(port), host);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
    socket.end(bytes);
  });

const post = (path: string, body: string | Buffer, type = 'application/json'): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`,
    ),
    Buffer.from(body),
  ]);

const envelope = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));

describe('requests that are no HTTP', () => {
  test.each<[string, string, number]>([
    ['an unknown method', 'FOO /healthz HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a header that is no header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n', 400],
    ['a head that is too large', `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
  ])('%s', async (_, bytes, status) => {
    const answer = await exchange(bytes);
    expect(answer.split('\r\n')[0]).toContain(` ${status} `);
    expect(envelope(answer)).toEqual({ error: expect.stringContaining('HTTP'), code: 'bad_request' });
  });
});

describe('bodies', () => {
  const INVALID = Buffer.concat([
    Buffer.from('{"query":"query q() { insert Book { isbn: \\"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('\\", title: \\"x\\" } }"}'),
  ]);

  test.each<[string, string, string | Buffer]>([
    ['mutate', `${G}/mutate`, INVALID],
    ['query', `${G}/query`, INVALID],
    ['a stored query', `${G}/queries/add_book`, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('%s: text that is not UTF-8 is refused, not repaired', async (_, path, body) => {
    const answer = await exchange(post(path, body));
    expect(answer.split('\r\n')[0]).toContain(' 400 ');
    expect(envelope(answer)).toEqual({ error: expect.stringContaining('UTF-8'), code: 'bad_request' });
  });

  test.each<[string, string]>([
    ['mutate', `${G}/mutate`],
    ['a stored query', `${G}/queries/add_book`],
    ['load', `${G}/load`],
  ])('%s: JSON nested beyond reason is named as such', async (_, path) => {
    const { status, json } = await served.request('POST', path, {
      type: 'application/json',
      body: '['.repeat(300_000),
    });
    expect([status, json]).toEqual([400, { error: expect.stringContaining('nested too deeply'), code: 'bad_request' }]);
  });

  test.each<[string, object, string]>([
    ['a number for a string', { query: INSERT, branch: 5 }, 'branch must be a string or null'],
    ['a missing member', {}, "'query' is required"],
    ['a number for the source', { query: 7 }, 'query must be a string'],
  ])('%s is told in one clause', async (_, body, text) => {
    const { status, json } = await served.request('POST', `${G}/mutate`, { body });
    expect([status, json]).toEqual([400, { error: expect.stringContaining(text), code: 'bad_request' }]);
    expect(json).not.toHaveProperty('error', expect.stringContaining('anyOf'));
  });

  test('a load mode outside the set is answered with the set', async () => {
    const { status, json } = await served.request('POST', `${G}/load`, { body: { data: '', mode: 'replace' } });
    expect(status).toBe(400);
    expect(json).toHaveProperty('error', expect.stringContaining('"overwrite", "append", "merge"'));
  });

  test('a body without a media type is 415', async () => {
    expect((await served.request('POST', `${G}/query`)).status).toBe(415);
  });
});

describe('the older member names of a mutation (server.md §10.6)', () => {
  const none = 'query z() { delete Book where isbn = "none" }';

  test.each<[string, object, number]>([
    ['query_source', { query_source: none }, 200],
    ['query_source and query_name', { query_source: none, query_name: 'z' }, 200],
    ['query and query_name', { query: none, query_name: 'z' }, 200],
    ['a name that is not there', { query_source: none, query_name: 'y' }, 400],
    ['the source twice', { query: none, query_source: none }, 400],
    ['the name twice', { query: none, name: 'z', query_name: 'z' }, 400],
    ['no source', { query_name: 'z' }, 400],
    ['null counts as absent', { query: none, query_source: null, query_name: null }, 200],
  ])('%s', async (_, body, status) => {
    const answer = await served.request('POST', `${G}/mutate`, { body });
    expect([answer.status, answer.text]).toEqual([status, expect.any(String)]);
  });
});
