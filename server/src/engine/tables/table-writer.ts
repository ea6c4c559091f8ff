/**
 * Writing one table on top of the version the head names. Invariants:
 * - what an earlier writer left behind unnamed is discarded first (invariant 6 of the design);
 * - every step must produce exactly the next version: LanceDB silently rebases a write over another process's, and the
 *   version it returns is the only sign that foreign rows came in between;
 * - row counts are compared after every step, since some failures store nothing and say so nowhere.
 */
import type { Connection, Table as LanceTable } from '@lancedb/lancedb';
import type { Table as ArrowTable, Field } from 'apache-arrow';
import { GraphError } from '../graph-error.js';
import { encodeBatch, withoutNullBools } from './encode.js';
import type { RowBatch } from './rows.js';
import { isOneOf } from './sql.js';
import { splitTablePath, type TableRef } from './table-ref.js';

export type TableOperation =
  | { readonly kind: 'append'; readonly rows: RowBatch }
  | { readonly kind: 'upsert'; readonly rows: RowBatch }
  | { readonly kind: 'delete'; readonly ids: readonly string[] }
  | { readonly kind: 'replaceAll'; readonly rows: RowBatch };

export interface TableReshape {
  readonly drop: readonly string[];
  readonly rename: readonly { readonly from: string; readonly to: string }[];
  readonly add: readonly Field[];
}

/** Another writer got into the table between our reading its state and our write: nothing of ours may be published. */
export class TableContention extends Error {
  override readonly name = 'TableContention';
}

/** The table is not what the commit log says, and not in a way a dead writer explains. */
export class TableIntegrityError extends GraphError {
  constructor(message: string) {
    super('internal', message);
  }
}

/** How LanceDB words a lost race, for appends and deletes and for `restore`. */
const CONFLICT = /commit conflict|incompatible transaction/i;

const LARGE_BATCHES = { maxBatchLength: 65_536 } as const;

const IDS_PER_DELETE = 4096;

/** Runs the operations in order and returns where the table stands then. The result is visible to nobody yet. */
export async function writeTable(
  connection: Connection,
  base: TableRef,
  operations: readonly TableOperation[],
): Promise<TableRef> {
  return onNamedVersion(connection, base, async (state) => {
    for (const operation of operations) await state.apply(operation);
  });
}

/** Changes columns: dropped first, then renamed, then added as all-null. Rows and ids stay. */
export async function reshapeTable(connection: Connection, base: TableRef, change: TableReshape): Promise<TableRef> {
  return onNamedVersion(connection, base, (state) => state.reshape(change));
}

/** Writes all rows anew, so that no data file of the result holds anything of a dropped column. */
export async function rewriteTable(connection: Connection, base: TableRef): Promise<TableRef> {
  return onNamedVersion(connection, base, (state) => state.rewrite());
}

async function onNamedVersion(
  connection: Connection,
  base: TableRef,
  write: (state: TableWriter) => Promise<void>,
): Promise<TableRef> {
  const { name } = splitTablePath(base.path);
  const table = await connection.openTable(name, [], base.branch === null ? {} : { branch: base.branch });
  try {
    const state = await TableWriter.open(table, base);
    await write(state);
    return { ...base, version: state.version, entityCount: state.rowCount };
  } catch (error) {
    if (error instanceof Error && CONFLICT.test(error.message)) {
      throw new TableContention(`${base.path}: ${error.message}`, { cause: error });
    }
    throw error;
  } finally {
    table.close();
  }
}

/** Makes the published version the newest again; the result holds exactly its rows. */
async function discardAfter(table: LanceTable, base: TableRef, latest: number): Promise<number> {
  await table.checkout(base.version);
  await table.restore();
  // The handle now shows the newest version, which is ours only when it follows on what we saw before.
  const version = await table.version();
  if (version === latest + 1) return version;
  throw new TableContention(`${base.path} went from version ${latest} to ${version} while it was restored`);
}

class TableWriter {
  private constructor(
    readonly table: LanceTable,
    readonly path: string,
    public version: number,
    public rowCount: number,
  ) {}

  static async open(table: LanceTable, base: TableRef): Promise<TableWriter> {
    const latest = await table.version();
    if (latest < base.version) {
      throw new TableIntegrityError(`${base.path} is at version ${latest}, behind the published ${base.version}`);
    }
    const version = latest === base.version ? latest : await discardAfter(table, base, latest);
    const writer = new TableWriter(table, base.path, version, base.entityCount);
    await writer.#compareRowCount();
    return writer;
  }

  async apply(operation: TableOperation): Promise<void> {
    switch (operation.kind) {
      case 'append':
        return this.#append(operation.rows);
      case 'upsert':
        // Not LanceDB's mergeInsert: it fails on some column types and inserts equal new keys twice.
        await this.#delete(idsOf(operation.rows));
        return this.#append(operation.rows);
      case 'delete':
        return this.#delete(operation.ids);
      case 'replaceAll':
        return this.#replaceAll(operation.rows);
    }
  }

  async reshape(change: TableReshape): Promise<void> {
    if (change.drop.length > 0) this.#advance((await this.table.dropColumns([...change.drop])).version);
    if (change.rename.length > 0) {
      const renames = change.rename.map(({ from, to }) => ({ path: from, rename: to }));
      this.#advance((await this.table.alterColumns(renames)).version);
    }
    if (change.add.length > 0) this.#advance((await this.table.addColumns([...change.add])).version);
    await this.#compareRowCount();
  }

  async rewrite(): Promise<void> {
    const rows = await this.table.query().toArrow(LARGE_BATCHES);
    await this.#replaceAll({ rowCount: 0, columns: new Map() });
    for (const batch of rows.batches) {
      if (batch.numRows > 0) await this.#addBatch(withoutNullBools(batch), batch.numRows);
    }
  }

  async #append(rows: RowBatch): Promise<void> {
    if (rows.rowCount === 0) return;
    await this.#addBatch(encodeBatch(await this.table.schema(), rows), rows.rowCount);
  }

  async #addBatch(batch: ArrowTable, rowCount: number): Promise<void> {
    this.#advance((await this.table.add(batch)).version);
    this.rowCount += rowCount;
    await this.#compareRowCount();
  }

  async #delete(ids: readonly string[]): Promise<void> {
    if (this.rowCount === 0) return;
    for (let from = 0; from < ids.length; from += IDS_PER_DELETE) {
      const { version, numDeletedRows } = await this.table.delete(
        isOneOf('id', ids.slice(from, from + IDS_PER_DELETE)),
      );
      this.#advance(version);
      this.rowCount -= numDeletedRows;
    }
    await this.#compareRowCount();
  }

  async #replaceAll(rows: RowBatch): Promise<void> {
    if (this.rowCount > 0) this.#advance((await this.table.delete('true')).version);
    this.rowCount = 0;
    await this.#compareRowCount();
    await this.#append(rows);
  }

  #advance(version: number): void {
    if (version !== this.version + 1) {
      throw new TableContention(`${this.path} went from version ${this.version} to ${version} in one step`);
    }
    this.version = version;
  }

  async #compareRowCount(): Promise<void> {
    const stored = await this.table.countRows();
    if (stored !== this.rowCount) {
      throw new TableIntegrityError(
        `${this.path} holds ${stored} rows at version ${this.version} where ${this.rowCount} are due`,
      );
    }
  }
}

function idsOf(rows: RowBatch): readonly string[] {
  const ids = rows.columns.get('id');
  if (ids === undefined) throw new Error('rows without ids');
  return Array.from({ length: rows.rowCount }, (_, row) => String(ids[row]));
}
