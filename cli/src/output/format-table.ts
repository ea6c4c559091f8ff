/** The `table` format (cli.md §8.3). Widths count Unicode code points; every cell is padded, the last one too. */
import { cellText } from './cell.js';
import type { CellLayout } from './formats.js';
import { headerLine, type ReadOutput } from './read-output.js';

export interface TableStyle {
  readonly maxColumnWidth: number;
  readonly layout: CellLayout;
}

/** No column is squeezed below this many code points, however small the configured maximum. */
const NARROWEST_LIMIT = 8;

interface TableColumn {
  readonly header: string;
  readonly cells: readonly string[];
  readonly width: number;
}

export function formatTable(output: ReadOutput, style: TableStyle): string {
  if (output.columns.length === 0) return `${headerLine(output)}\n(no rows)\n`;
  const columns = output.columns.map(({ name, values }) => tableColumn(name, values, output.rowCount, style));
  const lines = [
    headerLine(output),
    columns.map(({ header, width }) => pad(header, width)).join(' | '),
    columns.map(({ width }) => '-'.repeat(width)).join('-+-'),
  ];
  for (let row = 0; row < output.rowCount; row++) lines.push(...rowLines(columns, row, style.layout));
  return `${lines.join('\n')}\n`;
}

function tableColumn(header: string, values: readonly unknown[], rowCount: number, style: TableStyle): TableColumn {
  const cells: string[] = [];
  let longest = 0;
  for (let row = 0; row < rowCount; row++) {
    const cell = cellText(values[row]).replaceAll('\n', '\\n');
    longest = Math.max(longest, codePoints(cell));
    cells.push(cell);
  }
  const wanted = Math.max(codePoints(header), Math.min(longest, style.maxColumnWidth));
  return { header, cells, width: Math.min(wanted, Math.max(style.maxColumnWidth, NARROWEST_LIMIT)) };
}

function rowLines(columns: readonly TableColumn[], row: number, layout: CellLayout): readonly string[] {
  const pieces = columns.map(({ cells, width }) => {
    const cell = cells[row] ?? '';
    return layout === 'wrap' ? wrapped(cell, width) : [truncated(cell, width)];
  });
  const height = Math.max(...pieces.map((chunks) => chunks.length));
  return Array.from({ length: height }, (_, line) =>
    columns.map(({ width }, column) => pad(pieces[column]?.[line] ?? '', width)).join(' | '),
  );
}

function truncated(cell: string, width: number): string {
  if (codePoints(cell) <= width) return cell;
  const points = [...cell];
  return width <= 1 ? points.slice(0, width).join('') : `${points.slice(0, width - 1).join('')}…`;
}

function wrapped(cell: string, width: number): readonly string[] {
  if (codePoints(cell) <= width || width < 1) return [cell];
  const points = [...cell];
  return Array.from({ length: Math.ceil(points.length / width) }, (_, chunk) =>
    points.slice(chunk * width, (chunk + 1) * width).join(''),
  );
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - codePoints(text)));

/** Length in code points; ASCII, the common case, is not spread into an array. */
function codePoints(text: string): number {
  // A string without surrogates has as many code points as code units.
  return /[\ud800-\udfff]/.test(text) ? [...text].length : text.length;
}
