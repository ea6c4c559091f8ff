/**
 * The ends of an edge table's rows as codes of their distinct node ids. Depends on the edge table's version alone: a
 * new version of a node table costs one look-up per distinct node, not one per edge end.
 */
import type { Column, TableReader } from '../../columns.js';

export interface Endpoints {
  readonly sources: IdCodes;
  readonly targets: IdCodes;
}

export interface IdCodes {
  readonly distinct: readonly string[];
  /** One per edge row: a position in `distinct`. */
  readonly codes: Uint32Array;
}

/** Bytes of one distinct id beside its characters. */
const ID_BYTES = 32;

export async function readEndpoints(edges: TableReader): Promise<Endpoints> {
  const columns = await edges.readColumns(['src', 'dst']);
  return { sources: encode(columns.get('src'), edges), targets: encode(columns.get('dst'), edges) };
}

/** The node row of each edge end. Throws when an end is no node: the write path lets no such edge through. */
export function endRows({ distinct, codes }: IdCodes, rowOf: ReadonlyMap<string, number>): Uint32Array {
  const rowOfCode = Uint32Array.from(distinct, (id) => {
    const row = rowOf.get(id);
    if (row === undefined) throw new Error(`an edge ends at '${id}', which does not exist`);
    return row;
  });
  const rows = new Uint32Array(codes.length);
  for (let edge = 0; edge < codes.length; edge++) rows[edge] = rowOfCode[codes[edge] as number] as number;
  return rows;
}

export const endpointsBytes = ({ sources, targets }: Endpoints): number => codesBytes(sources) + codesBytes(targets);

function codesBytes({ distinct, codes }: IdCodes): number {
  return distinct.reduce((bytes, id) => bytes + ID_BYTES + id.length, codes.byteLength);
}

function encode(column: Column | undefined, edges: TableReader): IdCodes {
  if (column?.kind !== 'text') throw new Error(`table ${edges.key} has no text columns src and dst`);
  const { values } = column;
  const known = new Map<string, number>();
  const distinct: string[] = [];
  const codes = new Uint32Array(values.length);
  for (let edge = 0; edge < codes.length; edge++) {
    const id = values[edge] as string;
    let code = known.get(id);
    if (code === undefined) {
      code = distinct.push(id) - 1;
      known.set(id, code);
    }
    codes[edge] = code;
  }
  return { distinct, codes };
}
