/**
 * The tables of one graph. The only folder that knows LanceDB: others see `TableRef`s, readers and operations.
 * Every reader is opened at the exact version its `TableRef` names.
 */
import type { Connection } from '@lancedb/lancedb';
import type { EdgeType, NodeType, PropType } from 'omnigraph-language';
import type { StoredTable } from '../transaction.js';
import { native } from './native.js';
import { namingStorageFaults } from './storage-fault.js';
import { tableReader } from './table-reader.js';
import { splitTablePath, type TableRef } from './table-ref.js';
import { propertyField, tableSchema } from './table-schema.js';
import { reshapeTable, rewriteTable, TableIntegrityError, type TableOperation, writeTable } from './table-writer.js';

export interface TableStoreOptions {
  /** What LanceDB connects to: an absolute path or an `s3://` URI of the graph root. */
  readonly tablesUri: string;
  readonly storageOptions?: Readonly<Record<string, string>>;
  /** Distinguishes this graph's readers from any other graph's in the process. */
  readonly identity: string;
}

/** Column changes of one table, by property name. */
export interface PropertyReshape {
  readonly drop: readonly string[];
  readonly rename: readonly { readonly from: string; readonly to: string }[];
  readonly add: readonly { readonly name: string; readonly type: PropType }[];
}

/** A version that a commit names is gone: cleanup or a hard drop removed it. */
export class VersionReclaimed extends Error {
  override readonly name = 'VersionReclaimed';
}

const MOST_OPEN_READERS = 256;

export class TableStore {
  readonly #options: TableStoreOptions;
  readonly #connections = new Map<string, Promise<Connection>>();
  /** In order of last use. */
  readonly #readers = new Map<string, Promise<StoredTable>>();

  constructor(options: TableStoreOptions) {
    this.#options = options;
  }

  /** Makes an empty table for a type at `path`, which must be new. */
  async create(path: string, type: NodeType | EdgeType): Promise<TableRef> {
    return namingStorageFaults('create', path, async () => {
      const { connection, name } = await this.#locate(path);
      const table = await connection.createEmptyTable(name, tableSchema(type));
      const version = await table.version();
      table.close();
      return { path, version, branch: null, entityCount: 0 };
    });
  }

  /** Opens a published version; the same one is opened once. Rejects with `VersionReclaimed` when it is gone. */
  async reader(ref: TableRef): Promise<StoredTable> {
    const key = `${this.#options.identity}/${ref.path}@${ref.branch ?? ''}:${ref.version}`;
    const open = this.#readers.get(key) ?? this.#open(ref, key);
    this.#readers.delete(key);
    this.#readers.set(key, open);
    open.catch(() => this.#readers.delete(key));
    for (const oldest of this.#readers.keys()) {
      if (this.#readers.size <= MOST_OPEN_READERS) break;
      this.#readers.delete(oldest);
    }
    return open;
  }

  /** Applies operations on top of a published version; see `writeTable`. */
  async write(base: TableRef, operations: readonly TableOperation[]): Promise<TableRef> {
    return this.#written(base, (connection) => writeTable(connection, base, operations));
  }

  /** Changes columns on top of a published version. */
  async reshape(base: TableRef, change: PropertyReshape): Promise<TableRef> {
    const add = change.add.map(({ name, type }) => propertyField(name, type));
    return this.#written(base, (connection) => reshapeTable(connection, base, { ...change, add }));
  }

  /** Writes all rows anew on top of a published version, so that no file of the result holds a dropped column. */
  async rewrite(base: TableRef): Promise<TableRef> {
    return this.#written(base, (connection) => rewriteTable(connection, base));
  }

  /** Removes the versions before a published one, and the data only they need. */
  async removeOlderVersions(ref: TableRef): Promise<void> {
    const { connection, name } = await this.#locate(ref.path);
    const table = await connection.openTable(name);
    try {
      const published = (await table.listVersions()).find((version) => version.version === ref.version);
      if (published === undefined) throw new VersionReclaimed(`${ref.path} version ${ref.version}`);
      await table.optimize({ cleanupOlderThan: published.timestamp });
    } finally {
      table.close();
    }
  }

  /** Removes a whole table and its history, if it is there. */
  async drop(path: string): Promise<void> {
    const { connection, name } = await this.#locate(path);
    if ((await connection.tableNames()).includes(name)) await connection.dropTable(name);
  }

  close(): void {
    this.#readers.clear();
    for (const connection of this.#connections.values()) {
      connection.then(
        (open) => open.close(),
        () => undefined,
      );
    }
    this.#connections.clear();
  }

  #written({ path }: TableRef, write: (connection: Connection) => Promise<TableRef>): Promise<TableRef> {
    return namingStorageFaults('write', path, async () => write((await this.#locate(path)).connection));
  }

  async #open(ref: TableRef, key: string): Promise<StoredTable> {
    const { connection, name } = await this.#locate(ref.path);
    const where = ref.branch === null ? {} : { branch: ref.branch };
    const table = await connection.openTable(name, [], { ...where, version: ref.version }).catch((error: unknown) => {
      if (error instanceof Error && /not found|does not exist/i.test(error.message)) {
        throw new VersionReclaimed(`${ref.path} version ${ref.version}`, { cause: error });
      }
      throw error;
    });
    const rows = await table.countRows();
    if (rows !== ref.entityCount) {
      throw new TableIntegrityError(
        `${ref.path} holds ${rows} rows at version ${ref.version} where the commit names ${ref.entityCount}`,
      );
    }
    return tableReader(table, key, rows, await table.schema());
  }

  async #locate(path: string): Promise<{ readonly connection: Connection; readonly name: string }> {
    const { folder, name } = splitTablePath(path);
    const existing = this.#connections.get(folder);
    const connection = existing ?? this.#connect(folder);
    if (existing === undefined) this.#connections.set(folder, connection);
    return { connection: await connection, name };
  }

  #connect(folder: string): Promise<Connection> {
    const { tablesUri, storageOptions } = this.#options;
    return native().lancedb.connect(
      `${tablesUri.replace(/\/+$/, '')}/${folder}`,
      storageOptions === undefined ? {} : { storageOptions: { ...storageOptions } },
    );
  }
}
