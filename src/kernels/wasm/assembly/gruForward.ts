import { integer, pointer } from './arguments';
import * as forward from './forward';
import { multiplyPanels } from './gemm';
import { addInto, gruAfterUnits, gruBeforeUnits, gruResetUnits } from './loops';
import { packedBytes, panelStride } from './pack';
import { clearRow, copyRow } from './rows';
import { barrier } from './threads';
import { gateRow, h, h0, inputs, isMasked, placeOf, recurrentKernel, rows, rowsBefore, scratch, stateRow, timeOf, timeSteps, units, width } from './sequence';

/**
 * GRU with both conventions of the reset gate; equations in contract.ts. Threads synchronize only before the first
 * step. The recurrent kernel is packed in two parts, for the gates z and r and for the candidate, because only the
 * first is always multiplied with h itself.
 */
const GATES: i32 = 3;

/** Scratch memory of the forward pass in bytes. */
export function gruForwardScratch(inputs: i32, units: i32, threads: i32): i32 {
  const panels = packedBytes(units, 2 * units) + packedBytes(units, units) + packedBytes(inputs, GATES * units);
  return panels + threads * threadScratch(units);
}

/** Scratch memory of each thread in bytes: a tile, and the bias of the gates. */
function threadScratch(units: i32): i32 {
  return forward.tileScratch() + 4 * GATES * units;
}

export function gruForward(thread: i32, threads: i32): void {
  forward.read(GATES, thread, threads);
  const gates = pointer(forward.CELL);
  const recurrentCandidate = pointer(forward.CELL + 1);
  const resetAfter = integer(forward.CELL + 2) !== 0;

  const gatePanels = scratch;
  const candidatePanels = gatePanels + <usize>packedBytes(units, 2 * units);
  const inputPanels = candidatePanels + <usize>packedBytes(units, units);
  const spill = inputPanels + <usize>(packedBytes(inputs, width) + thread * threadScratch(units));
  forward.packRecurrentKernel(recurrentKernel, 2 * units, gatePanels, thread, threads);
  forward.packRecurrentKernel(recurrentKernel + 2 * stateRow, units, candidatePanels, thread, threads);
  forward.packInputKernel(inputPanels, thread, threads);
  // With resetAfter the gates use the sum of both biases; the candidate uses its two biases separately.
  const recurrentBias = forward.bias + gateRow;
  const bias = spill + <usize>forward.tileScratch();
  copyRow(bias, forward.bias, width);
  if (resetAfter) addInto(bias, recurrentBias, 2 * units);
  barrier(threads);

  for (let step = 0; step < timeSteps; step++) {
    const t = timeOf(step);
    const place = placeOf(t);
    const z = gates + place * gateRow;
    const hBefore = rowsBefore(step, h0, h);
    forward.project(z, bias, place, inputPanels, spill);
    multiplyPanels(hBefore, stateRow, rows, gatePanels, panelStride(units), units, 2 * units, z, gateRow, spill);
    if (resetAfter) {
      const q = recurrentCandidate + place * stateRow;
      for (let row: usize = 0; row < <usize>rows; row++) copyRow(q + row * stateRow, recurrentBias + 2 * stateRow, units);
      multiplyPanels(hBefore, stateRow, rows, candidatePanels, panelStride(units), units, units, q, stateRow, spill);
      finishAfter(t, z, q, hBefore, h + place * stateRow);
    } else {
      finishBefore(t, z, hBefore, h + place * stateRow, candidatePanels, spill);
    }
  }
}

/** Finishes a step from the pre-activations of the gates and q = h_{t-1} U + b_h of the candidate. */
function finishAfter(t: i32, z: usize, q: usize, hBefore: usize, h: usize): void {
  for (let row = 0; row < rows; row++, z += gateRow, q += stateRow, hBefore += stateRow, h += stateRow) {
    if (isMasked(row, t)) {
      clearRow(q, units);
      maskRow(z, hBefore, h);
    } else {
      gruAfterUnits(z, z + stateRow, z + 2 * stateRow, q, hBefore, h, units);
    }
  }
}

/**
 * Finishes a step from the pre-activations of z and r, and x W of the candidate. The memory of h_t temporarily holds
 * r_t * h_{t-1}.
 */
function finishBefore(t: i32, z: usize, hBefore: usize, h: usize, candidatePanels: usize, spill: usize): void {
  for (let row: usize = 0; row < <usize>rows; row++) {
    const at = z + row * gateRow;
    gruResetUnits(at, at + stateRow, hBefore + row * stateRow, h + row * stateRow, units);
  }
  multiplyPanels(h, stateRow, rows, candidatePanels, panelStride(units), units, units, z + 2 * stateRow, gateRow, spill);
  for (let row = 0; row < rows; row++, z += gateRow, hBefore += stateRow, h += stateRow) {
    if (isMasked(row, t)) maskRow(z, hBefore, h);
    else gruBeforeUnits(z, z + 2 * stateRow, hBefore, h, units);
  }
}

function maskRow(gates: usize, hBefore: usize, h: usize): void {
  clearRow(gates, width);
  copyRow(h, hBefore, units);
}
