/** Very wide types and very long ways: the same results, by another way of reading. */
import { type Graph, graphLocation, initGraph } from 'omnigraph-server/engine';
import { expect, test } from 'vitest';
import { isCheaperWhole } from '../../../server/src/engine/tables/projection.js';
import { tableSchema } from '../../../server/src/engine/tables/table-schema.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { load, opened, valuesOf } from './harbour.js';
import { compiled, planned } from './run-read.js';

async function graphOf(schemaSource: string): Promise<Graph> {
  const location = graphLocation(`${await temporaryFolder()}/g.omni`, {});
  await initGraph(location, { schemaSource, actor: null });
  return opened(location);
}

const columns = (count: number) => Array.from({ length: count }, (_, at) => `p${at}: I32?`).join('\n');

test.each<[string, string, number, number, boolean]>([
  ['all of a wide type', columns(300), 300, 500, true],
  ['one column of a wide type', columns(300), 1, 500, false],
  ['all of a narrow type', columns(10), 10, 500, false],
  ['some columns of a long wide type', columns(300), 20, 10_000_000, false],
  ['all but a blob', `${columns(300)}\nbytes: Blob?`, 300, 500, false],
])('named or whole: %s', (_, properties, named, rows, whole) => {
  const type = compiled(`node W { ${properties} }`).catalog.nodes.get('W');
  if (type === undefined) throw new Error('the schema declares W');
  const names = Array.from({ length: named }, (_item, at) => `p${at}`);
  expect(isCheaperWhole(tableSchema(type), names, rows)).toBe(whole);
});

test('replacing one entity of a wide type keeps the others, and every column', async () => {
  const graph = await graphOf(`node W { k: String @key\n${columns(300)} }`);
  const values = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`p${at}`, at]));
  const lines = ['a', 'b'].map((k) => JSON.stringify({ type: 'W', data: { k, ...values } }));
  await load(graph, lines.join('\n'));
  await load(graph, JSON.stringify({ type: 'W', data: { k: 'a', ...values, p7: -1 } }), 'merge');
  expect(await valuesOf(graph, 'node:W', 'p7')).toEqual({ a: -1, b: 7 });
  expect(await valuesOf(graph, 'node:W', 'p299')).toEqual({ a: 299, b: 299 });
});

test('a way of 100 hops through a large graph', async () => {
  const graph = await graphOf('node N { k: String @key }\nedge L: N -> N');
  const nodes = Array.from({ length: 12_000 }, (_, at) => `{"type":"N","data":{"k":"n${at}"}}`);
  const edges = Array.from({ length: 100 }, (_, at) => `{"edge":"L","from":"n${at}","to":"n${at + 1}"}`);
  await load(graph, [...nodes, ...edges].join('\n'), 'overwrite');
  const text = 'query q() { match { $a: N { k: "n0" } $a l{1,500} $b } return { count($b) as n } }';
  const result = await graph.read({ ...planned(text, graph.catalog), target: { branch: 'main' } });
  expect(result.columns.map(({ values }) => values)).toEqual([[100]]);
});
