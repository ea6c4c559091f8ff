import { stringifyExactJson } from 'omnigraph-language';
import { type ReadOutput, rowObject } from './read-output.js';

/** A metadata line, then one compact row object a line (cli.md §8.3). */
export function formatJsonl(output: ReadOutput): string {
  const { queryName, target, rowCount } = output;
  const metadata = {
    kind: 'metadata',
    query_name: queryName,
    target: { branch: target.branch, snapshot: target.snapshot },
    row_count: rowCount,
  };
  const lines = [stringifyExactJson(metadata)];
  for (let row = 0; row < rowCount; row++) lines.push(stringifyExactJson(rowObject(output, row)));
  return `${lines.join('\n')}\n`;
}
