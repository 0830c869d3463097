import { InputError } from '../inputError.ts';
import { guessRoles } from '../inspect/roles.ts';
import type { TableRow } from './rows.ts';
import { columnNamed, type Table } from './table.ts';
import { placeCell, type PlacedText } from './placeCell.ts';
import { placeDelimited, placeElements, placeLines, type Span } from './placeRows.ts';
import { readTable } from './readTable.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Table row with its range in the text. */
export interface PlacedRow extends Span, TableRow {}

/**
 * Table that is open in an editor. Maps offsets of the text to rows, and characters of cells to offsets.
 */
export class PlacedTable {
  readonly #text: string;
  readonly #table: Table;
  /** Ranges of all rows of the file, readable or not. */
  readonly #spans: readonly Span[];

  /** @throws InputError if the text has no usable row */
  static async read(name: string, text: string): Promise<PlacedTable> {
    const table = await readTable({ kind: 'text', name, text });
    const spans =
      table.format === 'jsonl'
        ? placeLines(text)
        : table.format === 'json'
          ? placeElements(text)
          : placeDelimited(text, table.dialect);
    return new PlacedTable(text, table, spans);
  }

  private constructor(text: string, table: Table, spans: readonly Span[]) {
    this.#text = text;
    this.#table = table;
    this.#spans = spans;
  }

  /**
   * Returns the row at an offset: between two rows the first of them, in the header the first row below it.
   * @throws InputError with line and reason for a row that cannot be read
   */
  rowAt(offset: number): PlacedRow {
    const { name, rows, problems, header, format } = this.#table;
    const found = Math.max(
      0,
      this.#spans.findLastIndex(({ start }) => start <= offset),
    );
    const firstLine = rows.length > 0 ? rows.lineOf(0) : 0;
    const isHead = (line: number) => header && format === 'delimited' && line < firstLine;
    const span = this.#spans
      .slice(found)
      .find(({ line }) => !isHead(line) || problems.some((each) => each.line === line));
    const row = span && rows.onLine(span.line);
    if (row) return { ...span, ...row };
    const problem = problems.find(({ line }) => line === span?.line);
    throw new InputError(
      'empty',
      problem
        ? phrase('Line {0} of "{1}" is not a valid row: {2}.', problem.line, name, problem.reason)
        : phrase('"{0}" has no row here. Place the cursor in a row.', name),
    );
  }

  /**
   * Returns a cell of a row and the places of its characters in the text.
   * @param column name or number from 1; empty for the detected text column
   * @throws InputError if the column does not exist
   */
  cell(row: PlacedRow, column: string): PlacedText & { readonly column: string } {
    const index = column === '' ? this.#textColumn : columnNamed(this.#table, column);
    const placed = placeCell(this.#text, row, index, this.#table);
    return { ...placed, column: this.#table.columns[index] ?? '' };
  }

  /** Detected text column. */
  get #textColumn(): number {
    const roles = guessRoles(this.#table);
    return Math.max(
      0,
      roles.findIndex((role) => role === 'text' || role === 'source'),
    );
  }
}
