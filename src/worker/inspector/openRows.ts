import { PlacedTable } from '../../data/table/placedTable.ts';
import type { RowAtCursor, RowRequest, TableText } from '../../protocol/inspection.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';

/** The table that is open in the editor, read once and then queried for the row at the cursor. */
export class OpenRows {
  #table: PlacedTable | undefined;
  #number = 0;

  /** @throws InputError for a text that is not a table */
  async open({ name, text }: TableText): Promise<number> {
    const number = ++this.#number;
    this.#table = undefined;
    const table = await PlacedTable.read(name, text);
    // Another table may have been opened in the meantime.
    if (number === this.#number) this.#table = table;
    return number;
  }

  /** @throws InputError for a row that cannot be read. @throws Error if another table has been opened in the meantime */
  rowAt({ table, cursor, column }: RowRequest): RowAtCursor {
    if (table !== this.#number || !this.#table)
      throw new PhrasedError(phrase('Another table has been opened in the meantime.'));
    const row = this.#table.rowAt(cursor);
    const { line, start, end } = row;
    return { line, start, end, ...this.#table.cell(row, column) };
  }
}
