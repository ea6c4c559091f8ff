/** What every read format starts from (cli.md §8.2): the columns of a result and where it was read. */
export interface ReadOutput {
  readonly queryName: string;
  readonly target: { readonly branch: string | null; readonly snapshot: string | null };
  readonly rowCount: number;
  /** In projection order; cells are JSON-ready (string, number, bigint, boolean, null, array). */
  readonly columns: readonly { readonly name: string; readonly values: readonly unknown[] }[];
  readonly commitId: string | undefined;
}

/** Row `row` as an object, keys in projection order. No prototype: `__proto__` is a legal column name. */
export function rowObject(output: ReadOutput, row: number): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const column of output.columns) object[column.name] = column.values[row] ?? null;
  return object;
}

/** The header line of the `table` and `kv` formats. */
export function headerLine({ rowCount, target, queryName }: ReadOutput): string {
  const place = target.snapshot === null ? `branch ${target.branch}` : `snapshot ${target.snapshot}`;
  return `${rowCount} rows from ${place} via ${queryName}`;
}
