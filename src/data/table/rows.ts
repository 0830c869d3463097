import type { Syntax } from './dialect.ts';
import { cellOf, ESCAPED } from './scanRows.ts';

export interface TableRow {
  /** Line of the file where the row begins, from 1. */
  readonly line: number;
  /** Cells, one per column. */
  readonly cells: readonly string[];
}

/** Receives a cell as a range of a text in UTF-16 code units. */
type CellVisitor = (text: string, start: number, end: number, row: number) => void;

/**
 * Rows of a table in the order of the file. A table of many millions of rows holds their text and where its cells are;
 * the cells become strings when they are read.
 */
export abstract class TableRows implements Iterable<TableRow> {
  abstract readonly length: number;

  /** Line of the file where a row begins, from 1. */
  abstract lineOf(row: number): number;

  /** A cell; empty for a column that does not exist. */
  abstract cell(row: number, column: number): string;

  abstract cellsOf(row: number): readonly string[];

  /** Passes each cell of a column, in order. */
  abstract visit(column: number, visitor: CellVisitor): void;

  *[Symbol.iterator](): Iterator<TableRow> {
    for (let row = 0; row < this.length; row++) yield this.#row(row);
  }

  /** The first row that begins on a line; undefined if none does. */
  onLine(line: number): TableRow | undefined {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lineOf(middle) < line) low = middle + 1;
      else high = middle;
    }
    return low < this.length && this.lineOf(low) === line ? this.#row(low) : undefined;
  }

  /** The rows from one index up to another, as `Array.slice`. */
  slice(from = 0, to = this.length): TableRow[] {
    const end = Math.min(to, this.length);
    return Array.from({ length: Math.max(0, end - from) }, (_, i) => this.#row(from + i));
  }

  #row(row: number): TableRow {
    return { line: this.lineOf(row), cells: this.cellsOf(row) };
  }
}

/** Rows that are in memory as they are. */
export class ListedRows extends TableRows {
  readonly #rows: readonly TableRow[];

  constructor(rows: readonly TableRow[]) {
    super();
    this.#rows = rows;
  }

  override get length(): number {
    return this.#rows.length;
  }

  override lineOf(row: number): number {
    return this.#rows[row]!.line;
  }

  override cell(row: number, column: number): string {
    return this.#rows[row]?.cells[column] ?? '';
  }

  override cellsOf(row: number): readonly string[] {
    return this.#rows[row]!.cells;
  }

  override visit(column: number, visitor: CellVisitor): void {
    this.#rows.forEach(({ cells }, row) => {
      const cell = cells[column] ?? '';
      visitor(cell, 0, cell.length, row);
    });
  }
}

/** Rows of a piece of a file, with the places of their cells. */
export interface RowBlock {
  readonly text: string;
  readonly rows: number;
  /** Line of the file of each row. */
  readonly lines: Uint32Array;
  /** Place and end of each cell, row by row. An escaped cell has its quotation marks, and `ESCAPED` added to its place. */
  readonly bounds: Uint32Array;
  /** Number of cells of each row; one number if all rows have as many. */
  readonly widths: number | Uint32Array;
}

/** Rows of one width, as they were found in the pieces of a file. */
export class ScannedRows extends TableRows {
  readonly length: number;
  readonly #blocks: readonly RowBlock[];
  /** Index of the first row of each block. */
  readonly #firsts: readonly number[];
  readonly #width: number;
  readonly #syntax: Syntax;
  /** The block of the last row that was read. */
  #current = 0;

  /** @param blocks blocks without other widths */
  constructor(blocks: readonly RowBlock[], width: number, syntax: Syntax) {
    super();
    const firsts: number[] = [];
    let rows = 0;
    for (const block of blocks) {
      firsts.push(rows);
      rows += block.rows;
    }
    this.length = rows;
    this.#blocks = blocks;
    this.#firsts = firsts;
    this.#width = width;
    this.#syntax = syntax;
  }

  override lineOf(row: number): number {
    return this.#blockOf(row).lines[row - this.#firsts[this.#current]!]!;
  }

  override cell(row: number, column: number): string {
    if (column < 0 || column >= this.#width) return '';
    const { text, bounds } = this.#blockOf(row);
    const at = 2 * ((row - this.#firsts[this.#current]!) * this.#width + column);
    return cellOf(text, bounds[at]!, bounds[at + 1]!, this.#syntax);
  }

  override cellsOf(row: number): readonly string[] {
    return Array.from({ length: this.#width }, (_, column) => this.cell(row, column));
  }

  override visit(column: number, visitor: CellVisitor): void {
    const isColumn = column >= 0 && column < this.#width;
    this.#blocks.forEach(({ text, rows, bounds }, index) => {
      const first = this.#firsts[index]!;
      for (let row = 0, at = 2 * column; row < rows; row++, at += 2 * this.#width) {
        const [start, end] = isColumn ? [bounds[at]!, bounds[at + 1]!] : [0, 0];
        if (start < ESCAPED) visitor(text, start, end, first + row);
        else {
          const cell = cellOf(text, start, end, this.#syntax);
          visitor(cell, 0, cell.length, first + row);
        }
      }
    });
  }

  /** Makes the cells blank for which a test is true. */
  clear(test: (cell: string) => boolean): void {
    for (const { text, bounds } of this.#blocks)
      for (let at = 0; at < bounds.length; at += 2)
        if (test(cellOf(text, bounds[at]!, bounds[at + 1]!, this.#syntax))) bounds[at + 1] = bounds[at] = 0;
  }

  /** The block with a row, which becomes the current one. */
  #blockOf(row: number): RowBlock {
    const first = this.#firsts[this.#current]!;
    if (row < first || row >= first + this.#blocks[this.#current]!.rows) {
      let [low, high] = [0, this.#blocks.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.#firsts[middle]! <= row) low = middle;
        else high = middle - 1;
      }
      this.#current = low;
    }
    return this.#blocks[this.#current]!;
  }
}
