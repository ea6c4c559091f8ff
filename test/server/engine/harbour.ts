/** The schema and base data of engine.md §23, on disk, for tests of the open graph. */
import { type Graph, type GraphLocation, graphLocation, initGraph, openGraph } from 'omnigraph-server/engine';
import { onTestFinished } from 'vitest';
import type { Column } from '../../../server/src/engine/columns.js';
import type { TypeKey } from '../../../server/src/engine/transaction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

export const HARBOUR = `node Port {
  code: String @key
  depth: F32?
  grade: enum(a, b)?
  berth: I32?
  @range(berth, 1..99)
}

node Line {
  code: String @key
  imo: String?
  @unique(imo)
}

edge Route: Port -> Port
edge Owns: Line -> Port @card(0..1)
`;

export const BASE = `{"type":"Port","data":{"code":"RTM","depth":22}}
{"type":"Port","data":{"code":"GOT","depth":15}}
{"type":"Port","data":{"code":"OSL","depth":12}}
{"type":"Port","data":{"code":"LEH","depth":14}}
{"type":"Line","data":{"code":"MSK","imo":"1"}}
{"edge":"Route","from":"GOT","to":"OSL","data":{"id":"r1"}}
`;

export async function emptyHarbour(schemaSource: string = HARBOUR): Promise<GraphLocation> {
  const location = graphLocation(`${await temporaryFolder()}/harbour.omni`, {});
  await initGraph(location, { schemaSource, actor: 'ann' });
  return location;
}

/** A handle that is closed when the test ends. */
export async function opened(location: GraphLocation, mode: 'read' | 'write' = 'write'): Promise<Graph> {
  const graph = await openGraph(location, { mode });
  onTestFinished(() => graph.close());
  return graph;
}

/** An open graph holding the base data. */
export async function harbour(): Promise<{ readonly graph: Graph; readonly location: GraphLocation }> {
  const location = await emptyHarbour();
  const graph = await opened(location);
  await load(graph, BASE);
  return { graph, location };
}

export const load = (graph: Graph, source: string, mode: 'append' | 'merge' | 'overwrite' = 'append') =>
  graph.load({ source, mode, branch: 'main', actor: 'ann' });

/** Id → value of one column, at the head or at a commit. */
export async function valuesOf(
  graph: Graph,
  typeKey: TypeKey,
  column: string,
  commit?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const snapshot = await graph.pin(commit === undefined ? { branch: 'main' } : { snapshot: commit });
  const columns = await (await snapshot.readerFor(typeKey)).readColumns(['id', column]);
  const values = cells(columns.get(column));
  return Object.fromEntries(cells(columns.get('id')).map((id, row) => [String(id), values[row]]));
}

/** Exported lines of the head, parsed. */
export async function exported(graph: Graph, typeNames: readonly string[] = []): Promise<readonly string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of graph.export({ branch: 'main', typeNames })) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function cells(column: Column | undefined): readonly unknown[] {
  if (column?.kind === 'text') return column.values;
  if (column?.kind !== 'number') throw new Error('a column of texts or numbers');
  const { values, valid } = column;
  return Array.from(values, (value, row) => (valid === null || valid[row] === 1 ? value : null));
}
