import { columnSums } from './columns';
import { transposedStride } from './gemm';
import { PANEL_ROW, packedBytes, packRows, panelCount, panelStride, transpose } from './pack';
import { addProduct } from './panelSums';
import { sumParts } from './parts';
import { clearRow } from './rows';
import { LINE } from './share';
import { batch, gateRow, rows, stateRow, units } from './sequence';
import * as weights from './weightGradients';

/**
 * Gradient of the candidate's columns U_g in the recurrent kernel of a GRU, which weightGradients.ts omits: with
 * resetAfter it is h_before^T dq, where q = h_before U_g + b_h, and otherwise (r * h_before)^T dg.
 */

/** Rows currently in the block, the same number as in weightGradients.ts. */
let collected: i32 = 0;
/** dq or dg in panels. */
let panels: usize = 0;
/** Transposed r * h_before. */
let resetStates: usize = 0;
/** Left factor of the product with the panels: the transposed previous states or `resetStates`. */
let factors: usize = 0;
/** Sums of dq, the gradient of b_h: of all threads and of this thread. */
let parts: usize = 0;
let part: usize = 0;

/** Size of one thread's sums in bytes, rounded up to whole cache lines. */
function partSize(units: i32): i32 {
  return ((units + LINE - 1) / LINE) * LINE * 4;
}

/** Size of one thread's block in bytes. */
function blockSize(batch: i32, units: i32, threads: i32): i32 {
  const depth = weights.maxCapacity(batch, threads);
  return packedBytes(depth, units) + units * <i32>transposedStride(depth);
}

/** Size of the scratch memory of all threads in bytes. */
export function candidateScratch(batch: i32, units: i32, threads: i32): i32 {
  return threads * (partSize(units) + blockSize(batch, units, threads));
}

/** Must be called before the first step and after `weights.begin`. @param room memory of `candidateScratch` bytes */
export function begin(room: usize, thread: i32, threads: i32): void {
  parts = room;
  part = parts + <usize>(thread * partSize(units));
  clearRow(part, units);
  panels = parts + <usize>(threads * partSize(units) + thread * blockSize(batch, units, threads));
  resetStates = panels + <usize>packedBytes(weights.capacity, units);
  collected = 0;
}

/** Collects a step with resetAfter, after `weights.collect`. */
export function collectAfter(dq: usize): void {
  columnSums(dq, rows, units, part, 0, units);
  factors = weights.statesBefore;
  collect(dq, stateRow);
}

/** Collects a step without resetAfter. @param dg the last third of the rows of dz */
export function collectBefore(dg: usize, resetState: usize): void {
  factors = resetStates;
  transpose(resetState, stateRow, rows, units, factors + ((<usize>collected) << 2), transposedStride(weights.capacity));
  collect(dg, gateRow);
}

function collect(d: usize, dRow: usize): void {
  packRows(d, dRow, rows, units, panels + <usize>collected * PANEL_ROW, panelStride(weights.capacity), 0, panelCount(units));
  collected += rows;
  if (collected === weights.capacity) multiplyBlock();
}

function multiplyBlock(): void {
  const stride = transposedStride(weights.capacity);
  addProduct(weights.candidateSums, factors, stride, units, panels, panelStride(weights.capacity), collected, units);
  collected = 0;
}

/** Must be called after the last step. */
export function end(): void {
  if (collected > 0) multiplyBlock();
}

/** Gradient of b_h with resetAfter: that of b_x for z and r, and the sum of dq for the candidate. */
export function addUpRecurrentBias(gradient: usize, thread: i32, threads: i32): void {
  weights.addUpBias(gradient, 2 * units, thread, threads);
  sumParts(gradient + 2 * stateRow, parts, <usize>partSize(units), units, thread, threads);
}
