import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Served, type ServeOptions, serve } from './client.js';
import { libraryCluster, removeCluster, TOKENS } from './library-cluster.js';

let withPolicies: string;
let bare: string;
const opened: Served[] = [];
const copies: string[] = [];

beforeAll(async () => {
  withPolicies = await libraryCluster();
  bare = await libraryCluster({ policies: [] });
});

afterEach(async () => {
  for (const { server } of opened.splice(0)) await server.close();
  for (const folder of copies.splice(0)) removeCluster(folder);
});

afterAll(() => {
  removeCluster(withPolicies);
  removeCluster(bare);
});

const tokens = { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: TOKENS };

const start = async (folder: string, options: ServeOptions = {}): Promise<Served> => {
  const served = await serve(folder, options);
  opened.push(served);
  return served;
};

const refusal = async (folder: string, options: ServeOptions = {}): Promise<string> => {
  const error = await start(folder, options).then(
    () => new Error('the server started'),
    (reason: unknown) => reason as Error,
  );
  expect(error.name).toBe('StartupError');
  return error.message;
};

const copyOf = (folder: string): string => {
  const copy = mkdtempSync(join(tmpdir(), 'omnigraph-boot-'));
  cpSync(folder, copy, { recursive: true });
  copies.push(copy);
  return copy;
};

describe('what refuses to start (server.md §16, policy.md §7)', () => {
  test('3: a directory that was never applied', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omnigraph-boot-'));
    copies.push(folder);
    const message = await refusal(folder, { unauthenticated: true });
    expect(message).toContain('[cluster_state_missing]');
    expect(message).toContain('cluster import');
    expect(message).toContain('cluster apply');
  });

  test('4: an edited catalog payload', async () => {
    const folder = copyOf(withPolicies);
    const queries = join(folder, '__cluster/resources/query/library/add_book');
    const blob = join(queries, readdirSync(queries)[0] ?? '');
    writeFileSync(blob, `${readFileSync(blob, 'utf8')} `);
    const message = await refusal(folder, { env: tokens });
    expect(message).toContain('catalog_payload_digest_mismatch');
    expect(message).toContain('cluster refresh');
  });

  test('a missing catalog payload', async () => {
    const folder = copyOf(withPolicies);
    rmSync(join(folder, '__cluster/resources/policy'), { recursive: true });
    expect(await refusal(folder, { env: tokens })).toContain('catalog_payload_missing');
  });

  test('10: bundles without tokens, even with --unauthenticated', async () => {
    expect(await refusal(withPolicies, { unauthenticated: true })).toContain('token');
  });

  test('11: nothing at all names the flag', async () => {
    expect(await refusal(bare)).toContain('--unauthenticated');
  });

  test('12: a token given twice is refused without printing it', async () => {
    const env = {
      OMNIGRAPH_SERVER_BEARER_TOKEN: 'hush-hush',
      OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: '{"act-ines":"hush-hush"}',
    };
    const message = await refusal(bare, { env });
    expect(message).toContain('duplicate token value');
    expect(message).not.toContain('hush-hush');
  });

  test.each([
    ['not JSON', 'nope', 'OMNIGRAPH_SERVER_BEARER_TOKENS_JSON'],
    ['a list', '[1]', 'OMNIGRAPH_SERVER_BEARER_TOKENS_JSON'],
    ['a number for a token', '{"a":1}', "'a'"],
    ['a blank token', '{"a":" "}', "'a'"],
    ['a blank actor', '{" ":"x"}', 'blank actor'],
    ['one actor twice', '{"a":"x","a ":"y"}', "'a'"],
  ])('a token map that is %s', async (_name, json, says) => {
    expect(await refusal(bare, { env: { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: json } })).toContain(says);
  });

  test('an AWS secret source is refused, never ignored', async () => {
    expect(await refusal(bare, { env: { OMNIGRAPH_SERVER_BEARER_TOKENS_AWS_SECRET: 'arn:x' } })).toContain('AWS');
  });

  test('7: strict boot refuses when one graph is gone', async () => {
    const folder = copyOf(withPolicies);
    rmSync(join(folder, 'graphs/maps.omni'), { recursive: true });
    expect(await refusal(folder, { env: tokens, requireAllGraphs: true })).toContain('maps');
  });

  test('no graph left', async () => {
    const folder = copyOf(withPolicies);
    rmSync(join(folder, 'graphs'), { recursive: true });
    expect(await refusal(folder, { env: tokens })).toContain('no graph');
  });
});

