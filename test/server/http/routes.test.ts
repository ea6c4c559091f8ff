import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type RequestOptions, type Served, serve } from './client.js';
import { libraryCluster, removeCluster, TOKENS } from './library-cluster.js';

let folder: string;
let served: Served;

beforeAll(async () => {
  folder = await libraryCluster();
  served = await serve(folder, { env: { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: TOKENS } });
});

afterAll(async () => {
  await served.server.close();
  removeCluster(folder);
});

const G = '/graphs/library';
const TITLES = 'query q() { match { $b: Book } return { $b.title } order { $b.title } }';

const check = async (
  method: string,
  path: string,
  options: RequestOptions,
  status: number,
  body?: object,
): Promise<Answer> => {
  const answer = await served.request(method, path, options);
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
  if (body !== undefined) expect(answer.json).toMatchObject(body);
  return answer;
};

const says = (text: string): object => ({ error: expect.stringContaining(text) });

describe('requests and their answers (server.md §16)', () => {
  test.each<[string, string, string, RequestOptions, number, object?]>([
    ['17: health needs no token', 'GET', '/healthz', {}, 200, { status: 'ok', internal_schema_version: 1 }],
    ['18: no token', 'GET', `${G}/snapshot`, {}, 401, { error: 'missing bearer token', code: 'unauthorized' }],
    ['19: the scheme word is exact', 'GET', `${G}/snapshot`, { headers: { authorization: 'bearer ti' } }, 401],
    ['20: a wrong token', 'GET', `${G}/snapshot`, { token: 'nope' }, 401, { error: 'invalid bearer token' }],
    [
      '21a: graphs for an operator',
      'GET',
      '/graphs',
      { token: 'ti' },
      200,
      { graphs: [{ graph_id: 'library' }, { graph_id: 'maps' }] },
    ],
    ['21b: graphs for another', 'GET', '/graphs', { token: 'tt' }, 403, { code: 'forbidden' }],
    [
      '22a: an unknown graph',
      'GET',
      '/graphs/nope/snapshot',
      { token: 'ti' },
      404,
      { error: "graph 'nope' not found" },
    ],
    ['22b: an unknown graph without a token', 'GET', '/graphs/nope/snapshot', {}, 401],
    ['23: a malformed graph id', 'GET', '/graphs/bad_id/snapshot', { token: 'ti' }, 400, { code: 'bad_request' }],
    ['24: no flat routes', 'POST', '/query', { token: 'ti', body: {} }, 404, { code: 'not_found' }],
    [
      '25: a read',
      'POST',
      `${G}/query`,
      { token: 'tt', body: { query: TITLES } },
      200,
      {
        query_name: 'q',
        target: { branch: 'main', snapshot: null },
        columns: ['b.title'],
        graph_commit_id: expect.any(String),
      },
    ],
    [
      '26: branch and snapshot',
      'POST',
      `${G}/query`,
      { token: 'tt', body: { query: TITLES, branch: 'main', snapshot: 'x' } },
      400,
    ],
    ['an unknown branch', 'POST', `${G}/query`, { token: 'tt', body: { query: TITLES, branch: 'ghost' } }, 404],
    [
      'an unknown snapshot',
      'POST',
      `${G}/query`,
      { token: 'tt', body: { query: TITLES, snapshot: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } },
      404,
    ],
    [
      '28: a mutation as a query',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: 'query q() { delete Book where isbn = "9" }' } },
      400,
      says('POST /mutate'),
    ],
    [
      '29: several queries, no name',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: `${TITLES}\nquery r() { match { $b: Book } return { $b.isbn } }` } },
      400,
      says('name'),
    ],
    [
      '30: a parameter of another type',
      'POST',
      `${G}/query`,
      {
        token: 'ti',
        body: {
          query: 'query q($isbn: String) { match { $b: Book { isbn: $isbn } } return { $b.title } }',
          params: { isbn: 7 },
        },
      },
      400,
      says('isbn'),
    ],
    [
      'a missing parameter',
      'POST',
      `${G}/query`,
      {
        token: 'ti',
        body: { query: 'query q($isbn: String) { match { $b: Book { isbn: $isbn } } return { $b.title } }' },
      },
      400,
      says("parameter 'isbn' not provided"),
    ],
    [
      'params that are no object',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: TITLES, params: [] } },
      400,
      says('params must be a JSON object'),
    ],
    [
      'a type error',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: 'query q() { match { $b: Boook } return { $b.title } }' } },
      400,
      says('type error: T1'),
    ],
    ['a syntax error', 'POST', `${G}/query`, { token: 'ti', body: { query: 'query q( {' } }, 400, says('parse error')],
    [
      'nulls as absent members',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: TITLES, name: null, branch: null, snapshot: null, params: null } },
      200,
    ],
    [
      '31a: a protected branch',
      'POST',
      `${G}/mutate`,
      { token: 'tt', body: { query: 'query q() { delete Book where isbn = "9" }' } },
      403,
      says("on branch 'main'"),
    ],
    [
      '31b: a padded branch is the same branch',
      'POST',
      `${G}/mutate`,
      { token: 'tt', body: { query: 'query q() { delete Book where isbn = "9" }', branch: ' main ' } },
      403,
    ],
    [
      'a blank branch',
      'POST',
      `${G}/mutate`,
      { token: 'ti', body: { query: TITLES, branch: ' ' } },
      400,
      says('branch name cannot be empty'),
    ],
    [
      '32: nothing matched',
      'POST',
      `${G}/mutate`,
      { token: 'ti', body: { query: 'query q() { update Book set { pages: 1 } where isbn = "9" }' } },
      200,
      { affected_nodes: 0, commit: null, actor_id: 'act-ines' },
    ],
    ['a read as a mutation', 'POST', `${G}/mutate`, { token: 'ti', body: { query: TITLES } }, 400, says('POST /query')],
    [
      '33: the header on the plain route',
      'POST',
      `${G}/mutate`,
      { token: 'ti', body: { query: TITLES }, headers: { 'omnigraph-if-graph-commit': 'x' } },
      400,
    ],
    [
      '34a: the conditional route without the header',
      'POST',
      `${G}/mutate/if-graph-commit`,
      { token: 'ti', body: { query: TITLES } },
      400,
    ],
    [
      '34b: an entity tag',
      'POST',
      `${G}/mutate/if-graph-commit`,
      { token: 'ti', body: { query: TITLES }, headers: { 'omnigraph-if-graph-commit': '"abc"' } },
      400,
    ],
    [
      '34c: two ids',
      'POST',
      `${G}/mutate/if-graph-commit`,
      { token: 'ti', body: { query: TITLES }, headers: { 'omnigraph-if-graph-commit': 'a, b' } },
      400,
    ],
    [
      '37: a broken body',
      'POST',
      `${G}/query`,
      { token: 'ti', body: '{', type: 'application/json' },
      400,
      { code: 'bad_request' },
    ],
    [
      'a body of another type',
      'POST',
      `${G}/query`,
      { token: 'ti', body: 'x', type: 'text/plain' },
      415,
      { code: 'bad_request' },
    ],
    [
      'a member of another type',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: 7 } },
      400,
      { code: 'bad_request' },
    ],
    ['a missing member', 'POST', `${G}/query`, { token: 'ti', body: {} }, 400, says('query')],
    [
      'a body over 1 MiB',
      'POST',
      `${G}/query`,
      { token: 'ti', body: { query: 'x'.repeat(1_100_000) } },
      413,
      { code: 'bad_request' },
    ],
    ['an unknown member is ignored', 'POST', `${G}/query`, { token: 'ti', body: { query: TITLES, wat: 1 } }, 200],
    ['a wrong method', 'DELETE', `${G}/schema`, { token: 'ti' }, 405, { code: 'method_not_allowed' }],
    [
      '44: the stored queries',
      'GET',
      `${G}/queries`,
      { token: 'tt' },
      200,
      {
        queries: [
          {
            name: 'add_book',
            tool_name: 'add_book',
            mutation: true,
            params: [
              { name: 'isbn', kind: 'string', nullable: false },
              { name: 'title', kind: 'string', nullable: false },
            ],
          },
          { name: 'book_by_isbn', description: 'One book', mutation: false },
        ],
      },
    ],
    [
      '45: a stored read',
      'POST',
      `${G}/queries/book_by_isbn`,
      { token: 'ti', body: { params: { isbn: '1' } } },
      200,
      { query_name: 'book_by_isbn', row_count: 1, rows: [{ 'b.isbn': '1', 'b.title': 'One', 'b.pages': 10 }] },
    ],
    [
      '47: another kind expected',
      'POST',
      `${G}/queries/add_book`,
      { token: 'ti', body: { expect_mutation: false } },
      400,
      says("'add_book' is a mutation — use omnigraph mutate add_book"),
    ],
    ['48: a mutation on a snapshot', 'POST', `${G}/queries/add_book`, { token: 'ti', body: { snapshot: 'x' } }, 400],
    [
      '49: a stored read under a precondition',
      'POST',
      `${G}/queries/book_by_isbn/if-graph-commit`,
      { token: 'ti', headers: { 'omnigraph-if-graph-commit': 'x' } },
      400,
    ],
    [
      'a stored query, the header on the plain route',
      'POST',
      `${G}/queries/add_book`,
      { token: 'ti', headers: { 'omnigraph-if-graph-commit': 'x' } },
      400,
    ],
    [
      'a stored query, a broken body',
      'POST',
      `${G}/queries/book_by_isbn`,
      { token: 'ti', body: '[1]', type: 'application/json' },
      400,
      says('invalid stored-query invocation body'),
    ],
    [
      'a stored query, parameters missing',
      'POST',
      `${G}/queries/book_by_isbn`,
      { token: 'ti' },
      400,
      says("parameter 'isbn' not provided"),
    ],
    [
      'a stored mutation without the right to change',
      'POST',
      `${G}/queries/add_book`,
      { token: 'tc', body: { params: { isbn: '7', title: 'Seven' } } },
      403,
    ],
    [
      '50a: schema apply is refused',
      'POST',
      `${G}/schema/apply`,
      { token: 'ti', body: { schema_source: '' } },
      409,
      says('cluster apply'),
    ],
    [
      '50b: schema apply without the right',
      'POST',
      `${G}/schema/apply`,
      { token: 'tt', body: { schema_source: '' } },
      403,
    ],
    ['the schema', 'GET', `${G}/schema`, { token: 'tt' }, 200, { schema_source: expect.stringContaining('node Book') }],
    [
      'the snapshot, edges first',
      'GET',
      `${G}/snapshot`,
      { token: 'tt' },
      200,
      {
        graph_branch: 'main',
        datasets: [
          { entity_kind: 'edge', type_name: 'Cites' },
          { entity_kind: 'node', type_name: 'Book' },
        ],
      },
    ],
    ['the snapshot of an unknown branch', 'GET', `${G}/snapshot?branch=ghost`, { token: 'tt' }, 404],
    [
      '64: commits, newest first',
      'GET',
      `${G}/commits`,
      { token: 'tt' },
      200,
      { commits: [{ graph_branch: null }, { parent_commit_id: null }] },
    ],
    ['an unknown commit', 'GET', `${G}/commits/01ARZ3NDEKTSV4RRFFQ69G5FAV`, { token: 'tt' }, 404],
    [
      '51: load to a missing branch',
      'POST',
      `${G}/load`,
      { token: 'ti', body: { data: '', branch: 'ghost' } },
      404,
      says('from'),
    ],
    [
      '55: a broken third line',
      'POST',
      `${G}/load/ndjson`,
      {
        token: 'ti',
        type: 'application/x-ndjson',
        body: '{"type":"Book","data":{"isbn":"8","title":"x"}}\n\n{"type":\n',
      },
      400,
      says('line 3'),
    ],
    [
      '56a: NDJSON of another type',
      'POST',
      `${G}/load/ndjson`,
      { token: 'ti', type: 'application/json', body: '{}' },
      415,
    ],
    [
      '58: append of an existing key',
      'POST',
      `${G}/load/ndjson?mode=append`,
      { token: 'ti', type: 'application/x-ndjson', body: '{"type":"Book","data":{"isbn":"1","title":"x"}}\n' },
      409,
      { code: 'conflict', key_conflict: { entity_kind: 'node', type_name: 'Book', entity_id: '1' } },
    ],
    [
      'a load without the right',
      'POST',
      `${G}/load/ndjson`,
      { token: 'tt', type: 'application/x-ndjson', body: '{}' },
      403,
    ],
    [
      'an unknown load mode',
      'POST',
      `${G}/load/ndjson?mode=upsert`,
      { token: 'ti', type: 'application/x-ndjson', body: '' },
      400,
    ],
    [
      '51p: a graph without a bundle denies by default',
      'POST',
      '/graphs/maps/mutate',
      { token: 'ti', body: { query: 'query q() { delete Map where code = "x" }' } },
      403,
      says('default-deny'),
    ],
    ['and lets everyone read', 'GET', '/graphs/maps/snapshot', { token: 'tt' }, 200],
    ['a malformed URL', 'GET', '/graphs/%ZZ/snapshot', { token: 'ti' }, 400, { code: 'bad_request' }],
  ])('%s', async (_name, method, path, options, status, body) => {
    await check(method, path, options, status, body);
  });

  test('43: no header names the actor', async () => {
    await check(
      'POST',
      `${G}/mutate`,
      {
        token: 'tt',
        headers: { 'x-actor-id': 'act-ines' },
        body: { query: 'query q() { delete Book where isbn = "9" }' },
      },
      403,
    );
  });

  test('46: a denied stored query and an unknown one answer byte for byte the same', async () => {
    const denied = await check('POST', `${G}/queries/book_by_isbn`, { token: 'tt' }, 404, {
      error: 'stored query not found',
    });
    const unknown = await check('POST', `${G}/queries/ghost`, { token: 'ti' }, 404);
    expect(denied.text).toBe(unknown.text);
  });

  test('a write is visible to the next request, as one commit by its actor; a stale precondition has no effect', async () => {
    const before = await check('GET', `${G}/commits`, { token: 'ti' }, 200);
    const head = (before.json as { commits: { graph_commit_id: string }[] }).commits[0]?.graph_commit_id ?? '';
    const add = { params: { isbn: '3', title: 'Three' } };
    await check(
      'POST',
      `${G}/queries/add_book/if-graph-commit`,
      { token: 'ti', body: add, headers: { 'omnigraph-if-graph-commit': head } },
      200,
      {
        affected_nodes: 1,
        commit: { actor_id: 'act-ines', parent_commit_id: head },
      },
    );
    await check('POST', `${G}/queries/book_by_isbn`, { token: 'tc', body: { params: { isbn: '3' } } }, 200, {
      rows: [{ 'b.title': 'Three' }],
    });
    const stale = await check(
      'POST',
      `${G}/mutate/if-graph-commit`,
      {
        token: 'ti',
        body: { query: 'query q() { delete Book where isbn = "3" }' },
        headers: { 'omnigraph-if-graph-commit': head },
      },
      412,
      {
        precondition_failure: { expected: head },
      },
    );
    expect(stale.json).not.toHaveProperty('code');
    await check('POST', `${G}/queries/book_by_isbn`, { token: 'ti', body: { params: { isbn: '3' } } }, 200, {
      row_count: 1,
    });
    await check(
      'POST',
      `${G}/mutate`,
      { token: 'ti', body: { query: 'query q() { delete Book where isbn = "3" }' } },
      200,
      { affected_nodes: 1 },
    );
  });

  test('54: a load of nodes and edges in one commit, edges first', async () => {
    const body =
      '{"edge":"Cites","from":"4","to":"5"}\n{"type":"Book","data":{"isbn":"4","title":"Four"}}\n{"type":"Book","data":{"isbn":"5","title":"Five"}}\n';
    const answer = await check(
      'POST',
      `${G}/load/ndjson?mode=append`,
      { token: 'ti', type: 'application/x-ndjson', body },
      200,
      {
        branch: 'main',
        base_branch: null,
        branch_created: false,
        mode: 'append',
        nodes: [{ name: 'Book', entities_loaded: 2 }],
        edges: [{ name: 'Cites', entities_loaded: 1 }],
        total_entities: 3,
        actor_id: 'act-ines',
      },
    );
    expect(answer.json).not.toHaveProperty('uri');
    await check(
      'POST',
      `${G}/load`,
      { token: 'ti', body: { data: '{"type":"Book","data":{"isbn":"4","title":"Four again"}}' } },
      200,
      { uri: expect.any(String), mode: 'merge', total_entities: 1 },
    );
    await check(
      'POST',
      `${G}/mutate`,
      { token: 'ti', body: { query: 'query q() { delete Book where isbn = "4" delete Book where isbn = "5" }' } },
      200,
      { affected_nodes: 2, affected_edges: 1 },
    );
  });

  test('56b: a declared length over 32 MiB is refused', async () => {
    await check(
      'POST',
      `${G}/load/ndjson`,
      { token: 'ti', type: 'application/x-ndjson', body: ' '.repeat(33_554_433) },
      413,
      {
        resource_limit: { resource: 'graph_batch_request_bytes', limit: 33_554_432, actual: 33_554_433 },
      },
    );
  });

  test('57: a denied load is answered before its body is read', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        if (pulled > 64) controller.close();
        else controller.enqueue(new Uint8Array(1_048_576));
      },
    });
    const response = await fetch(`http://${served.server.address}${G}/load/ndjson`, {
      method: 'POST',
      headers: { authorization: 'Bearer tt', 'content-type': 'application/x-ndjson' },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(403);
    expect(pulled).toBeLessThan(64);
  });

  test('64-bit integers keep every digit, both ways', async () => {
    const insert = 'query q($code: String, $scale: I64) { insert Map { code: $code, scale: $scale } }';
    const open = await serve(folder, { env: { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: TOKENS } });
    try {
      // `maps` has no bundle, so nobody may write there; the query echoes its parameter instead.
      const answer = await open.request('POST', `${G}/query`, {
        token: 'ti',
        type: 'application/json',
        body: `{"query":"query q($n: I64) { match { $b: Book { isbn: \\"1\\" } } return { $n } }","params":{"n":9223372036854775807}}`,
      });
      expect(answer.text).toContain('"rows":[{"n":9223372036854775807}]');
      expect((await open.request('POST', '/graphs/maps/mutate', { token: 'ti', body: { query: insert } })).status).toBe(
        403,
      );
    } finally {
      await open.server.close();
    }
  });

  test('decisions are logged with actor, action and rule; tokens and params never are', async () => {
    await check('POST', `${G}/queries/book_by_isbn`, { token: 'ti', body: { params: { isbn: 'secret-param' } } }, 200);
    const log = served.log();
    expect(log).toContainEqual(
      expect.objectContaining({
        msg: 'policy decision',
        actor_id: 'act-ines',
        action: 'invoke_query',
        branch: '',
        target_branch: '',
        allowed: true,
        matched_rule_id: 'keepers-call',
      }),
    );
    expect(log).toContainEqual(
      expect.objectContaining({
        msg: 'stored query invoked',
        graph_id: 'library',
        query: 'book_by_isbn',
        kind: 'read',
      }),
    );
    expect(JSON.stringify(log)).not.toContain('secret-param');
    expect(JSON.stringify(log)).not.toContain('Bearer');
  });
});

