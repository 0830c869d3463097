import type { TableFormat } from './table.ts';

/**
 * A row of a table in its own format, line break included. Names are the columns', for formats that write them in each
 * row.
 */
export function tableRow(cells: readonly string[], names: readonly string[], { kind, ...format }: TableFormat): string {
  if (kind === 'jsonl')
    return `${JSON.stringify(Object.fromEntries(cells.map((cell, i) => [names[i] ?? `column ${i + 1}`, cell])))}\n`;
  const delimiter = 'delimiter' in format ? format.delimiter : ',';
  return `${cells.map((cell) => (kind === 'csv' ? quoted(cell, delimiter) : bare(cell))).join(delimiter)}\n`;
}

/** Quoted where it holds what ends a cell (RFC 4180). */
function quoted(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A cell of TSV cannot hold what ends one: a tab or a line break becomes a space. */
function bare(cell: string): string {
  return cell.replaceAll(/[\t\r\n]+/g, ' ');
}
