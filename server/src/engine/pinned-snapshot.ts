/** One commit's tables behind the names of the current catalog (engine.md §§2, 4). */
import type { Catalog, EdgeType, NodeType } from 'omnigraph-language';
import { GraphError } from './graph-error.js';
import type { CommitRecord, TypeTable } from './log/index.js';
import { type TableStore, VersionReclaimed } from './tables/index.js';
import type { PinnedSnapshot, StoredTable, TypeKey } from './transaction.js';

/**
 * Types are found by identity, not by name: a renamed type reads its old versions, and a type dropped and added again
 * under its name never reads those of the dropped one.
 */
export function pinSnapshot(
  branch: string,
  record: CommitRecord,
  catalog: Catalog,
  tables: TableStore,
): PinnedSnapshot {
  const byIdentity = new Map([...record.tables.values()].map((table) => [identityOf(table), table]));

  const tableOf = (typeKey: TypeKey): TypeTable => {
    const type = typeOf(catalog, typeKey);
    const table = byIdentity.get(identityOf(boundIds(type)));
    if (table !== undefined) return table;
    throw new GraphError(
      'bad_request',
      `${type.kind} type '${type.name}' did not exist at commit '${record.commit.graph_commit_id}'`,
    );
  };

  const readerFor = async (typeKey: TypeKey): Promise<StoredTable> => {
    const table = tableOf(typeKey);
    try {
      return await tables.reader(table);
    } catch (error) {
      if (!(error instanceof VersionReclaimed)) throw error;
      throw new GraphError(
        'gone',
        `historical version reclaimed: commit '${record.commit.graph_commit_id}' needs ${error.message}`,
      );
    }
  };

  return {
    branch,
    commit: record.commit,
    catalog,
    entityCount: (typeKey) => tableOf(typeKey).entityCount,
    readerFor,
  };
}

/** The type a key names. `bad_request` when the catalog has none. */
export function typeOf(catalog: Catalog, typeKey: TypeKey): NodeType | EdgeType {
  const name = typeKey.slice(typeKey.indexOf(':') + 1);
  const type = typeKey.startsWith('node:') ? catalog.nodes.get(name) : catalog.edges.get(name);
  if (type === undefined) throw new GraphError('bad_request', `unknown type '${typeKey}'`);
  return type;
}

/** The stable numbers of a bound type's table. */
export function boundIds(type: NodeType | EdgeType): { readonly typeId: number; readonly incarnation: number } {
  const { typeId, tableIncarnationId } = type;
  if (typeId === undefined || tableIncarnationId === undefined) throw new Error(`type '${type.name}' is not bound`);
  return { typeId, incarnation: tableIncarnationId };
}

const identityOf = (ids: { readonly typeId: number; readonly incarnation: number }): string =>
  `${ids.typeId}.${ids.incarnation}`;
