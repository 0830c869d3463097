import { multiply } from './gemm';
import { addInto, sumRows } from './loops';
import { PANEL } from './pack';
import { copyRow } from './rows';
import { groupStart, shareStart } from './share';

/** What all recurrent cells share: how inputs enter a step, and the gradients of the weights, which need no recurrence. */

/** The time step that is walked as number `step`. */
@inline
export function timeOf(step: i32, timeSteps: i32, reverse: bool): i32 {
  return reverse ? timeSteps - 1 - step : step;
}

/** Whether step t lies behind the end of its sequence. Without lengths all are whole. */
@inline
export function isMasked(lengths: usize, row: i32, t: i32): bool {
  return lengths !== 0 && t >= load<i32>(lengths + ((<usize>row) << 2));
}

/** z = bias, plus for token ids the rows of the kernel that they pick. Rows of z lie one after another. */
export function startRows(z: usize, bias: usize, kernel: usize, ids: usize, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let row = 0; row < rows; row++, z += bytes) {
    if (ids !== 0) sumRows(z, bias, kernel + <usize>load<i32>(ids + ((<usize>row) << 2)) * bytes, width);
    else copyRow(z, bias, width);
  }
}

/**
 * The gradient of the recurrent kernel, [units, width] += the sum over steps of h_before^T dz, for columns
 * [column, lastColumn). The states before the steps are h0 and then h without its last step walked.
 */
export function recurrentGradient(
  h0: usize,
  h: usize,
  dz: usize,
  gradient: usize,
  timeSteps: i32,
  batch: i32,
  units: i32,
  width: i32,
  reverse: bool,
  column: i32,
  lastColumn: i32,
  scratch: usize,
): void {
  const stateRow = (<usize>units) << 2;
  const row = (<usize>width) << 2;
  const step = <usize>batch * row;
  const firstWalked = reverse ? dz + <usize>(timeSteps - 1) * step : dz;
  multiply(h0, stateRow, true, firstWalked, row, false, batch, gradient, row, 0, units, column, lastColumn, scratch);
  const before = reverse ? h + <usize>batch * stateRow : h;
  const after = reverse ? dz : dz + step;
  const depth = (timeSteps - 1) * batch;
  multiply(before, stateRow, true, after, row, false, depth, gradient, row, 0, units, column, lastColumn, scratch);
}

/** The gradient of an input kernel, [inputs, width], for columns [column, lastColumn); for token ids the rows they pick. */
export function kernelGradient(
  x: usize,
  inputs: i32,
  dz: usize,
  gradient: usize,
  rows: i32,
  width: i32,
  column: i32,
  lastColumn: i32,
  scratch: usize,
): void {
  const bytes = (<usize>width) << 2;
  if (inputs > 0) {
    multiply(x, (<usize>inputs) << 2, true, dz, bytes, false, rows, gradient, bytes, 0, inputs, column, lastColumn, scratch);
  } else {
    const offset = (<usize>column) << 2;
    for (let row = 0; row < rows; row++, x += 4, dz += bytes) {
      addInto(gradient + <usize>load<i32>(x) * bytes + offset, dz + offset, lastColumn - column);
    }
  }
}

/** gradient[column] = sum over rows, for columns [column, lastColumn). */
export function columnSums(source: usize, rows: i32, width: i32, gradient: usize, column: i32, lastColumn: i32): void {
  const bytes = (<usize>width) << 2;
  const offset = (<usize>column) << 2;
  for (let row = 0; row < rows; row++, source += bytes) addInto(gradient + offset, source + offset, lastColumn - column);
}

/**
 * The gradient of a bias that is added to x W: the sums of dz. With token ids each row of dz is part of one row of
 * the kernel's gradient, so that adding those up gives the same, from fewer rows.
 */
export function biasGradient(
  dz: usize,
  inputs: i32,
  dKernel: usize,
  kernelRows: i32,
  gradient: usize,
  rows: i32,
  width: i32,
  column: i32,
  lastColumn: i32,
): void {
  if (inputs === 0 && kernelRows < rows) columnSums(dKernel, kernelRows, width, gradient, column, lastColumn);
  else columnSums(dz, rows, width, gradient, column, lastColumn);
}

/** dx [rows, inputs] += dz kernel^T for this thread's rows. */
export function inputGradient(
  dz: usize,
  kernel: usize,
  dx: usize,
  rows: i32,
  width: i32,
  inputs: i32,
  thread: i32,
  threads: i32,
  scratch: usize,
): void {
  const bytes = (<usize>width) << 2;
  const first = shareStart(rows, thread, threads);
  const last = shareStart(rows, thread + 1, threads);
  multiply(dz, bytes, false, kernel, bytes, true, width, dx, (<usize>inputs) << 2, first, last, 0, inputs, scratch);
}

/** Where a thread's columns of a weight gradient begin: whole panels, so that no panel is packed twice. */
@inline
export function columnStart(width: i32, thread: i32, threads: i32): i32 {
  return groupStart(width, PANEL, thread, threads);
}
