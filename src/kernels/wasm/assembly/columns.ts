import { multiply } from './gemm';
import { addInto } from './loops';
import { PANEL } from './pack';
import { groupStart } from './share';

/** Gradients that add up over rows. Threads divide their columns. */

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

/** Where a thread's columns of a weight gradient begin: whole panels, so that no panel is packed twice. */
@inline
export function columnStart(width: i32, thread: i32, threads: i32): i32 {
  return groupStart(width, PANEL, thread, threads);
}
