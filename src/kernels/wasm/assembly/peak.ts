import { integer, pointer } from './arguments';
import { fullTile } from './gemm';
import { PANEL, PANEL_ROW } from './pack';
import { clearRow } from './rows';
import { MAX_ROWS } from './tiles';

/** Benchmark of the innermost loop of a matrix product with all operands in the L1 cache. */

const DEPTH: i32 = 256;

/** Size of one thread's A, panel and C in bytes. */
const ROOM: i32 = (MAX_ROWS + PANEL) * DEPTH * 4 + MAX_ROWS * 64;

export function tilePeakScratch(threads: i32): i32 {
  return threads * ROOM;
}

/** Number of multiplications and additions of one round on one thread. */
export function tilePeakOperations(): i32 {
  return 2 * MAX_ROWS * PANEL * DEPTH;
}

export function tilePeak(thread: i32, threads: i32): void {
  const rounds = integer(0);
  const a = pointer(1) + <usize>(thread * ROOM);
  const panel = a + <usize>(MAX_ROWS * DEPTH * 4);
  const c = panel + <usize>DEPTH * PANEL_ROW;
  clearRow(a, ROOM / 4);
  for (let round = 0; round < rounds; round++) fullTile(MAX_ROWS, a, <usize>DEPTH * 4, panel, c, PANEL_ROW, DEPTH, PANEL);
}
