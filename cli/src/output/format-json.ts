import { stringifyExactJson } from 'omnigraph-language';
import { type ReadOutput, rowObject } from './read-output.js';

/** cli.md §8.2. */
export function formatJson(output: ReadOutput): string {
  const { queryName, target, rowCount, columns, commitId } = output;
  const result = {
    query_name: queryName,
    target: { branch: target.branch, snapshot: target.snapshot },
    row_count: rowCount,
    ...(columns.length === 0 ? {} : { columns: columns.map(({ name }) => name) }),
    rows: Array.from({ length: rowCount }, (_, row) => rowObject(output, row)),
    ...(commitId === undefined ? {} : { graph_commit_id: commitId }),
  };
  return `${stringifyExactJson(result, 2)}\n`;
}
