/**
 * One commit as stored: what `Commit` says, the schema in force and every type's table version. Complete in itself, so
 * opening a head reads one record however long the history is (engine.md §§1–3).
 */
import type { TableRef } from '../tables/index.js';
import type { Commit } from '../types.js';
import { JsonObject, jsonBytes } from './json-object.js';

export interface SchemaRef {
  /** Digest of the resolved form. */
  readonly ir: string;
  /** Digest of the source text accepted by this or an earlier commit; a later text-only replacement overrides it. */
  readonly source: string;
  /** The manifest version that brought the resolved form into force. */
  readonly since: number;
}

/** A live type's table: identity by number, so that it survives a rename and not a drop. */
export interface TypeTable extends TableRef {
  readonly typeId: number;
  readonly incarnation: number;
}

export interface CommitRecord {
  readonly commit: Commit;
  readonly schema: SchemaRef;
  /** By type key (`edge:Route`, `node:Port`) as named at this commit, ascending. */
  readonly tables: ReadonlyMap<string, TypeTable>;
}

const RECORD_VERSION = 1;

export function serializeRecord(record: CommitRecord): Uint8Array {
  const keys = [...record.tables.keys()].sort();
  return jsonBytes({
    record_version: RECORD_VERSION,
    ...record.commit,
    schema: record.schema,
    tables: keys.map((key) => tableJson(key, record.tables.get(key))),
  });
}

/** Throws a `GraphError` naming `source` for anything but a whole record of a known version. */
export function parseRecord(source: string, bytes: Uint8Array): CommitRecord {
  const json = JsonObject.parse(source, bytes);
  json.expectVersion('record_version', RECORD_VERSION);
  const schema = json.object('schema');
  return {
    commit: {
      graph_commit_id: json.text('graph_commit_id'),
      graph_branch: json.textOrNull('graph_branch'),
      graph_manifest_version: json.count('graph_manifest_version'),
      parent_commit_id: json.textOrNull('parent_commit_id'),
      merged_parent_commit_id: json.textOrNull('merged_parent_commit_id'),
      actor_id: json.textOrNull('actor_id'),
      created_at: json.count('created_at'),
    },
    schema: { ir: schema.text('ir'), source: schema.text('source'), since: schema.count('since') },
    tables: new Map(json.objects('tables').map((table) => [table.text('type_key'), parseTable(table)])),
  };
}

function tableJson(key: string, table: TypeTable | undefined): unknown {
  if (table === undefined) throw new Error(`no table for ${key}`);
  return {
    type_key: key,
    type_id: table.typeId,
    incarnation: table.incarnation,
    path: table.path,
    version: table.version,
    branch: table.branch,
    entity_count: table.entityCount,
  };
}

const parseTable = (json: JsonObject): TypeTable => ({
  typeId: json.count('type_id'),
  incarnation: json.count('incarnation'),
  path: json.text('path'),
  version: json.count('version'),
  branch: json.textOrNull('branch'),
  entityCount: json.count('entity_count'),
});
