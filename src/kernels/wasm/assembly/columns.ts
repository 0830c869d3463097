import { addInto } from './loops';
import { PANEL } from './pack';
import { groupStart } from './share';

/** Sums over rows. Each thread handles a range of columns. */

/** gradient[column] = sum over rows, for columns [column, lastColumn). */
export function columnSums(source: usize, rows: i32, width: i32, gradient: usize, column: i32, lastColumn: i32): void {
  const bytes = (<usize>width) << 2;
  const offset = (<usize>column) << 2;
  for (let row = 0; row < rows; row++, source += bytes) addInto(gradient + offset, source + offset, lastColumn - column);
}

/** First column of a thread in a weight gradient, at a panel boundary so that no panel is packed twice. */
@inline
export function columnStart(width: i32, thread: i32, threads: i32): i32 {
  return groupStart(width, PANEL, thread, threads);
}
