import { pointer } from './arguments';
import { multiplyPanels, multiplyScratch } from './gemm';
import { sumRows } from './loops';
import { packShare, panelStride } from './pack';
import { copyRow } from './rows';
import { gateRow, inputs, kernel, PASS, readWalk, rows, width, x } from './walk';

/** What the forward passes of all cells share: how inputs enter a step. */

export let bias: usize = 0;

/** The first argument that belongs to the cell. */
export const CELL: i32 = PASS + 1;

export function read(gates: i32, thread: i32, threads: i32): void {
  readWalk(gates, thread, threads);
  bias = pointer(PASS);
}

/** Bytes of scratch that a thread needs to multiply panels. */
export function tileScratch(): i32 {
  return multiplyScratch(0, 0, 0, false);
}

/** Packs this thread's share of the input kernel; token ids pick its rows as they are. */
export function packInputKernel(panels: usize, thread: i32, threads: i32): void {
  if (inputs > 0) packShare(kernel, gateRow, false, inputs, width, panels, thread, threads);
}

/** z = x W + a bias for this thread's rows of a step, which lie one after another. */
export function project(z: usize, bias: usize, place: usize, panels: usize, spill: usize): void {
  if (inputs > 0) {
    for (let row = 0; row < rows; row++) copyRow(z + (<usize>row) * gateRow, bias, width);
    const inputRow = (<usize>inputs) << 2;
    multiplyPanels(x + place * inputRow, inputRow, rows, panels, panelStride(inputs), inputs, width, z, gateRow, spill);
    return;
  }
  for (let row: usize = 0; row < <usize>rows; row++) {
    const id = load<i32>(x + ((place + row) << 2));
    sumRows(z + row * gateRow, bias, kernel + <usize>id * gateRow, width);
  }
}
