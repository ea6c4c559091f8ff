import { cellText } from './cell.js';
import { headerLine, type ReadOutput } from './read-output.js';

/** One `column: cell` line per cell, a blank line between rows (cli.md §8.3). */
export function formatKv(output: ReadOutput): string {
  const { columns, rowCount } = output;
  if (rowCount === 0) return `${headerLine(output)}\n(no rows)\n`;
  const rows = Array.from({ length: rowCount }, (_, row) =>
    [`row ${row + 1}`, ...columns.map(({ name, values }) => `${name}: ${cellText(values[row])}`)].join('\n'),
  );
  return `${headerLine(output)}\n${rows.join('\n\n')}\n`;
}
