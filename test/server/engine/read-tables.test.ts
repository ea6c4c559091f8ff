/** The rows of query-language.md §14.3 over real tables: the executor meets the storage format. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Graph, graphLocation, initGraph, openGraph } from 'omnigraph-server/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executeRead, ResidentCache } from '../../../server/src/engine/read/index.js';
import { GARDEN_LINES, GARDEN_SCHEMA } from './garden.js';
import { READ_ROWS } from './read-rows.js';
import { NOW, planned } from './run-read.js';

let folder: string;
let graph: Graph;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'omnigraph-'));
  const location = await graphLocation(path.join(folder, 'garden.omni'), process.env);
  await initGraph(location, { schemaSource: GARDEN_SCHEMA, actor: null });
  graph = await openGraph(location, { mode: 'write', clock: () => NOW });
  await graph.load({ source: GARDEN_LINES.trim(), mode: 'append', branch: 'main', actor: null });
});

afterAll(async () => {
  await graph.close();
  await rm(folder, { recursive: true, force: true });
});

describe('through the graph', () => {
  test.each(READ_ROWS)('$name', async ({ query, params, columns, rows }) => {
    const result = await graph.read({ ...planned(query, graph.catalog, params), target: { branch: 'main' } });
    expect(shown(result)).toEqual({ columns, rows });
  });
});

describe('by look-ups', () => {
  test.each(READ_ROWS)('$name', async ({ query, params, columns, rows }) => {
    const snapshot = await graph.pin({ branch: 'main' });
    const result = await executeRead(planned(query, graph.catalog, params).plan, {
      snapshot,
      params: planned(query, graph.catalog, params).params,
      now: NOW,
      cache: new ResidentCache(1),
      policy: { smallGraph: 0, lookupsBeforeLoading: Number.POSITIVE_INFINITY },
    });
    expect(shown(result)).toEqual({ columns, rows });
  });
});

const shown = (result: Awaited<ReturnType<Graph['read']>>) => ({
  columns: result.columns.map(({ name }) => name),
  rows: Array.from({ length: result.rowCount }, (_, row) => result.columns.map(({ values }) => values[row])),
});
