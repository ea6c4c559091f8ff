/** A disk that fails below a table: the error names the table and the cause in a user's words, and is no crash. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Graph, GraphError, graphLocation, initGraph } from 'omnigraph-server/engine';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { exported, HARBOUR, harbour, load, opened } from './harbour.js';

/** Its id is fresh, so that the load writes the table without reading it first. */
const ROUTE = '{"edge":"Route","from":"GOT","to":"RTM"}';

async function checkFault(operation: Promise<unknown>, text: RegExp): Promise<void> {
  const error = await operation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GraphError);
  expect(error).toMatchObject({ kind: 'internal', message: expect.stringMatching(text) });
  expect(error).not.toMatchObject({ message: expect.stringMatching(/cargo|\.rs|LanceError/) });
}

/** The folder of a type's table on disk. */
async function folderOf(graph: Graph, root: string, type: string): Promise<string> {
  const { datasets } = await graph.snapshot();
  const dataset = datasets.find(({ type_name }) => type_name === type);
  return path.join(root, dataset?.dataset_path ?? '');
}

test('a data file that is gone', async () => {
  const { graph, location } = await harbour();
  const data = path.join(await folderOf(graph, location.tablesUri, 'Port'), 'data');
  for (const file of await readdir(data)) await rm(path.join(data, file));
  const fresh = await opened(location);
  await checkFault(exported(fresh), /^cannot read table .+: its file \S+ is missing; restore the graph from a copy$/);
});

test('a table that is gone', async () => {
  const { graph, location } = await harbour();
  await rm(await folderOf(graph, location.tablesUri, 'Route'), { recursive: true });
  const fresh = await opened(location);
  await checkFault(load(fresh, ROUTE), /^cannot write table edges\/.+: it is missing; restore the graph/);
});

test('a folder that cannot be written', async () => {
  const { graph, location } = await harbour();
  const data = path.join(await folderOf(graph, location.tablesUri, 'Route'), 'data');
  await rm(data, { recursive: true });
  await writeFile(data, 'in the way');
  await checkFault(load(await opened(location), ROUTE), /^cannot write table edges\/.+: (Not a directory|File exists)/);
});

test('a root that cannot be written leaves no graph behind', async () => {
  const root = `${await temporaryFolder()}/port.omni`;
  await mkdir(root);
  await writeFile(path.join(root, 'edges'), 'in the way');
  const location = graphLocation(root, {});
  await checkFault(
    initGraph(location, { schemaSource: HARBOUR, actor: null }),
    /^cannot create table edges\/.+: (Not a directory|File exists)/,
  );
  expect(existsSync(path.join(root, 'format.json'))).toBe(false);
});
