import type { Table } from './table.ts';
import { BLANKS } from './scanRows.ts';

/** Formats a row of a table, with its line break. JSON repeats the column names in each row, as JSON Lines. */
export function tableRow(
  cells: readonly string[],
  names: readonly string[],
  { format, dialect }: Pick<Table, 'format' | 'dialect'>,
): string {
  if (format !== 'delimited')
    return `${JSON.stringify(Object.fromEntries(cells.map((cell, i) => [names[i] ?? `column ${i + 1}`, cell])))}\n`;
  const { delimiter, quote, escape } = dialect;
  if (delimiter === BLANKS) return `${cells.map((cell) => withoutBlanks(cell)).join(' ')}\n`;
  if (quote === '') return `${cells.map((cell) => withoutDelimiter(cell, delimiter)).join(delimiter)}\n`;
  // The end of a cell and the delimiter after it may contain an earlier delimiter, as "a;" before ";;".
  const needsQuotes = (cell: string) =>
    `${cell}${delimiter}`.indexOf(delimiter) < cell.length ||
    [quote, '\n', '\r'].some((part) => cell.includes(part)) ||
    cell !== cell.trim();
  const escaped = (cell: string) =>
    escape === 'double'
      ? cell.replaceAll(quote, quote + quote)
      : cell.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  const written = cells.map((cell) => (needsQuotes(cell) ? `${quote}${escaped(cell)}${quote}` : cell));
  return `${written.join(delimiter)}\n`;
}

/** Replaces delimiters and line breaks of a cell by a space, or an underscore if the delimiter has one, where there are no quotes. */
function withoutDelimiter(cell: string, delimiter: string): string {
  return cell.replaceAll(/[\r\n]+/g, ' ').replaceAll(delimiter, delimiter.includes(' ') ? '_' : ' ');
}

/** Replaces blanks by underscores, where blanks separate cells. */
function withoutBlanks(cell: string): string {
  return cell.trim().replaceAll(/\s+/g, '_') || '-';
}
