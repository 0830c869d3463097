import { integer, pointer } from './arguments';
import { multiplyPanels, multiplyScratch } from './gemm';
import { sumRows } from './loops';
import { packShare, panelStride } from './pack';
import { copyRow } from './rows';
import { gateRow, inputs, kernel, PASS, readSequence, rows, units, width, x } from './sequence';

/** Forward pass, shared by all cells: arguments and the projection of the inputs. */

export let bias: usize = 0;
/** True if an earlier pass with the same weights has packed the kernels into this scratch memory. */
let isPacked: bool = false;

/** Index of the first argument of the cell. */
export const CELL: i32 = PASS + 2;

export function read(gates: i32, thread: i32, threads: i32): void {
  readSequence(gates, thread, threads);
  bias = pointer(PASS);
  isPacked = integer(PASS + 1) !== 0;
}

/** Scratch memory of a thread for the product with panels, in bytes. */
export function tileScratch(): i32 {
  return multiplyScratch(0, 0, 0, false);
}

/** Packs this thread's share of the first `columns` columns of a recurrent kernel. */
export function packRecurrentKernel(source: usize, columns: i32, panels: usize, thread: i32, threads: i32): void {
  if (!isPacked) packShare(source, gateRow, false, units, columns, panels, thread, threads);
}

/** Packs this thread's share of the input kernel. Token ids select rows of the unpacked kernel. */
export function packInputKernel(panels: usize, thread: i32, threads: i32): void {
  if (inputs > 0 && !isPacked) packShare(kernel, gateRow, false, inputs, width, panels, thread, threads);
}

/** z = x W + bias for this thread's rows of a step, which are contiguous. */
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
