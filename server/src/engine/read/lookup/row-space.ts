/** Rows of one type numbered in the order in which a query met them; columns are read for those rows alone. */
import type { Column, TableReader } from '../../columns.js';
import { takeRows } from '../../tables/index.js';

export class RowSpace {
  readonly #ids: string[] = [];
  readonly #rowOf = new Map<string, number>();
  /** Columns as of the number of rows there were when they were read. */
  readonly #columns = new Map<string, { readonly column: Column; readonly rowCount: number }>();

  /** `wanted`: properties the query reads somewhere, fetched together whenever one is. */
  constructor(
    readonly reader: TableReader,
    readonly wanted: readonly string[],
  ) {}

  get rowCount(): number {
    return this.#ids.length;
  }

  idOf(row: number): string {
    return this.#ids[row] as string;
  }

  /** The row of an entity known to exist. */
  rowOf(id: string): number {
    const known = this.#rowOf.get(id);
    if (known !== undefined) return known;
    this.#rowOf.set(id, this.#ids.length);
    return this.#ids.push(id) - 1;
  }

  /** Rows of those ids that exist in the table. */
  async lookUp(ids: readonly string[]): Promise<Uint32Array> {
    const unknown = ids.filter((id) => !this.#rowOf.has(id));
    if (unknown.length > 0) await this.readBy('id', unknown, []);
    return Uint32Array.from(ids.flatMap((id) => this.#rowOf.get(id) ?? []));
  }

  /** Reads the entities whose `column` is one of `keys`; returns their ids' rows beside the named columns. */
  async readBy(
    column: string,
    keys: readonly string[],
    names: readonly string[],
  ): Promise<{ readonly rows: Uint32Array; readonly columns: ReadonlyMap<string, Column> }> {
    const read = await this.reader.readRows(column, keys, [...new Set(['id', ...names, ...this.wanted])]);
    const wasEmpty = this.rowCount === 0;
    const rows = Uint32Array.from(textOf(read, 'id', this.reader), (id) => this.rowOf(id));
    // The first read numbers the rows itself, so its columns are this space's columns.
    if (wasEmpty) {
      for (const [name, values] of read) this.#columns.set(name, { column: values, rowCount: this.rowCount });
    }
    return { rows, columns: read };
  }

  async columns(names: readonly string[]): Promise<ReadonlyMap<string, Column>> {
    const isKnown = (name: string) => name === 'id' || this.#columns.get(name)?.rowCount === this.rowCount;
    if (!names.every(isKnown))
      await this.#load([...new Set([...names, ...this.wanted])].filter((name) => name !== 'id'));
    return new Map(
      names.flatMap((name): [string, Column][] => {
        if (name === 'id') return [[name, { kind: 'text', values: this.#ids }]];
        const known = this.#columns.get(name);
        return known === undefined ? [] : [[name, known.column]];
      }),
    );
  }

  async #load(names: readonly string[]): Promise<void> {
    const { rowCount } = this;
    const read = await this.reader.readRows('id', this.#ids, ['id', ...names]);
    const order = new Uint32Array(rowCount);
    const found = textOf(read, 'id', this.reader);
    if (found.length !== rowCount) throw new Error(`${this.reader.key} holds ${found.length} of ${rowCount} known ids`);
    for (const [position, id] of found.entries()) order[this.rowOf(id)] = position;
    for (const name of names) {
      const column = read.get(name);
      if (column === undefined) throw new Error(`table ${this.reader.key} did not deliver its column ${name}`);
      this.#columns.set(name, { column: takeRows(column, order), rowCount });
    }
  }
}

/** A text column that has no nulls: `id`, `src`, `dst`. */
export function textOf(columns: ReadonlyMap<string, Column>, name: string, reader: TableReader): readonly string[] {
  const column = columns.get(name);
  if (column?.kind !== 'text') throw new Error(`table ${reader.key} has no text column ${name}`);
  return column.values as readonly string[];
}
