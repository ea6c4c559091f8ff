/**
 * `@key` and `@unique` (schema-language.md §17): among the rows of the change, then against committed entities the
 * change leaves as they are. Tuples compare by the canonical text of each typed column; a null member exempts.
 */
import {
  canonicalText,
  displayType,
  type EdgeType,
  type NodeType,
  type PropType,
  type Value,
} from 'omnigraph-language';
import type { CommittedState, TypeChange, Violation } from './change-set.js';
import { allRows, type CommittedRows, rowsHolding } from './committed-rows.js';
import { batchColumn, type EntityBatch, typeKey } from './entity-batch.js';
import { place } from './places.js';

interface Group {
  readonly columns: readonly { readonly name: string; readonly type: PropType }[];
  /** A committed holder of a key is the same entity, never a violation. */
  readonly isKey: boolean;
}

/** Violations of one type: the key group, then unique groups in catalog order. */
export async function* uniquenessViolations(change: TypeChange, state: CommittedState): AsyncGenerator<Violation> {
  const { rows } = change;
  if (rows === undefined || rows.length === 0) return;
  for (const group of uniqueGroups(change.type)) {
    const repeated = change.input === undefined ? undefined : examine(change.input, group);
    if (repeated !== undefined && repeated.violations.length > 0) {
      yield* repeated.violations;
      continue;
    }
    const { violations, firstRow } = examine(rows, group);
    yield* violations;
    // Two records with one tuple already say which rows are wrong; looking further would blame bystanders.
    if (violations.length > 0 || group.isKey || change.replacesAll) continue;
    yield* committedViolations(change, rows, group, firstRow, state);
  }
}

interface Examined {
  readonly violations: readonly Violation[];
  /** First row of each tuple. */
  readonly firstRow: ReadonlyMap<string, number>;
}

function examine(rows: EntityBatch, group: Group): Examined {
  const unsupported = unsupportedMember(rows, group);
  if (unsupported !== undefined) return { violations: [unsupported], firstRow: new Map() };
  const columns = group.columns.map((column) => batchColumn(rows, column.name));
  const { repeats, firstRow } = findRepeats(tupleTexts(group, columns, rows.length));
  return { violations: repeats.map(([first, second]) => repeatViolation(rows, group, first, second)), firstRow };
}

const TEXT: PropType = { scalar: 'String', nullable: false, list: false, enum_values: null };

function uniqueGroups(type: NodeType | EdgeType): readonly Group[] {
  const columns = (names: readonly string[]): Group['columns'] =>
    names.map((name) => ({ name, type: type.properties.get(name)?.type ?? TEXT }));
  const unique = type.unique.map((names) => ({ columns: columns(names), isKey: false }));
  return type.kind === 'node' && type.key !== null ? [{ columns: columns(type.key), isKey: true }, ...unique] : unique;
}

/** A list, a vector or a non-finite number cannot be a member of a tuple. */
function unsupportedMember(rows: EntityBatch, group: Group): Violation | undefined {
  for (const column of group.columns) {
    const values = batchColumn(rows, column.name);
    const row = values.findIndex((value) => value !== null && !comparable(column.type, value));
    if (row === -1) continue;
    const value = values[row];
    const problem =
      typeof value === 'number' ? `non-finite value ${value}` : `unsupported column type ${displayType(column.type)}`;
    return uniqueViolation(rows, row, group, `${problem} of ${column.name}`);
  }
  return undefined;
}

function comparable(type: PropType, value: Value): boolean {
  if (type.list || typeof value === 'object') return false;
  return typeof value !== 'number' || Number.isFinite(value);
}

function tupleTexts(group: Group, columns: readonly (readonly Value[])[], length: number): readonly (string | null)[] {
  const [only] = group.columns;
  const [values] = columns;
  if (group.columns.length === 1 && only !== undefined && values !== undefined) {
    return values.map((value) => memberText(only.type, value));
  }
  return Array.from({ length }, (_, row) => {
    const texts: string[] = [];
    for (const [index, column] of group.columns.entries()) {
      const text = memberText(column.type, columns[index]?.[row] ?? null);
      if (text === null) return null;
      texts.push(text);
    }
    return JSON.stringify(texts);
  });
}

function memberText(type: PropType, value: Value): string | null {
  if (value === null || typeof value === 'string') return value;
  return canonicalText(type, value);
}