describe('what starts', () => {
  test('6: without a graph whose root is gone', async () => {
    const folder = copyOf(withPolicies);
    rmSync(join(folder, 'graphs/maps.omni'), { recursive: true });
    const { request, log } = await start(folder, { env: tokens });
    expect((await request('GET', '/graphs', { token: 'ti' })).json).toMatchObject({
      graphs: [{ graph_id: 'library' }],
    });
    expect((await request('GET', '/graphs/maps/schema', { token: 'ti' })).status).toBe(404);
    expect(log()).toContainEqual(expect.objectContaining({ graph_id: 'maps', msg: 'graph is not served' }));
  });

  test('13: a single token beside a map; it is the actor `default`', async () => {
    const env = { OMNIGRAPH_SERVER_BEARER_TOKEN: 'x', OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: '{"act-ines":"ti"}' };
    const { request } = await start(bare, { env });
    for (const token of ['x', 'ti'])
      expect((await request('GET', '/graphs/library/snapshot', { token })).status).toBe(200);
  });

  test('14: of a file and a map the file counts', async () => {
    const file = join(copyOf(bare), 'tokens.json');
    writeFileSync(file, '{"act-file":"tf"}');
    const env = { OMNIGRAPH_SERVER_BEARER_TOKENS_FILE: file, OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: '{"act-map":"tm"}' };
    const { request } = await start(bare, { env });
    expect((await request('GET', '/graphs/library/snapshot', { token: 'tf' })).status).toBe(200);
    expect((await request('GET', '/graphs/library/snapshot', { token: 'tm' })).status).toBe(401);
  });

  test('47–48: tokens without bundles: only reading, and no stored query exists', async () => {
    const { request } = await start(bare, { env: tokens });
    const mutation = { query: 'query q() { delete Book where isbn = "9" }' };
    expect((await request('GET', '/graphs/library/snapshot', { token: 'ti' })).status).toBe(200);
    expect((await request('POST', '/graphs/library/mutate', { token: 'ti', body: mutation })).status).toBe(403);
    expect((await request('POST', '/graphs/library/queries/book_by_isbn', { token: 'ti' })).status).toBe(404);
  });

  test('49: open mode writes without a token, and still lists no graphs', async () => {
    const { request } = await start(copyOf(bare), { unauthenticated: true });
    expect((await request('GET', '/graphs')).status).toBe(403);
    const insert = { query: 'query q() { insert Book { isbn: "9", title: "Nine" } }' };
    expect((await request('POST', '/graphs/library/mutate', { body: insert })).json).toMatchObject({
      affected_nodes: 1,
      actor_id: null,
    });
    const { paths, components } = (await request('GET', '/openapi.json')).json as { paths: object; components: object };
    expect(components).not.toHaveProperty('securitySchemes');
    expect(JSON.stringify(paths)).not.toContain('bearer_token');
  });

  test('63: with a cap of one, a second write of an actor is refused while the first is under way', async () => {
    const { request, server } = await start(copyOf(withPolicies), {
      env: { ...tokens, OMNIGRAPH_PER_ACTOR_INFLIGHT_MAX: '1' },
    });
    let finish: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"type":"Book","data":{"isbn":"6","title":"Six"}}\n'));
        finish = () => controller.close();
      },
    });
    const first = fetch(`http://${server.address}/graphs/library/load/ndjson`, {
      method: 'POST',
      headers: { authorization: 'Bearer ti', 'content-type': 'application/x-ndjson' },
      body,
      duplex: 'half',
    } as RequestInit);
    const load = {
      token: 'ti',
      type: 'application/x-ndjson',
      body: '{"type":"Book","data":{"isbn":"7","title":"Seven"}}\n',
    };
    await expect
      .poll(async () => (await request('POST', '/graphs/library/load/ndjson', load)).status, { timeout: 20_000 })
      .toBe(429);
    const refused = await request('POST', '/graphs/library/load/ndjson', load);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(refused.json).toMatchObject({ code: 'too_many_requests' });
    finish();
    expect((await first).status).toBe(200);
    expect((await request('POST', '/graphs/library/load/ndjson', load)).status).toBe(200);
  });

  test('59: unapplied edits of the config do not leak into a server', async () => {
    const folder = copyOf(withPolicies);
    writeFileSync(join(folder, 'queries/library.gq'), 'query other() { match { $b: Book } return { $b.isbn } }\n');
    const { request } = await start(folder, { env: tokens });
    expect(
      (await request('POST', '/graphs/library/queries/book_by_isbn', { token: 'ti', body: { params: { isbn: '1' } } }))
        .status,
    ).toBe(200);
    expect((await request('POST', '/graphs/library/queries/other', { token: 'ti' })).status).toBe(404);
  });

  test('a storage root serves like its config directory', async () => {
    const { request } = await start(`file://${withPolicies}`, { env: tokens });
    expect((await request('GET', '/graphs/library/schema', { token: 'ti' })).status).toBe(200);
  });
});
