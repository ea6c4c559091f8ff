/** Where one published version of one table lies. What a commit record says about it; enough to open it. */
export interface TableRef {
  /** Relative to the graph root: `nodes/…` or `edges/…`, ending `.lance`. */
  readonly path: string;
  readonly version: number;
  /** The table's own branch; null is its main line. */
  readonly branch: string | null;
  readonly entityCount: number;
}

/** Splits a path into the folder LanceDB connects to and the table's name there. */
export function splitTablePath(path: string): { readonly folder: string; readonly name: string } {
  const match = /^(nodes|edges)\/([A-Za-z0-9._-]+)\.lance$/.exec(path);
  if (match?.[1] === undefined || match[2] === undefined) throw new Error(`'${path}' is not a table path`);
  return { folder: match[1], name: match[2] };
}
