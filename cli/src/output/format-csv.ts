import { cellText } from './cell.js';
import type { ReadOutput } from './read-output.js';

const NEEDS_QUOTES = /[",\n\r]/;

const field = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Header and rows, no header line H; the header is there even without rows (cli.md §8.3). */
export function formatCsv({ columns, rowCount }: ReadOutput): string {
  const lines = [columns.map(({ name }) => field(name)).join(',')];
  for (let row = 0; row < rowCount; row++) {
    lines.push(columns.map(({ values }) => field(cellText(values[row]))).join(','));
  }
  return `${lines.join('\n')}\n`;
}
