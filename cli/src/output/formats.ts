/** The names of the read formats and cell layouts (cli.md §6.1, §8.3). Imported while parsing arguments: keep it light. */
export const OUTPUT_FORMATS = ['table', 'kv', 'csv', 'jsonl', 'json'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export const CELL_LAYOUTS = ['truncate', 'wrap'] as const;
export type CellLayout = (typeof CELL_LAYOUTS)[number];
