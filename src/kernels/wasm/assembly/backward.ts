import { integer, pointer } from './arguments';
import { columnStart, columnSums, kernelGradient } from './columns';
import { multiply, multiplyScratch } from './gemm';
import { addInto } from './loops';
import { PANEL, panelCount } from './pack';
import { clearRow, sumOfSquares } from './rows';
import { shareStart } from './share';
import { batch, gateRow, h, h0, inputs, kernel, PASS, readWalk, reverse, rows, stateRow, timeSteps, units, width, x } from './walk';

/** What the backward passes of all cells share: the norms, and the gradients of the weights, which need no recurrence. */

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
/** Gradients of the gates' sums, [timeSteps, batch, width]. */
export let dz: usize = 0;

/** The first argument that belongs to the cell. */
export const CELL: i32 = PASS + 9;

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
  dz = pointer(PASS + 8);
}

/** Clears this thread's share of what is added up: the gradients of weights and inputs. */
export function clearGradients(biases: i32, thread: i32, threads: i32): void {
  clearShare(dRecurrentKernel, units * width, thread, threads);
  clearShare(dKernel, kernelRows * width, thread, threads);
  clearShare(dBias, biases, thread, threads);
  if (inputs > 0) clearShare(dx, timeSteps * batch * inputs, thread, threads);
}

function clearShare(target: usize, count: i32, thread: i32, threads: i32): void {
  const first = shareStart(count, thread, threads);
  clearRow(target + ((<usize>first) << 2), shareStart(count, thread + 1, threads) - first);
}

/** Adds to what flows back to this thread's hidden states in a step what the loss sees of them, and writes the norms of the sums. */
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

/** Bytes of scratch that each thread needs for the gradients below. */
export function gradientScratch(inputs: i32, timeSteps: i32, batch: i32, units: i32, width: i32, threads: i32): i32 {
  const columns = panelCount((width + threads - 1) / threads + PANEL) * PANEL;
  const weights = multiplyScratch(max(units, inputs), timeSteps * batch, columns, true);
  return max(weights, multiplyScratch(0, width, inputs, false));
}

/**
 * Columns [column, lastColumn) of the gradient of a recurrent kernel, the sum over steps of h_before^T d, where z =
 * h_before U. The states before the steps are h0 and then h without its last step walked.
 * @param dRow bytes of a row of d
 * @param gradient a column of dRecurrentKernel, where those of d begin
 */
export function recurrentGradient(d: usize, dRow: usize, gradient: usize, column: i32, lastColumn: i32, room: usize): void {
  const step = <usize>batch * dRow;
  const firstWalked = reverse ? d + <usize>(timeSteps - 1) * step : d;
  multiply(h0, stateRow, true, firstWalked, dRow, false, batch, gradient, gateRow, 0, units, column, lastColumn, room);
  const before = reverse ? h + <usize>batch * stateRow : h;
  const after = reverse ? d : d + step;
  const depth = (timeSteps - 1) * batch;
  multiply(before, stateRow, true, after, dRow, false, depth, gradient, gateRow, 0, units, column, lastColumn, room);
}

/** The gradients of input kernel, input bias (columns [column, lastColumn) of both) and, for this thread's rows, dense inputs. */
export function inputGradients(column: i32, lastColumn: i32, thread: i32, threads: i32, room: usize): void {
  const steps = timeSteps * batch;
  kernelGradient(x, inputs, dz, dKernel, steps, width, column, lastColumn, room);
  // With token ids each row of dz is part of one row of dKernel: adding those up gives the same, from fewer rows.
  if (inputs === 0 && kernelRows < steps) columnSums(dKernel, kernelRows, width, dBias, column, lastColumn);
  else columnSums(dz, steps, width, dBias, column, lastColumn);
  if (inputs === 0) return;
  const from = shareStart(steps, thread, threads);
  const to = shareStart(steps, thread + 1, threads);
  multiply(dz, gateRow, false, kernel, gateRow, true, width, dx, (<usize>inputs) << 2, from, to, 0, inputs, room);
}