function findRepeats(texts: readonly (string | null)[]): {
  readonly repeats: readonly (readonly [number, number])[];
  readonly firstRow: ReadonlyMap<string, number>;
} {
  const firstRow = new Map<string, number>();
  const repeats: [number, number][] = [];
  for (let row = 0; row < texts.length; row += 1) {
    const text = texts[row];
    if (text === null || text === undefined) continue;
    const first = firstRow.get(text);
    if (first === undefined) firstRow.set(text, row);
    else repeats.push([first, row]);
  }
  return { repeats, firstRow };
}

async function* committedViolations(
  change: TypeChange,
  rows: EntityBatch,
  group: Group,
  firstRow: ReadonlyMap<string, number>,
  state: CommittedState,
): AsyncGenerator<Violation> {
  if (firstRow.size === 0) return;
  const changed = new Set(rows.ids);
  const found = (await committedHolders(rows, group, firstRow, state)).filter(
    ({ id }) => !changed.has(id) && !change.deleted.has(id),
  );
  for (const { row, id } of found.sort((a, b) => a.row - b.row)) {
    yield uniqueViolation(rows, row, group, heldBy(rows, row, group, id));
  }
}

interface Holder {
  /** The committed holder. */
  readonly id: string;
  /** The row of the change with the same tuple. */
  readonly row: number;
}

/** Committed entities holding a tuple of the change: looked up by a text member where the group has one. */
async function committedHolders(
  rows: EntityBatch,
  group: Group,
  firstRow: ReadonlyMap<string, number>,
  state: CommittedState,
): Promise<readonly Holder[]> {
  const key = typeKey(rows.type);
  const names = group.columns.map((column) => column.name);
  const lookup = bestLookup(rows, group, firstRow);
  if (lookup !== undefined) {
    const committed = await rowsHolding(state, key, lookup.name, lookup.keys, ['id', ...names]);
    return holders(committed.texts('id'), tuplesOf(committed, group), firstRow);
  }
  const tuples = tuplesOf(await allRows(state, key, names), group);
  // Nearly always nobody holds one, and the ids are the costly column.
  if (!tuples.some((text) => text !== null && firstRow.has(text))) return [];
  return holders((await allRows(state, key, ['id'])).texts('id'), tuples, firstRow);
}

/** The text member with the most distinct values narrows best. */
function bestLookup(
  rows: EntityBatch,
  group: Group,
  firstRow: ReadonlyMap<string, number>,
): { readonly name: string; readonly keys: ReadonlySet<string> } | undefined {
  return group.columns
    .filter((column) => column.type.scalar === 'String' && !column.type.list)
    .map((column) => {
      const values = batchColumn(rows, column.name);
      return { name: column.name, keys: new Set([...firstRow.values()].map((row) => String(values[row]))) };
    })
    .sort((a, b) => b.keys.size - a.keys.size)[0];
}

const tuplesOf = (committed: CommittedRows, group: Group): readonly (string | null)[] =>
  tupleTexts(
    group,
    group.columns.map((column) => committed.values(column.name)),
    committed.length,
  );

function holders(
  ids: readonly string[],
  tuples: readonly (string | null)[],
  firstRow: ReadonlyMap<string, number>,
): readonly Holder[] {
  return ids.flatMap((id, at) => {
    const text = tuples[at] ?? null;
    const row = text === null ? undefined : firstRow.get(text);
    return row === undefined ? [] : [{ id, row }];
  });
}

function repeatViolation(rows: EntityBatch, group: Group, first: number, second: number): Violation {
  return uniqueViolation(rows, second, group, heldBy(rows, second, group, rows.ids[first] ?? '', place(rows, first)));
}

function heldBy(rows: EntityBatch, row: number, group: Group, holder: string, holderPlace = ''): string {
  const values = group.columns.map((column) => memberText(column.type, batchColumn(rows, column.name)[row] ?? null));
  const shown = values.length === 1 ? `'${values[0]}'` : `(${values.map((value) => `'${value}'`).join(', ')})`;
  return `value ${shown} is held by both '${holder}'${holderPlace} and '${rows.ids[row]}'`;
}

function uniqueViolation(rows: EntityBatch, row: number, group: Group, problem: string): Violation {
  const names = group.columns.map((column) => column.name);
  const subject = names.length === 1 ? names[0] : `(${names.join(', ')})`;
  return {
    kind: 'unique_violation',
    entityKind: rows.type.kind,
    typeName: rows.type.name,
    entityId: rows.ids[row] ?? null,
    message: `@unique violation on ${rows.type.name}.${subject}: ${problem}${place(rows, row)}`,
  };
}
