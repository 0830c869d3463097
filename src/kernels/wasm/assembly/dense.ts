import { integer, pointer } from './arguments';
import { multiply, multiplyPanels, multiplyScratch } from './gemm';
import { addInto, tanhRow } from './loops';
import { packedBytes, packShare, PANEL, panelCount, panelStride, transpose } from './pack';
import { clearRow, copyRow } from './rows';
import { columnStart, columnSums } from './columns';
import { groupStart, LINE, shareStart } from './share';
import { barrier } from './threads';

/** Matrix product with an optional bias, and the sums for its gradient. */

/** Granularity of a thread's rows: the tallest tiles and whole cache lines. */
const ROW_GROUP: i32 = 12;

/** True to divide the rows of C among the threads, false to divide its columns: the longer side gives even shares. */
@inline
function dividesRows(rows: i32, columns: i32): bool {
  return rows >= columns;
}

export function matMulScratch(rows: i32, depth: i32, columns: i32, transposedA: bool, threads: i32): i32 {
  const ownRows = dividesRows(rows, columns) ? (rows + threads - 1) / threads + ROW_GROUP : rows;
  const ownColumns = dividesRows(rows, columns) ? columns : panelCount((columns + threads - 1) / threads + PANEL) * PANEL;
  return threads * multiplyScratch(ownRows, depth, ownColumns, transposedA);
}

/** C = op(A) op(B) + bias. */
export function matMul(thread: i32, threads: i32): void {
  const a = pointer(0);
  const transposedA = integer(1) !== 0;
  const b = pointer(2);
  const transposedB = integer(3) !== 0;
  const bias = pointer(4);
  const c = pointer(5);
  const rows = integer(6);
  const depth = integer(7);
  const columns = integer(8);
  const scratch = pointer(9) + <usize>((matMulScratch(rows, depth, columns, transposedA, threads) / threads) * thread);

  const byRows = dividesRows(rows, columns);
  const row = byRows ? groupStart(rows, ROW_GROUP, thread, threads) : 0;
  const lastRow = byRows ? groupStart(rows, ROW_GROUP, thread + 1, threads) : rows;
  const column = byRows ? 0 : columnStart(columns, thread, threads);
  const lastColumn = byRows ? columns : columnStart(columns, thread + 1, threads);
  const bytes = (<usize>columns) << 2;
  const offset = (<usize>column) << 2;
  for (let r = row; r < lastRow; r++) {
    const start = c + (<usize>r) * bytes + offset;
    if (bias !== 0) copyRow(start, bias + offset, lastColumn - column);
    else clearRow(start, lastColumn - column);
  }
  const lda = (<usize>(transposedA ? rows : depth)) << 2;
  const ldb = (<usize>(transposedB ? depth : columns)) << 2;
  multiply(a, lda, transposedA, b, ldb, transposedB, depth, c, bytes, row, lastRow, column, lastColumn, scratch);
}

/** Scratch memory of `denseStep`: the packed weights, and a tile for each thread. */
export function denseStepScratch(depth: i32, columns: i32, threads: i32): i32 {
  return packedBytes(depth, columns) + threads * multiplyScratch(0, 0, 0, false);
}

/**
 * Y = X W + bias, where the bias (0 for none) is added to the products as `addBias` does. Threads have the same parts
 * as in `matMul`, so that both give the same numbers. Weights that are already packed are not read.
 */
export function denseStep(thread: i32, threads: i32): void {
  const x = pointer(0);
  const weights = pointer(1);
  const isPacked = integer(2) !== 0;
  const bias = pointer(3);
  const y = pointer(4);
  const rows = integer(5);
  const depth = integer(6);
  const columns = integer(7);
  const panels = pointer(8);
  const spill = panels + <usize>(packedBytes(depth, columns) + thread * multiplyScratch(0, 0, 0, false));

  const bytes = (<usize>columns) << 2;
  if (!isPacked) packShare(weights, bytes, false, depth, columns, panels, thread, threads);
  barrier(threads);
  const byRows = dividesRows(rows, columns);
  const row = byRows ? groupStart(rows, ROW_GROUP, thread, threads) : 0;
  const lastRow = byRows ? groupStart(rows, ROW_GROUP, thread + 1, threads) : rows;
  const column = byRows ? 0 : columnStart(columns, thread, threads);
  const width = (byRows ? columns : columnStart(columns, thread + 1, threads)) - column;
  if (lastRow <= row || width <= 0) return;
  const lda = (<usize>depth) << 2;
  const stride = panelStride(depth);
  const offset = (<usize>column) << 2;
  const from = panels + (<usize>column / PANEL) * stride;
  const to = y + (<usize>row) * bytes + offset;
  for (let r = row; r < lastRow; r++) clearRow(y + (<usize>r) * bytes + offset, width);
  multiplyPanels(x + (<usize>row) * lda, lda, lastRow - row, from, stride, depth, width, to, bytes, spill);
  if (bias === 0) return;
  for (let r = row; r < lastRow; r++) addInto(y + (<usize>r) * bytes + offset, bias + offset, width);
}

/** y = x + bias for every row of x [rows, columns]. */
export function addBias(thread: i32, threads: i32): void {
  const bias = pointer(1);
  const rows = integer(3);
  const columns = integer(4);
  const bytes = (<usize>columns) << 2;
  const last = shareStart(rows, thread + 1, threads);
  for (let row = shareStart(rows, thread, threads); row < last; row++) {
    const y = pointer(2) + (<usize>row) * bytes;
    copyRow(y, pointer(0) + (<usize>row) * bytes, columns);
    addInto(y, bias, columns);
  }
}

/** Sums of the columns of x [rows, columns]. */
export function sumColumns(thread: i32, threads: i32): void {
  const rows = integer(2);
  const columns = integer(3);
  const first = columnStart(columns, thread, threads);
  const last = columnStart(columns, thread + 1, threads);
  clearRow(pointer(1) + ((<usize>first) << 2), last - first);
  columnSums(pointer(0), rows, columns, pointer(1), first, last);
}

/** tanh of every number. */
export function tanh(thread: i32, threads: i32): void {
  const first = groupStart(integer(2), LINE, thread, threads);
  const offset = (<usize>first) << 2;
  tanhRow(pointer(0) + offset, pointer(1) + offset, groupStart(integer(2), LINE, thread + 1, threads) - first);
}

/** Columns at a time, so that the rows of the transposed matrix that they become stay in the cache. */
const TRANSPOSED_AT_ONCE: i32 = 64;

/** Transposes x [rows, columns]. */
export function transposed(thread: i32, threads: i32): void {
  const rows = integer(2);
  const columns = integer(3);
  const first = groupStart(rows, LINE, thread, threads);
  const count = groupStart(rows, LINE, thread + 1, threads) - first;
  const stride = (<usize>columns) << 2;
  const transposedStride = (<usize>rows) << 2;
  const from = pointer(0) + (<usize>first) * stride;
  const to = pointer(1) + ((<usize>first) << 2);
  for (let column = 0; column < columns; column += TRANSPOSED_AT_ONCE) {
    const width = min(TRANSPOSED_AT_ONCE, columns - column);
    transpose(from + ((<usize>column) << 2), stride, count, width, to + (<usize>column) * transposedStride, transposedStride);
  }
}
