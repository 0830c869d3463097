import { integer, pointer } from './arguments';
import { addInto } from './loops';
import { sumOfSquares } from './rows';
import { batch, PASS, readWalk, rows, stateRow, timeSteps, units } from './walk';

/** What the backward passes of all cells share: their arguments, how gradients arrive at a step, and the norms. */

/** What the loss sees of the hidden states directly, [timeSteps, batch, units]. */
export let dh: usize = 0;
/** Rows of the input kernel: token ids do not tell. */
export let kernelRows: i32 = 0;
export let dx: usize = 0;
export let dKernel: usize = 0;
export let dRecurrentKernel: usize = 0;
export let dBias: usize = 0;
/** What flows back to the step walked before; in the end, to the initial states. */
export let dh0: usize = 0;
/** 0 where nobody asks for them. */
export let norms: usize = 0;

/** The first argument that belongs to the cell. */
export const CELL: i32 = PASS + 8;

export function read(gates: i32, thread: i32, threads: i32): void {
  readWalk(gates, thread, threads);
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
 * Adds to what flows back to this thread's hidden states in a step what the loss sees of them, and writes the norms of
 * the sums.
 */
export function arrive(place: usize, dhCarried: usize): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const total = dhCarried + row * stateRow;
    addInto(total, dh + (place + row) * stateRow, units);
    if (norms !== 0) storeNorm(0, place + row, total);
  }
}

/** Writes the L2 norm of a row of gradients; `kind` tells those of h and c apart. */
@inline
export function storeNorm(kind: i32, place: usize, row: usize): void {
  const at = norms + ((<usize>(kind * timeSteps * batch) + place) << 2);
  store<f32>(at, <f32>sqrt<f64>(sumOfSquares(row, units)));
}
