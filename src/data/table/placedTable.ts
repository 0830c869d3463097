import { InputError } from '../inputError.ts';
import { guessRoles } from '../inspect/roles.ts';
import { columnNamed, type Table, type TableRow } from './table.ts';
import { detectFormat, HEAD_CHARACTERS } from './format.ts';
import { placeCell, type PlacedText } from './placeCell.ts';
import { placeDelimited, placeLines, type Span } from './placeRows.ts';
import { readTable } from './readTable.ts';

/** A row of a text that is a table, in UTF-16 code units of the text. */
export interface PlacedRow extends Span, TableRow {}

/**
 * A table that is open in an editor: which row stands at an offset, and where in the text each character of a cell
 * stands.
 */
export class PlacedTable {
  readonly #text: string;
  readonly #table: Table;
  /** Of every row of the file, readable or not. */
  readonly #spans: readonly Span[];

  /** @throws InputError where the text has no row that can be used */
  static async read(name: string, text: string): Promise<PlacedTable> {
    const format = detectFormat(name, text.slice(0, HEAD_CHARACTERS));
    const table = await readTable({ kind: 'text', name, text }, { format });
    return new PlacedTable(text, table, format.kind === 'jsonl' ? placeLines(text) : placeDelimited(text, format));
  }

  private constructor(text: string, table: Table, spans: readonly Span[]) {
    this.#text = text;
    this.#table = table;
    this.#spans = spans;
  }

  /**
   * The row at an offset; between two rows the one before, and of the header the first row below it.
   * @throws InputError for a row that cannot be read, with its line and the reason
   */
  rowAt(offset: number): PlacedRow {
    const { name, rows, problems, header, format } = this.#table;
    const found = Math.max(
      0,
      this.#spans.findLastIndex(({ start }) => start <= offset),
    );
    const first = header && format.kind !== 'jsonl' ? 1 : 0;
    const span = this.#spans[Math.max(first, found)];
    const row = span && rows.find(({ line }) => line === span.line);
    if (row) return { ...span, ...row };
    const problem = problems.find(({ line }) => line === span?.line);
    throw new InputError(
      'empty',
      problem
        ? `Line ${problem.line} of "${name}" is no row: ${problem.reason}.`
        : `"${name}" has no row here. Put the cursor into one.`,
    );
  }

  /**
   * A cell of a row as it is read, and where its characters stand in the text.
   * @param column its name or number from 1; empty for the one that looks like texts
   * @throws InputError when there is no such column
   */
  cell(row: PlacedRow, column: string): PlacedText & { readonly column: string } {
    const index = column === '' ? this.#textColumn : columnNamed(this.#table, column);
    const placed = placeCell(this.#text, row, index, this.#table);
    return { ...placed, column: this.#table.columns[index] ?? '' };
  }

  /** The column that holds texts, as far as one can see. */
  get #textColumn(): number {
    const roles = guessRoles(this.#table);
    return Math.max(
      0,
      roles.findIndex((role) => role === 'text' || role === 'source'),
    );
  }
}
