/** What a schema change does to the tables, type by type and by identity (engine.md §17). */
import type { Catalog, DropMode, EdgeType, NodeType } from 'omnigraph-language';
import type { BranchView } from '../graph-state.js';
import type { TypeTable } from '../log/index.js';
import { boundIds } from '../pinned-snapshot.js';
import { newTablePath, typeKeyOf } from '../table-names.js';
import type { PropertyReshape, TableStore } from '../tables/index.js';

export interface TableMigration {
  /** By type key of the new catalog. */
  readonly tables: ReadonlyMap<string, TypeTable>;
  readonly created: readonly string[];
  /** Tables no longer named. */
  readonly dropped: readonly string[];
  /** Tables that lost a property; older versions still hold its values. */
  readonly shrunk: readonly TypeTable[];
}

/** Makes the tables of `desired` out of the head's. Nothing of it is visible before a commit names it. */
export async function migrateTables(
  store: TableStore,
  view: BranchView,
  desired: Catalog,
  commitId: string,
  mode: DropMode,
): Promise<TableMigration> {
  const accepted = typesByTable(view.schema.bound.catalog);
  const existing = new Map([...view.head.tables.values()].map((table) => [table.incarnation, table]));
  const tables = new Map<string, TypeTable>();
  const created: string[] = [];
  const shrunk: TypeTable[] = [];
  try {
    for (const type of [...desired.edges.values(), ...desired.nodes.values()]) {
      const ids = boundIds(type);
      const [before, table] = [accepted.get(ids.incarnation), existing.get(ids.incarnation)];
      if (before === undefined || table === undefined) {
        const path = newTablePath(type, commitId);
        created.push(path);
        tables.set(typeKeyOf(type), { ...ids, ...(await store.create(path, type)) });
        continue;
      }
      const change = reshapeOf(before, type);
      const moved = isEmpty(change) ? table : { ...table, ...(await store.reshape(table, change)) };
      const final = mode === 'hard' && change.drop.length > 0 ? { ...moved, ...(await store.rewrite(moved)) } : moved;
      tables.set(typeKeyOf(type), final);
      if (change.drop.length > 0) shrunk.push(final);
    }
  } catch (error) {
    // Best effort: what stays behind is named by nothing.
    await Promise.allSettled(created.map((path) => store.drop(path)));
    throw error;
  }
  const kept = new Set([...tables.values()].map((table) => table.path));
  const dropped = [...existing.values()].map((table) => table.path).filter((path) => !kept.has(path));
  return { tables, created, dropped, shrunk };
}

/**
 * After the commit of a hard drop: removes dropped tables and the older versions of those that lost a property. The
 * commit stands whatever happens here; a failure is told to `warn`.
 */
export async function removeHardDropped(
  store: TableStore,
  migration: TableMigration,
  warn: (message: string) => void,
): Promise<void> {
  const work = [
    ...migration.dropped.map((path) => ({ path, run: () => store.drop(path) })),
    ...migration.shrunk.map((table) => ({ path: table.path, run: () => store.removeOlderVersions(table) })),
  ];
  for (const { path, run } of work) {
    await run().catch((error: unknown) => {
      warn(`old versions of ${path} could not be removed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

function typesByTable(catalog: Catalog): ReadonlyMap<number, NodeType | EdgeType> {
  const types = [...catalog.nodes.values(), ...catalog.edges.values()];
  return new Map(types.map((type) => [boundIds(type).incarnation, type]));
}

/** Properties are paired by their stable number, so a renamed one is carried and a re-added one is new. */
function reshapeOf(before: NodeType | EdgeType, after: NodeType | EdgeType): PropertyReshape {
  const old = new Map([...before.properties.values()].map((property) => [property.propertyId, property]));
  const kept = new Set([...after.properties.values()].map((property) => property.propertyId));
  const properties = [...after.properties.values()].map((property) => ({
    property,
    was: old.get(property.propertyId)?.name,
  }));
  return {
    drop: [...before.properties.values()].filter(({ propertyId }) => !kept.has(propertyId)).map(({ name }) => name),
    rename: properties.flatMap(({ property, was }) =>
      was === undefined || was === property.name ? [] : [{ from: was, to: property.name }],
    ),
    add: properties.flatMap(({ property, was }) =>
      was === undefined ? [{ name: property.name, type: property.type }] : [],
    ),
  };
}

const isEmpty = (change: PropertyReshape): boolean =>
  change.drop.length + change.rename.length + change.add.length === 0;
