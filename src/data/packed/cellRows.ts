import type { Text } from '../../phrases/phrase.ts';
import type { RowProblem } from '../inputError.ts';
import { plainDialect } from '../table/dialect.ts';
import { type RowBlock, ScannedRows } from '../table/rows.ts';
import { checkTableMemory } from '../table/tableMemory.ts';

/** Columns and rows of a table that is not text, as text. */
export interface PackedRows {
  readonly columns: readonly string[];
  readonly rows: ScannedRows;
  readonly problems: readonly RowProblem[];
  readonly notes: readonly Text[];
  /** Numbers of the columns whose cells are lists, as JSON. */
  readonly lists: readonly number[];
  /** False if the columns have no names. */
  readonly header: boolean;
}

/** Characters of a block of rows. */
const BLOCK_CHARACTERS = 2 ** 20;
/** Bytes of the place of a cell, in comparison with a character. */
const CELL_BYTES = 8;

/** Collects the cells of a table row by row, with the places of the cells as those of a text. */
export class CellRows {
  readonly #name: string;
  readonly #width: number;
  readonly #blocks: RowBlock[] = [];
  #parts: string[] = [];
  #length = 0;
  #bounds: number[] = [];
  #lines: number[] = [];
  #bytes = 0;

  /** @param name name of the file, for errors */
  constructor(name: string, width: number) {
    this.#name = name;
    this.#width = width;
  }

  /** @throws InputError if the table becomes too large for the memory */
  add(line: number, cells: readonly string[]): void {
    for (let column = 0; column < this.#width; column++) {
      const cell = cells[column] ?? '';
      this.#parts.push(cell);
      this.#bounds.push(this.#length);
      this.#length += cell.length;
      this.#bounds.push(this.#length);
    }
    this.#lines.push(line);
    if (this.#length >= BLOCK_CHARACTERS || this.#bounds.length >= BLOCK_CHARACTERS) this.#finishBlock();
  }

  /** The rows. Nothing can be added afterwards. */
  get rows(): ScannedRows {
    if (this.#lines.length > 0) this.#finishBlock();
    return new ScannedRows(this.#blocks, this.#width, plainDialect);
  }

  #finishBlock(): void {
    this.#bytes += this.#length + CELL_BYTES * (this.#bounds.length / 2);
    checkTableMemory(this.#name, this.#bytes);
    this.#blocks.push({
      text: this.#parts.join(''),
      rows: this.#lines.length,
      lines: Uint32Array.from(this.#lines),
      bounds: Uint32Array.from(this.#bounds),
      widths: this.#width,
    });
    [this.#parts, this.#bounds, this.#lines, this.#length] = [[], [], [], 0];
  }
}
