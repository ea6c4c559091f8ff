/**
 * The rows of a match in progress, column by column: for each variable the row number of its entity in the row space
 * of its type. A table also carries multiplicities, so that rows that have become alike can be kept once: an
 * aggregate over paths then costs edges, not paths. Multiplicity rules: query-language.md §5.2.
 */
import { limitExceeded } from '../graph-error.js';

export interface Bindings {
  readonly length: number;
  readonly columns: ReadonlyMap<string, Uint32Array>;
  /** How many equal rows each row stands for; `null`: one each. */
  readonly weights: Float64Array | null;
}

/** Rows one query may hold at once: beyond it an error is better than an exhausted process. */
export const MAX_BINDING_ROWS = 50_000_000;

/** One row that binds nothing: where every match starts. */
export const UNIT: Bindings = { length: 1, columns: new Map(), weights: null };

export function columnOf(table: Bindings, variable: string): Uint32Array {
  const column = table.columns.get(variable);
  if (column === undefined) throw new Error(`variable $${variable} has no column: the step order is wrong`);
  return column;
}

/** The rows at `positions`, in that order, with more columns beside them. */
export function takeRows(
  table: Bindings,
  positions: Uint32Array,
  added: ReadonlyMap<string, Uint32Array> = new Map(),
): Bindings {
  const columns = new Map<string, Uint32Array>();
  for (const [variable, rows] of table.columns) columns.set(variable, gather(rows, positions));
  for (const [variable, rows] of added) columns.set(variable, rows);
  let weights: Float64Array | null = null;
  if (table.weights !== null) {
    weights = new Float64Array(positions.length);
    for (let at = 0; at < positions.length; at++) weights[at] = table.weights[positions[at] as number] as number;
  }
  return { length: positions.length, columns, weights };
}

/** Every row of `table` beside every row of `rows`. */
export function crossJoin(table: Bindings, variable: string, rows: Uint32Array): Bindings {
  const length = table.length * rows.length;
  refuseTooManyRows(length);
  const positions = new Uint32Array(length);
  const added = new Uint32Array(length);
  for (let left = 0, at = 0; left < table.length; left++) {
    added.set(rows, at);
    positions.fill(left, at, at + rows.length);
    at += rows.length;
  }
  return takeRows(table, positions, new Map([[variable, added]]));
}

/** Keeps the named columns and merges rows that have become equal: `bag` adds up multiplicities, `set` forgets them. */
export function projectRows(table: Bindings, keep: ReadonlySet<string>, semantics: 'bag' | 'set'): Bindings {
  const kept = new Map([...table.columns].filter(([variable]) => keep.has(variable)));
  if (kept.size === table.columns.size) return table;
  const { groups, count } = groupRows(table.length, [...kept.values()]);
  const first = firstOfGroups(groups, count);
  const columns = new Map([...kept].map(([variable, rows]) => [variable, gather(rows, first)]));
  if (semantics === 'set') return { length: count, columns, weights: null };
  return { length: count, columns, weights: totalWeights(table, groups, count) };
}

export interface Grouped {
  /** The group of each row. */
  readonly groups: Uint32Array;
  readonly count: number;
}

function totalWeights({ weights }: Bindings, groups: Uint32Array, count: number): Float64Array {
  const totals = new Float64Array(count);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] as number;
    totals[group] = (totals[group] as number) + (weights === null ? 1 : (weights[row] as number));
  }
  return totals;
}

/** Numbers rows by the distinct combinations of `keys`, in order of first appearance. */
export function groupRows(length: number, keys: readonly Uint32Array[]): Grouped {
  let grouped: Grouped = { groups: new Uint32Array(length), count: length === 0 ? 0 : 1 };
  for (const key of keys) grouped = refineGroups(grouped, key);
  return grouped;
}

export function firstOfGroups(groups: Uint32Array, count: number): Uint32Array {
  const first = new Uint32Array(count);
  let seen = 0;
  for (let row = 0; seen < count; row++) if (groups[row] === seen) first[seen++] = row;
  return first;
}

export function gather(values: Uint32Array, positions: Uint32Array): Uint32Array {
  const taken = new Uint32Array(positions.length);
  for (let at = 0; at < positions.length; at++) taken[at] = values[positions[at] as number] as number;
  return taken;
}

export function refuseTooManyRows(rows: number): void {
  if (rows <= MAX_BINDING_ROWS) return;
  throw limitExceeded('query_intermediate_rows', MAX_BINDING_ROWS, rows, 'connect the variables or add filters');
}

function refineGroups({ groups, count }: Grouped, key: Uint32Array): Grouped {
  let span = 0;
  for (let row = 0; row < key.length; row++) if ((key[row] as number) >= span) span = (key[row] as number) + 1;
  const refined = new Uint32Array(groups.length);
  const codes = count * span;
  // A dense table of codes is an order of magnitude faster than a hash map while it stays in proportion to the rows.
  const known = codes <= groups.length * 8 + 65_536 ? new DenseCodes(codes) : new SparseCodes();
  for (let row = 0; row < groups.length; row++) {
    // Group × value stays below 2^53: both are row numbers.
    refined[row] = known.number((groups[row] as number) * span + (key[row] as number));
  }
  return { groups: refined, count: known.count };
}

/** Numbers codes in order of first appearance. */
class DenseCodes {
  count = 0;
  readonly #numbers: Uint32Array;
  constructor(codes: number) {
    this.#numbers = new Uint32Array(codes);
  }
  number(code: number): number {
    // 0 means unseen, so numbers are kept one higher.
    if (this.#numbers[code] === 0) this.#numbers[code] = ++this.count;
    return (this.#numbers[code] as number) - 1;
  }
}

/** Codes too far apart for a table. One `Map` holds 2^24 entries; spread over several there is room for every row. */
class SparseCodes {
  count = 0;
  readonly #shards = Array.from({ length: 16 }, () => new Map<number, number>());
  number(code: number): number {
    const shard = this.#shards[code % 16] as Map<number, number>;
    const known = shard.get(code);
    if (known !== undefined) return known;
    shard.set(code, this.count);
    return this.count++;
  }
}
