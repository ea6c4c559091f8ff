import type { Graph } from 'omnigraph-server/engine';
import { expect, test } from 'vitest';
import { BASE, emptyHarbour, exported, HARBOUR, harbour, load, opened } from './harbour.js';

test('edges first, then nodes, each by id, every property, id first', async () => {
  const { graph } = await harbour();
  expect(await exported(graph)).toEqual([
    '{"edge":"Route","from":"GOT","to":"OSL","data":{"id":"r1"}}',
    '{"type":"Line","data":{"id":"MSK","code":"MSK","imo":"1"}}',
    '{"type":"Port","data":{"id":"GOT","berth":null,"code":"GOT","depth":15,"grade":null}}',
    '{"type":"Port","data":{"id":"LEH","berth":null,"code":"LEH","depth":14,"grade":null}}',
    '{"type":"Port","data":{"id":"OSL","berth":null,"code":"OSL","depth":12,"grade":null}}',
    '{"type":"Port","data":{"id":"RTM","berth":null,"code":"RTM","depth":22,"grade":null}}',
  ]);
});

test('the same snapshot gives the same bytes; a round trip gives the same lines', async () => {
  const { graph } = await harbour();
  const lines = await exported(graph);
  expect(await exported(graph)).toEqual(lines);
  const copy = await opened(await emptyHarbour());
  await load(copy, lines.join('\n'), 'overwrite');
  expect(await exported(copy)).toEqual(lines);
});

test('a name selects the node and the edge type of that name', async () => {
  const graph = await opened(
    await emptyHarbour('node A { k: String @key }\nnode B { k: String @key }\nedge A: A -> B\n'),
  );
  await load(
    graph,
    '{"type":"A","data":{"k":"1"}}\n{"type":"B","data":{"k":"2"}}\n{"edge":"A","from":"1","to":"2","data":{"id":"e"}}\n',
  );
  expect(await exported(graph, ['A'])).toEqual([
    '{"edge":"A","from":"1","to":"2","data":{"id":"e"}}',
    '{"type":"A","data":{"id":"1","k":"1"}}',
  ]);
});

test('an unknown name is refused', async () => {
  const { graph } = await harbour();
  await expect(exported(graph, ['Port', 'Nope'])).rejects.toMatchObject({
    kind: 'bad_request',
    message: "unknown export type 'Nope'",
  });
});

test('ids are in byte order, not in UTF-16 order', async () => {
  const graph = await opened(await emptyHarbour('node A { k: String @key }\n'));
  const keys = ['\u{1F600}', '\uFF5E', 'é', 'z', 'Z', 'zz', ''];
  await load(graph, keys.map((k) => `${JSON.stringify({ type: 'A', data: { k } })}\n`).join(''));
  const ids = (await exported(graph)).map((line) => JSON.parse(line).data.id);
  expect(ids).toEqual([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
});

test('chunks are at most 64 KiB, also for a long line', async () => {
  const graph = await opened(await emptyHarbour('node A { k: String @key  text: String? }\n'));
  const rows = Array.from({ length: 2000 }, (_, at) => ({
    k: `${at}`,
    text: at === 7 ? 'é'.repeat(100_000) : 'x'.repeat(50),
  }));
  await load(graph, rows.map((data) => `${JSON.stringify({ type: 'A', data })}\n`).join(''));
  const sizes: number[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of graph.export({ branch: 'main', typeNames: [] })) {
    sizes.push(chunk.length);
    chunks.push(chunk);
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
  const texts = Buffer.concat(chunks)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).data);
  expect(new Map(texts.map((data) => [data.k, data.text]))).toEqual(new Map(rows.map(({ k, text }) => [k, text])));
});

test('one export at a time per graph; leaving the loop frees the slot', async () => {
  const { graph, location } = await harbour();
  const first = graph.export({ branch: 'main', typeNames: [] });
  await first.next();
  const other: Graph = await opened(location, 'read');
  await expect(exported(other)).rejects.toMatchObject({
    kind: 'resource_limit',
    details: { resource_limit: { resource: 'stream_export_slots', limit: 1, actual: 2 } },
  });
  await expect(graph.applySchema(HARBOUR, { actor: null, allowDataLoss: false })).rejects.toMatchObject({
    details: { resource_limit: { resource: 'stream_export_slots' } },
  });
  await first.return();
  expect(await exported(other)).toHaveLength(6);
});

test('an export shows the head it began with', async () => {
  const { graph } = await harbour();
  const running = graph.export({ branch: 'main', typeNames: [] });
  const first = await running.next();
  await load(graph, BASE.replaceAll('22', '99'), 'merge');
  const rest = [first.value];
  for await (const chunk of running) rest.push(chunk);
  expect(Buffer.concat(rest.filter((chunk) => chunk instanceof Uint8Array)).toString()).toContain('"depth":22');
});
