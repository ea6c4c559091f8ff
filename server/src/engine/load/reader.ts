/**
 * The strict NDJSON reader (engine.md §7): text in, typed columns per node and edge type out, or the first refusal
 * with its line. It knows the catalog and nothing of storage, so that a whole file is judged before any effect.
 */
import type { Catalog } from 'omnigraph-language';
import type { LoadMode } from '../types.js';
import { BatchBuilder, type ParsedType } from './batch-builder.js';
import { type LineInput, readLines } from './line-source.js';
import { RecordReader } from './record.js';

export interface ParsedLoad {
  /** By declared name, in the order of first appearance. */
  readonly nodes: ReadonlyMap<string, ParsedType>;
  readonly edges: ReadonlyMap<string, ParsedType>;
}

export interface ReadOptions {
  readonly catalog: Catalog;
  /** Decides the limits: `overwrite` has no entity cap. */
  readonly mode: LoadMode;
  /** A fresh ULID, for keyless nodes and edges without an id. */
  readonly newId: () => string;
}

/** Reads a whole file. Rejects with `bad_request` naming the line, or `resource_limit` (§22). */
export async function readLoad(input: LineInput, options: ReadOptions): Promise<ParsedLoad> {
  const records = new RecordReader(options.catalog);
  const nodes = new Map<string, BatchBuilder>();
  const edges = new Map<string, BatchBuilder>();
  for await (const block of readLines(input)) {
    for (const [index, text] of block.lines.entries()) {
      const record = records.read(text, block.firstLine + index);
      if (record === undefined) continue;
      const { type } = record;
      const builders = type.kind === 'node' ? nodes : edges;
      let builder = builders.get(type.name);
      if (builder === undefined) {
        builder = new BatchBuilder(type, options.mode, options.newId);
        builders.set(type.name, builder);
      }
      builder.add(record);
    }
  }
  return { nodes: finished(nodes), edges: finished(edges) };
}

const finished = (builders: ReadonlyMap<string, BatchBuilder>): ReadonlyMap<string, ParsedType> =>
  new Map([...builders].map(([name, builder]) => [name, builder.finish()]));
