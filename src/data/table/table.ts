import { InputError, type RowProblem } from '../inputError.ts';
import { phrase } from '../../phrases/phrase.ts';

export interface TableRow {
  /** Line of the file where the row begins, from 1. */
  readonly line: number;
  /** Cells, one per column. */
  readonly cells: readonly string[];
}

/** Format of a table's file. */
export type TableFormat =
  /**
   * Comma-separated values and variants (RFC 4180): quoted cells may contain delimiters and line breaks.
   */
  | { readonly kind: 'csv'; readonly delimiter: ',' | ';' | '|' }
  /** Tab-separated values (IANA text/tab-separated-values): quotes are ordinary characters. */
  | { readonly kind: 'tsv'; readonly delimiter: '\t' }
  /** JSON Lines: one JSON object per line. */
  | { readonly kind: 'jsonl' };

/** Table in memory. Every row of the file is in `rows` or reported in `problems`. */
export interface Table {
  /** Name of the file, for messages. */
  readonly name: string;
  readonly format: TableFormat;
  /** True if the first line names the columns; otherwise they are named "column 1" and so on. */
  readonly header: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly problems: readonly RowProblem[];
}

/**
 * Returns the index of a column from 0.
 * @param nameOrNumber name, or number from 1
 * @throws InputError if the column does not exist
 */
export function columnNamed(table: Table, nameOrNumber: string): number {
  const byName = table.columns.findIndex((name) => name === nameOrNumber);
  const byNumber = /^[1-9]\d*$/.test(nameOrNumber) ? Number(nameOrNumber) - 1 : -1;
  const column = byName >= 0 ? byName : byNumber;
  if (column >= 0 && column < table.columns.length) return column;
  throw new InputError(
    'no-column',
    phrase('"{0}" has no column "{1}"; it has {2}.', table.name, nameOrNumber, table.columns.join(', ')),
  );
}
