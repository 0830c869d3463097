import { stringify } from 'csv-stringify/sync';

/** One cell of a row; a number that is not finite, null and undefined become an empty cell. */
export type CsvCell = string | number | null | undefined;

/**
 * Rows as comma-separated values (RFC 4180), each row ended by `\n`. A cell with a delimiter, a quote or a line break
 * is quoted.
 */
export function formatCsv(rows: readonly (readonly CsvCell[])[], delimiter = ','): string {
  // Numbers are converted here because csv-stringify casts them three times slower.
  return stringify(
    rows.map((row) => row.map(cellText)),
    { delimiter, quoted_match: LINE_BREAK },
  );
}

/** csv-stringify quotes `\r` only in files whose rows end with it. */
const LINE_BREAK = /[\r\n]/;

function cellText(cell: CsvCell): string {
  return typeof cell === 'number' && !Number.isFinite(cell) ? '' : String(cell ?? '');
}
