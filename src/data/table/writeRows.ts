import { formatCsv } from '../../format/csv.ts';
import type { TableFormat } from './table.ts';

/** A row of a table in the format of its file, with its line break. JSON Lines repeat the column names in each row. */
export function tableRow(cells: readonly string[], names: readonly string[], format: TableFormat): string {
  switch (format.kind) {
    case 'csv':
      return formatCsv([cells], format.delimiter);
    case 'tsv':
      return `${cells.map(inOneLine).join(format.delimiter)}\n`;
    case 'jsonl':
      return `${JSON.stringify(Object.fromEntries(cells.map((cell, i) => [names[i] ?? `column ${i + 1}`, cell])))}\n`;
  }
}

/** A cell without tabs and line breaks, which TSV cannot quote: each becomes a space. */
function inOneLine(cell: string): string {
  return cell.replaceAll(/[\t\r\n]+/g, ' ');
}
