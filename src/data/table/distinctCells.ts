import { twice } from '../twice.ts';
import { firstEqual } from '../firstEqual.ts';
import { hashOfBytes } from '../hashIndex.ts';
import { TextBytes } from '../textBytes.ts';
import { PairTable } from '../ngram/pairTable.ts';
import { trimmedEnd, trimmedStart } from './cellRange.ts';
import type { TableRows } from './rows.ts';

/** Number of bytes of a short cell: as many fit into two numbers of 32 bits, with their number. */
const SHORT = 7;

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
  /** The text with the last cell that was not the whole of one, and its bytes. */
  #block = '';
  readonly #blockBytes = new TextBytes();
  readonly #cellBytes = new TextBytes();
  /** Short cells, whose bytes and their number are their keys. */
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
    const isCell = start === 0 && end === text.length;
    if (!isCell && text !== this.#block) {
      this.#block = text;
      this.#blockBytes.set(text);
    }
    // In a text of ASCII, the bytes of a cell are where its characters are.
    if (!isCell && this.#blockBytes.length === text.length) this.#insertBytes(this.#blockBytes.view, start, end, row);
    else {
      this.#cellBytes.set(isCell ? text : text.slice(start, end));
      this.#insertBytes(this.#cellBytes.view, 0, this.#cellBytes.length, row);
    }
  }

  #insertBytes(view: DataView, start: number, end: number, row: number): void {
    const length = end - start;
    if (length <= SHORT) {
      const first = view.getInt32(start, true) & maskOf(length);
      const second = view.getInt32(start + 4, true) & maskOf(length - 4);
      this.#short.add(first >>> 0, (second | (length << 24)) >>> 0);
      return;
    }
    if (this.#longCells === this.#rows.length) {
      this.#hashes = twice(this.#hashes);
      this.#rows = twice(this.#rows);
    }
    this.#hashes[this.#longCells] = hashOfBytes(view, start, end);
    this.#rows[this.#longCells++] = row;
  }

  #distinctLong(): number {
    const rows = this.#rows;
    const isSame = (one: number, other: number) => this.#cellAt(rows[one]!) === this.#cellAt(rows[other]!);
    const firsts = firstEqual(this.#hashes.subarray(0, this.#longCells), isSame);
    let distinct = 0;
    for (let cell = 0; cell < firsts.length; cell++) if (firsts[cell] === cell) distinct++;
    return distinct;
  }
}

/** Bits of the first bytes of a word. */
function maskOf(bytes: number): number {
  if (bytes >= 4) return -1;
  return bytes <= 0 ? 0 : (1 << (8 * bytes)) - 1;
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
