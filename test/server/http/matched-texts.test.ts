/** Error texts that clients match (server.md §8), word for word. */
import { afterAll, beforeAll, expect, test } from 'vitest';
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
const book = (isbn: string, title = 'T') => JSON.stringify({ type: 'Book', data: { isbn, title } });

test('a key conflict names the type and the id', async () => {
  const { status, json } = await served.request('POST', `${G}/load`, { body: { data: book('1'), mode: 'append' } });
  expect(status).toBe(409);
  expect(json).toMatchObject({
    error: expect.stringMatching(/^node type 'Book' already has id '1'/),
    key_conflict: { entity_kind: 'node', type_name: 'Book', entity_id: '1' },
  });
  expect(json).not.toHaveProperty('error', expect.stringContaining('node:Book'));
});

test('a failed precondition names branch, expected and current head', async () => {
  const head = await served.request('GET', `${G}/commits`);
  const { commits } = head.json as { commits: { graph_commit_id: string }[] };
  const { status, json } = await served.request('POST', `${G}/mutate/if-graph-commit`, {
    body: { query: 'query q() { delete Book where isbn = "zzz" }' },
    headers: { 'omnigraph-if-graph-commit': 'stale' },
  });
  expect(status).toBe(412);
  expect(json).toHaveProperty(
    'error',
    `precondition failed on branch 'main': expected head 'stale' but current is ${commits[0]?.graph_commit_id}`,
  );
});

const line = (text: string) => `{"type":"Book","data":{"isbn":"z","title":"z","pages":${text}}}`;

test.each<[string, () => string, string]>([
  [
    'entities',
    () => Array.from({ length: 8193 }, (_, at) => book(`n${at}`)).join('\n'),
    'resource limit exceeded for keyed entities for node:Book: actual 8193, limit 8192',
  ],
  [
    'structure marks',
    () => line(`[${'1,'.repeat(131_072)}1]`),
    'resource limit exceeded for graph_batch_json_structural_slots: actual 131087, limit 131072',
  ],
])('a limit on %s names the resource, the actual value and the limit', async (_, body, text) => {
  const answer = await served.request('POST', `${G}/load/ndjson`, { type: 'application/x-ndjson', body: body() });
  expect(answer.status).toBe(413);
  expect(answer.json).toMatchObject({ error: expect.stringContaining(text) });
});