describe('OpenAPI', () => {
  test('lists exactly the served routes, each with a unique id, a tag and the graph parameter', async () => {
    const { json } = await check('GET', '/openapi.json', {}, 200, {
      openapi: '3.1.0',
      info: { title: 'Omnigraph API' },
    });
    const { paths, components } = json as {
      paths: Record<
        string,
        Record<string, { operationId: string; tags: string[]; security?: unknown; parameters?: { name: string }[] }>
      >;
      components: { securitySchemes?: object; schemas: object };
    };
    expect(Object.keys(paths).sort()).toEqual([
      '/graphs',
      '/graphs/{graph_id}/commits',
      '/graphs/{graph_id}/commits/{commit_id}',
      '/graphs/{graph_id}/load',
      '/graphs/{graph_id}/load/ndjson',
      '/graphs/{graph_id}/mutate',
      '/graphs/{graph_id}/mutate/if-graph-commit',
      '/graphs/{graph_id}/queries',
      '/graphs/{graph_id}/queries/{name}',
      '/graphs/{graph_id}/queries/{name}/if-graph-commit',
      '/graphs/{graph_id}/query',
      '/graphs/{graph_id}/schema',
      '/graphs/{graph_id}/schema/apply',
      '/graphs/{graph_id}/snapshot',
      '/healthz',
    ]);
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, tags, parameters } of operations) {
      expect(tags).toHaveLength(1);
      if (path.includes('{graph_id}')) expect(parameters).toContainEqual(expect.objectContaining({ name: 'graph_id' }));
    }
    expect(components.securitySchemes).toEqual({ bearer_token: { type: 'http', scheme: 'bearer' } });
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['ReadOutput', 'ChangeOutput', 'ErrorOutput', 'InvokeStoredQueryRequest']),
    );
  });
});
