import { integer, pointer } from './arguments';
import { addInto } from './loops';
import { sumOfSquares } from './rows';
import { batch, PASS, readSequence, rows, stateRow, timeSteps, units } from './sequence';

/** Backward pass, shared by all cells: arguments, accumulation of the gradients of a step, and their norms. */

/** Direct gradient of the loss with respect to the hidden states, [timeSteps, batch, units]. */
export let dh: usize = 0;
/** Rows of the input kernel, which token ids do not reveal. */
export let kernelRows: i32 = 0;
export let dx: usize = 0;
export let dKernel: usize = 0;
export let dRecurrentKernel: usize = 0;
export let dBias: usize = 0;
/** Gradient carried to the previous step; at the end, the gradient of the initial states. */
export let dh0: usize = 0;
/** 0 if the norms were not requested. */
export let norms: usize = 0;

/** Index of the first argument of the cell. */
export const CELL: i32 = PASS + 8;

export function read(gates: i32, thread: i32, threads: i32): void {
  readSequence(gates, thread, threads);
  dh = pointer(PASS);
  kernelRows = integer(PASS + 1);
  dx = pointer(PASS + 2);
  dKernel = pointer(PASS + 3);
  dRecurrentKernel = pointer(PASS + 4);
  dBias = pointer(PASS + 5);
  dh0 = pointer(PASS + 6);
  norms = pointer(PASS + 7);
}

/**
 * Adds the direct gradient of a step to the carried gradient of this thread's hidden states, and writes the norms of
 * the sums.
 */
export function accumulate(place: usize, dhCarried: usize): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const total = dhCarried + row * stateRow;
    addInto(total, dh + (place + row) * stateRow, units);
    if (norms !== 0) storeNorm(0, place + row, total);
  }
}

/** Writes the L2 norm of a row of gradients; `kind` is 0 for h and 1 for c. */
@inline
export function storeNorm(kind: i32, place: usize, row: usize): void {
  const at = norms + ((<usize>(kind * timeSteps * batch) + place) << 2);
  store<f32>(at, <f32>sqrt<f64>(sumOfSquares(row, units)));
}
