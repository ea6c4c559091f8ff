/** Rendering of read results, one file per format (cli.md §8.3). */
import { formatCsv } from './format-csv.js';
import { formatJson } from './format-json.js';
import { formatJsonl } from './format-jsonl.js';
import { formatKv } from './format-kv.js';
import { formatTable, type TableStyle } from './format-table.js';
import type { OutputFormat } from './formats.js';
import type { ReadOutput } from './read-output.js';

export { printJson } from './json.js';
export type { ReadOutput, TableStyle };

/** The whole text of a result, ended by one LF. */
export function formatRead(output: ReadOutput, format: OutputFormat, style: TableStyle): string {
  switch (format) {
    case 'json':
      return formatJson(output);
    case 'jsonl':
      return formatJsonl(output);
    case 'csv':
      return formatCsv(output);
    case 'kv':
      return formatKv(output);
    case 'table':
      return formatTable(output, style);
    default:
      return format satisfies never;
  }
}
