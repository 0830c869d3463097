import { integer, pointer } from './arguments';
import * as backward from './backward';
import * as candidate from './candidateGradients';
import { tileScratch } from './forward';
import { multiplyPanels } from './gemm';
import { gruAfterBackwardUnits, gruBeforeBackwardUnits, gruResetBackwardUnits } from './loops';
import { packedBytes, packShare, PANEL_ROW, panelStride } from './pack';
import { clearRow } from './rows';
import { barrier } from './threads';
import { batch, first, gateRow, h, h0, inputs, isMasked, placeOf, recurrentKernel, rows, rowsBefore, scratch, stateRow, timeOf, timeSteps, units, width } from './sequence';
import * as weights from './weightGradients';

/**
 * Gradient of the GRU; equations in reference/gru.ts. Threads synchronize only before the first and after the last
 * step.
 */
const GATES: i32 = 3;

/**
 * Scratch memory of each thread in bytes: dz of a step, dq or r * h_before, and a tile, rounded up to cache lines.
 */
function threadScratch(batch: i32, units: i32, threads: i32): i32 {
  const rows = (batch + threads - 1) / threads;
  return (rows * (GATES + 1) * units * 4 + tileScratch() + 63) & ~63;
}

/** Scratch memory of the backward pass in bytes. */
export function gruBackwardScratch(inputs: i32, kernelRows: i32, timeSteps: i32, batch: i32, units: i32, threads: i32): i32 {
  const own = packedBytes(GATES * units, units) + threads * threadScratch(batch, units, threads);
  const recurrent = candidate.candidateScratch(batch, units, threads);
  return own + recurrent + weights.weightScratch(inputs, kernelRows, timeSteps, batch, units, GATES * units, threads);
}

export function gruBackward(thread: i32, threads: i32): void {
  backward.read(GATES, thread, threads);
  const gates = pointer(backward.CELL);
  const recurrentCandidate = pointer(backward.CELL + 1);
  const resetAfter = integer(backward.CELL + 2) !== 0;

  const panels = scratch;
  const ownBytes = threadScratch(batch, units, threads);
  const own = panels + <usize>packedBytes(width, units);
  const dz = own + <usize>(thread * ownBytes);
  // With resetAfter dq, the gradient of q = h_{t-1} U + b_h of the candidate; otherwise r_t * h_{t-1}.
  const note = dz + <usize>rows * gateRow;
  const spill = note + <usize>rows * stateRow;
  const room = own + <usize>(threads * ownBytes);
  packShare(recurrentKernel, gateRow, true, width, units, panels, thread, threads);
  weights.begin(2 * units, room + <usize>candidate.candidateScratch(batch, units, threads), thread, threads);
  candidate.begin(room, thread, threads);
  barrier(threads);

  // Gradient carried from the following step; after the loop, the gradient of the initial state.
  const dhCarried = backward.dh0 + (<usize>first) * stateRow;
  clearRow(dhCarried, rows * units);
  for (let step = timeSteps - 1; step >= 0; step--) {
    const t = timeOf(step);
    const place = placeOf(t);
    const z = gates + place * gateRow;
    const hBefore = rowsBefore(step, h0, h);
    backward.accumulate(place, dhCarried);
    if (resetAfter) stepAfter(t, z, recurrentCandidate + place * stateRow, hBefore, dhCarried, dz, note, panels, spill);
    else stepBefore(t, z, hBefore, dhCarried, dz, note, panels, spill);
    multiplyPanels(dz, gateRow, rows, panels, panelStride(width), 2 * units, units, dhCarried, stateRow, spill);
    weights.collect(t, dz, hBefore);
    if (resetAfter) candidate.collectAfter(note);
    else candidate.collectBefore(dz + 2 * stateRow, note);
  }
  weights.end();
  candidate.end();
  barrier(threads);
  weights.addUp(thread, threads);
  if (resetAfter) candidate.addUpRecurrentBias(backward.dBias + gateRow, thread, threads);
}

/** Address of the candidate's part of the packed kernel. */
@inline
function candidatePanels(panels: usize): usize {
  return panels + (<usize>(2 * units)) * PANEL_ROW;
}

/** Computes dz and dq of a step, and the gradient carried back through h_{t-1} itself and through q. */
function stepAfter(t: i32, z: usize, q: usize, hBefore: usize, dh: usize, dz: usize, dq: usize, panels: usize, spill: usize): void {
  for (let row = 0; row < rows; row++) {
    const offset = (<usize>row) * stateRow;
    const gateOffset = (<usize>row) * gateRow;
    const gate = z + gateOffset;
    const to = dz + gateOffset;
    if (isMasked(row, t)) maskRow(to, dq + offset);
    else {
      gruAfterBackwardUnits(
        gate, gate + stateRow, gate + 2 * stateRow, q + offset, hBefore + offset, dh + offset,
        to, to + stateRow, to + 2 * stateRow, dq + offset, units,
      );
    }
  }
  multiplyPanels(dq, stateRow, rows, candidatePanels(panels), panelStride(width), units, units, dh, stateRow, spill);
}

/**
 * Computes dz of a step, and the gradient carried back through h_{t-1} itself and through r_t * h_{t-1}; the gradient
 * of the latter is temporarily stored in the memory of dr.
 */
function stepBefore(t: i32, z: usize, hBefore: usize, dh: usize, dz: usize, resetState: usize, panels: usize, spill: usize): void {
  for (let row = 0; row < rows; row++) {
    const offset = (<usize>row) * stateRow;
    const gate = z + (<usize>row) * gateRow;
    const to = dz + (<usize>row) * gateRow;
    if (isMasked(row, t)) maskRow(to, resetState + offset);
    else {
      clearRow(to + stateRow, units);
      gruBeforeBackwardUnits(gate, gate + stateRow, gate + 2 * stateRow, hBefore + offset, dh + offset, to, to + 2 * stateRow, resetState + offset, units);
    }
  }
  const dg = dz + 2 * stateRow;
  multiplyPanels(dg, gateRow, rows, candidatePanels(panels), panelStride(width), units, units, dz + stateRow, gateRow, spill);
  for (let row = 0; row < rows; row++) {
    const offset = (<usize>row) * stateRow;
    const reset = stateRow + (<usize>row) * gateRow;
    if (!isMasked(row, t)) gruResetBackwardUnits(z + reset, hBefore + offset, dh + offset, dz + reset, units);
  }
}

function maskRow(dz: usize, note: usize): void {
  clearRow(dz, width);
  clearRow(note, units);
}
