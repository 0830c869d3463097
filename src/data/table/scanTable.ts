import type { RowProblem } from '../inputError.ts';
import { yieldToEventLoop } from '../../platform/system.ts';
import type { OnProgress } from '../progress.ts';
import { twice } from '../twice.ts';
import type { Syntax } from './dialect.ts';
import { type RowBlock, ScannedRows, type TableRow } from './rows.ts';
import { cellOf, RowScanner, unclosedReason } from './scanRows.ts';
import { LONGEST_TEXT } from './textPieces.ts';

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** All rows of a delimited table, of any number of cells. */
export class ScannedTable {
  readonly #blocks: readonly RowBlock[];
  readonly #syntax: Syntax;
  readonly unclosed: RowProblem | undefined;
  readonly comments: number;
  readonly blankRows: number;
  /** Number of rows. */
  readonly length: number;

  constructor(
    blocks: readonly RowBlock[],
    syntax: Syntax,
    found: { readonly unclosed: RowProblem | undefined; readonly comments: number; readonly blankRows: number },
  ) {
    this.#blocks = blocks;
    this.#syntax = syntax;
    this.unclosed = found.unclosed;
    this.comments = found.comments;
    this.blankRows = found.blankRows;
    this.length = blocks.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Most common number of cells per row. */
  get width(): number {
    const counts = new Map<number, number>();
    const add = (width: number, rows: number) => counts.set(width, (counts.get(width) ?? 0) + rows);
    for (const { widths, rows } of this.#blocks) {
      if (typeof widths === 'number') add(widths, rows);
      else for (const width of widths) add(width, 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
  }

  /** Rows by their ascending indices. */
  *rowsAt(indices: Iterable<number>): Generator<TableRow> {
    let [block, first, at, row] = [0, 0, 0, 0];
    for (const index of indices) {
      while (index >= first + this.#blocks[block]!.rows) {
        first += this.#blocks[block]!.rows;
        block++;
        [at, row] = [0, 0];
      }
      const { text, lines, bounds, widths } = this.#blocks[block]!;
      for (; first + row < index; row++) at += 2 * widthOf(widths, row);
      const place = at;
      const cells = Array.from({ length: widthOf(widths, row) }, (_, cell) =>
        cellOf(text, bounds[place + 2 * cell]!, bounds[place + 2 * cell + 1]!, this.#syntax),
      );
      yield { line: lines[row]!, cells };
    }
  }

  /** The rows with a number of cells from an index on, and the lines and numbers of cells of the others. */
  rowsOf(
    width: number,
    from: number,
  ): { readonly rows: ScannedRows; readonly others: readonly { readonly line: number; readonly width: number }[] } {
    const others: { line: number; width: number }[] = [];
    let first = 0;
    const blocks = this.#blocks.flatMap((block) => {
      const skipped = Math.max(0, from - first);
      first += block.rows;
      if (skipped === 0 && block.widths === width) return [block];
      return skipped >= block.rows ? [] : [onlyWidth(block, width, skipped, others)];
    });
    return { rows: new ScannedRows(blocks, width, this.#syntax), others };
  }
}

function widthOf(widths: RowBlock['widths'], row: number): number {
  return typeof widths === 'number' ? widths : widths[row]!;
}

/** The rows of a block with a number of cells. */
function onlyWidth(
  { text, rows, lines, bounds, widths }: RowBlock,
  width: number,
  skipped: number,
  others: { line: number; width: number }[],
): RowBlock {
  const kept = new Uint32Array(rows);
  const cells = new Uint32Array(2 * width * rows);
  let count = 0;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const own = widthOf(widths, row);
    if (row >= skipped && own === width) {
      kept[count] = lines[row]!;
      cells.set(bounds.subarray(at, at + 2 * width), 2 * width * count);
      count++;
    } else if (row >= skipped) others.push({ line: lines[row]!, width: own });
    at += 2 * own;
  }
  return { text, rows: count, lines: kept.slice(0, count), bounds: cells.slice(0, 2 * width * count), widths: width };
}

/**
 * Finds the rows of a table in the pieces of its text, which are removed from the list, so that each is in memory once.
 */
export async function scanTable(
  pieces: string[],
  syntax: Syntax,
  { signal, onProgress }: ScanOptions = {},
): Promise<ScannedTable> {
  const scan = new PieceScan(syntax);
  const all = pieces.length;
  pieces.reverse();
  while (pieces.length > 0) {
    await yieldToEventLoop(signal);
    onProgress?.(1 - pieces.length / all);
    // A row of many pieces is searched for its end each time its length has doubled.
    const parts: string[] = [];
    let length = 0;
    do {
      parts.push(pieces.pop()!);
      length += parts.at(-1)!.length;
    } while (pieces.length > 0 && length <= scan.waiting);
    if (!scan.add(parts.length === 1 ? parts[0]! : parts.join(''), pieces.length === 0)) break;
  }
  pieces.length = 0;
  return scan.table;
}

/** Scan of a text that is added piece by piece. */
class PieceScan {
  readonly #syntax: Syntax;
  readonly #blocks: RowBlock[] = [];
  readonly #found = new FoundRows();
  #comments = 0;
  #blankRows = 0;
  #unclosed: RowProblem | undefined;
  /** Line of the file where the next row begins. */
  #line = 1;
  /** The beginning of a row that goes on in the next piece. */
  #rest = '';

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
  }

  /** Length of the beginning of a row that waits for the next piece. */
  get waiting(): number {
    return this.#rest.length;
  }

  get table(): ScannedTable {
    return new ScannedTable(this.#blocks, this.#syntax, {
      unclosed: this.#unclosed,
      comments: this.#comments,
      blankRows: this.#blankRows,
    });
  }

  /** Adds the next piece. @returns false if a row is longer than a string can be, so that the rest cannot be read */
  add(piece: string, isEnd: boolean): boolean {
    if (this.#rest.length + piece.length > LONGEST_TEXT) {
      this.#unclosed = { line: this.#line, reason: unclosedReason() };
      return false;
    }
    const lineEnd = piece.indexOf('\n');
    if (this.#rest === '' || lineEnd < 0 || lineEnd === piece.length - 1) {
      this.#scan(this.#rest + piece, 0, isEnd);
      return true;
    }
    // The row that goes on mostly ends with the first line, so that the piece need not be copied.
    this.#scan(this.#rest + piece.slice(0, lineEnd + 1), 0, false);
    if (this.#rest === '') this.#scan(piece, lineEnd + 1, isEnd);
    else this.#scan(this.#rest + piece.slice(lineEnd + 1), 0, isEnd);
    return true;
  }

  #scan(text: string, at: number, isEnd: boolean): void {
    const scanner = new RowScanner(text, this.#syntax, { at, line: this.#line, isEnd });
    const block = this.#found.blockOf(text, scanner);
    if (block.rows > 0) this.#blocks.push(block);
    this.#comments += scanner.comments;
    this.#blankRows += scanner.blankRows;
    this.#unclosed = scanner.unclosed;
    this.#line = scanner.rest.line;
    this.#rest = text.slice(scanner.rest.at);
  }
}

/** The rows of the current text, in memory that the next text uses again. */
class FoundRows {
  #lines = new Uint32Array(1024);
  #widths = new Uint32Array(1024);
  #bounds = new Uint32Array(8192);

  blockOf(text: string, scanner: RowScanner): RowBlock {
    let [rows, cells] = [0, 0];
    let isUniform = true;
    while (scanner.advance()) {
      const { line, width } = scanner;
      if (rows === this.#lines.length) [this.#lines, this.#widths] = [twice(this.#lines), twice(this.#widths)];
      while (2 * (cells + width) > this.#bounds.length) this.#bounds = twice(this.#bounds);
      this.#lines[rows] = line;
      this.#widths[rows] = width;
      isUniform &&= width === this.#widths[0];
      scanner.copyBounds(this.#bounds, 2 * cells);
      cells += width;
      rows++;
    }
    return {
      text,
      rows,
      lines: this.#lines.slice(0, rows),
      bounds: this.#bounds.slice(0, 2 * cells),
      widths: isUniform ? (rows === 0 ? 0 : this.#widths[0]!) : this.#widths.slice(0, rows),
    };
  }
}
