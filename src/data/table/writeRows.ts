import { formatCsv } from '../../format/csv.ts';
import type { TableFormat } from './table.ts';

/** Formats a row of a table, with its line break. JSON Lines repeat the column names in each row. */
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

/** Replaces each tab and line break of a cell by a space, because TSV cannot quote them. */
function inOneLine(cell: string): string {
  return cell.replaceAll(/[\t\r\n]+/g, ' ');
}
