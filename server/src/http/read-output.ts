import { stringifyExactJson } from 'omnigraph-language';
import type { ReadResult, ReadTarget } from '../engine/index.js';

/**
 * The JSON text of a read (server.md §10.4). Written from columns straight to text: integers keep every digit, and no
 * object is built per row.
 */
export function readOutputText(queryName: string, target: ReadTarget, result: ReadResult): string {
  const names = result.columns.map((column) => column.name);
  const head = [
    `"query_name":${JSON.stringify(queryName)}`,
    `"target":${JSON.stringify({ branch: 'branch' in target ? target.branch : null, snapshot: 'snapshot' in target ? target.snapshot : null })}`,
    `"row_count":${result.rowCount}`,
    ...(names.length === 0 ? [] : [`"columns":${JSON.stringify(names)}`]),
    `"rows":[${rowTexts(result).join(',')}]`,
    ...(result.commitId === undefined ? [] : [`"graph_commit_id":${JSON.stringify(result.commitId)}`]),
  ];
  return `{${head.join(',')}}`;
}

function rowTexts(result: ReadResult): readonly string[] {
  // Of two columns with one name the last wins in row objects (query-language.md §3.7).
  const columns = new Map(result.columns.map((column) => [column.name, column.values]));
  const keyed = [...columns].map(([name, values]) => ({ key: `${JSON.stringify(name)}:`, values }));
  return Array.from(
    { length: result.rowCount },
    (_, row) => `{${keyed.map(({ key, values }) => key + cellText(values[row])).join(',')}}`,
  );
}

function cellText(cell: unknown): string {
  if (typeof cell === 'bigint') return cell.toString();
  if (Array.isArray(cell)) return stringifyExactJson(cell);
  return JSON.stringify(cell ?? null);
}
