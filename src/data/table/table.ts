import { InputError, type RowProblem } from '../inputError.ts';

export interface TableRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  /** As many as there are columns. */
  readonly cells: readonly string[];
}

/** What a table's file looks like. */
export type TableFormat =
  /**
   * Comma-separated values and their kin (RFC 4180): a cell may be quoted, and then hold delimiters and line breaks.
   */
  | { readonly kind: 'csv'; readonly delimiter: ',' | ';' | '|' }
  /** Tab-separated values (IANA text/tab-separated-values): quotes are characters like any other. */
  | { readonly kind: 'tsv'; readonly delimiter: '\t' }
  /** One JSON object a line. */
  | { readonly kind: 'jsonl' };

/** A table in memory. Every row of the file is in `rows` or named in `problems`. */
export interface Table {
  /** Of the file, for messages. */
  readonly name: string;
  readonly format: TableFormat;
  /** Whether the first line named the columns; otherwise they are called "column 1" and so on. */
  readonly header: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly problems: readonly RowProblem[];
}

/**
 * The column that is meant, from 0.
 * @param wanted its name, or its number from 1
 * @throws InputError when there is no such column
 */
export function columnNamed(table: Table, wanted: string): number {
  const byName = table.columns.findIndex((name) => name === wanted);
  const byNumber = /^[1-9]\d*$/.test(wanted) ? Number(wanted) - 1 : -1;
  const column = byName >= 0 ? byName : byNumber;
  if (column >= 0 && column < table.columns.length) return column;
  throw new InputError('no-column', `"${table.name}" has no column "${wanted}"; it has ${table.columns.join(', ')}.`);
}
