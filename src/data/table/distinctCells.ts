import { twice } from '../twice.ts';
import { firstEqual } from '../firstEqual.ts';
import { hashOf } from '../hashIndex.ts';
import { PairTable } from '../ngram/pairTable.ts';
import { trimmedEnd, trimmedStart } from './cellRange.ts';
import type { TableRows } from './rows.ts';

/** Number of characters of a short cell: as many fit into two numbers of 32 bits. */
const SHORT = 8;

/**
 * Number of distinct cells of a column, without the white space around them.
 * @param onLength receives the length of each cell
 */
export function distinctCells(rows: TableRows, column: number, onLength?: (length: number) => void): number {
  const cells = new DistinctCells((row) => rows.cell(row, column).trim());
  rows.visit(column, (text, start, end, row) => {
    const from = trimmedStart(text, start, end);
    const to = trimmedEnd(text, from, end);
    onLength?.(to - from);
    cells.add(text, from, to, row);
  });
  return cells.count();
}

/** Counts distinct cells without a string for each. */
class DistinctCells {
  readonly #cellAt: (row: number) => string;
  /** Number of rows so far while each is longer than the one before it, or as long and after it in order. */
  #ascending = 0;
  #isAscending = true;
  #last = '';
  #lastStart = 0;
  #lastEnd = 0;
  /** Short cells, whose characters are their keys; zeros for a blank one. */
  readonly #short = new PairTable(Infinity);
  /** Hash and row of each long cell. */
  #hashes = new Int32Array(1024);
  #rows = new Uint32Array(1024);
  #longCells = 0;

  constructor(cellAt: (row: number) => string) {
    this.#cellAt = cellAt;
  }

  /** Number of distinct cells, which is counted with each call. */
  count(): number {
    return this.#isAscending ? this.#ascending : this.#short.size + this.#distinctLong();
  }

  add(text: string, start: number, end: number, row: number): void {
    if (this.#isAscending) {
      if (row === 0 || isAfter(text, start, end, this.#last, this.#lastStart, this.#lastEnd)) {
        [this.#last, this.#lastStart, this.#lastEnd] = [text, start, end];
        this.#ascending++;
        return;
      }
      this.#isAscending = false;
      for (let before = 0; before < row; before++) {
        const cell = this.#cellAt(before);
        this.#insert(cell, 0, cell.length, before);
      }
    }
    this.#insert(text, start, end, row);
  }

  #insert(text: string, start: number, end: number, row: number): void {
    if (end - start <= SHORT) {
      let [first, second, isShort] = [0, 0, true];
      for (let at = start; at < end; at++) {
        const code = text.charCodeAt(at);
        if (code === 0 || code > 0xff) isShort = false;
        if (at - start < SHORT / 2) first = (first << 8) | code;
        else second = (second << 8) | code;
      }
      if (isShort) {
        this.#short.add(first >>> 0, second >>> 0);
        return;
      }
    }
    if (this.#longCells === this.#rows.length) {
      this.#hashes = twice(this.#hashes);
      this.#rows = twice(this.#rows);
    }
    this.#hashes[this.#longCells] = hashOf(text, start, end);
    this.#rows[this.#longCells++] = row;
  }

  #distinctLong(): number {
    const rows = this.#rows;
    const isSame = (one: number, other: number) => this.#cellAt(rows[one]!) === this.#cellAt(rows[other]!);
    return firstEqual(this.#hashes.subarray(0, this.#longCells), isSame).reduce(
      (count, first, cell) => count + Number(first === cell),
      0,
    );
  }
}

/** Whether a cell is longer than another one, or as long and after it in the order of code units. */
function isAfter(
  text: string,
  start: number,
  end: number,
  other: string,
  otherStart: number,
  otherEnd: number,
): boolean {
  const length = end - start;
  if (length !== otherEnd - otherStart) return length > otherEnd - otherStart;
  for (let at = 0; at < length; at++) {
    const difference = text.charCodeAt(start + at) - other.charCodeAt(otherStart + at);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
