import { integer, pointer } from './arguments';
import * as backward from './backward';
import { columnStart, columnSums } from './columns';
import { multiply, multiplyPanels } from './gemm';
import { gruAfterBackwardUnits, gruBeforeBackwardUnits, gruResetBackwardUnits } from './loops';
import { packedBytes, packShare, PANEL_ROW, panelStride } from './pack';
import { clearRow, copyRow } from './rows';
import { barrier } from './threads';
import { batch, first, gateRow, h, h0, inputs, isMasked, placeOf, recurrentKernel, rows, rowsBefore, scratch, stateRow, timeOf, timeSteps, units, width } from './walk';

/** The gradient of the GRU; equations in reference/gru.ts. Threads meet only before the first step and after the last. */
const GATES: i32 = 3;

/** Bytes of scratch of the backward pass. */
export function gruBackwardScratch(inputs: i32, timeSteps: i32, batch: i32, units: i32, threads: i32): i32 {
  return packedBytes(GATES * units, units) + threads * backward.gradientScratch(inputs, timeSteps, batch, units, GATES * units, threads);
}

export function gruBackward(thread: i32, threads: i32): void {
  backward.read(GATES, thread, threads);
  const gates = pointer(backward.CELL);
  const recurrentCandidate = pointer(backward.CELL + 1);
  const resetAfter = integer(backward.CELL + 2) !== 0;
  // Beside dz, [timeSteps, batch, units]: with resetAfter dq, the gradient of q = h_{t-1} U + b_h; otherwise r_t * h_{t-1}.
  const notes = backward.dz + <usize>(timeSteps * batch) * gateRow;

  const panels = scratch;
  const own = panels + <usize>(packedBytes(width, units) + thread * backward.gradientScratch(inputs, timeSteps, batch, units, width, threads));
  packShare(recurrentKernel, gateRow, true, width, units, panels, thread, threads);
  backward.clearGradients(resetAfter ? 2 * width : width, thread, threads);
  barrier(threads);

  const dhCarried = backward.dh0 + (<usize>first) * stateRow;
  clearRow(dhCarried, rows * units);
  for (let step = timeSteps - 1; step >= 0; step--) {
    const t = timeOf(step);
    const place = placeOf(t);
    const z = gates + place * gateRow;
    const hBefore = rowsBefore(step, h0, h);
    const dz = backward.dz + place * gateRow;
    const note = notes + place * stateRow;
    backward.arrive(place, dhCarried);
    if (resetAfter) stepAfter(t, z, recurrentCandidate + place * stateRow, hBefore, dhCarried, dz, note, panels, own);
    else stepBefore(t, z, hBefore, dhCarried, dz, note, panels, own);
    multiplyPanels(dz, gateRow, rows, panels, panelStride(width), 2 * units, units, dhCarried, stateRow, own);
  }
  barrier(threads);

  recurrentGradients(resetAfter, notes, thread, threads, own);
  backward.inputGradients(columnStart(width, thread, threads), columnStart(width, thread + 1, threads), thread, threads, own);
  if (resetAfter) recurrentBiasGradient(notes, thread, threads);
}

/** Where the candidate's part of the packed kernel begins. */
@inline
function candidatePanels(panels: usize): usize {
  return panels + (<usize>(2 * units)) * PANEL_ROW;
}

/** A step's dz and dq, and what flows back through h_{t-1} itself and q. */
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

/** A step's dz, and what flows back through h_{t-1} itself and r_t * h_{t-1}, whose gradient stands for a moment in dr's place. */
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

/** The gradients of both parts of the recurrent kernel. */
function recurrentGradients(resetAfter: bool, notes: usize, thread: i32, threads: i32, room: usize): void {
  const gradient = backward.dRecurrentKernel;
  backward.recurrentGradient(backward.dz, gateRow, gradient, columnStart(2 * units, thread, threads), columnStart(2 * units, thread + 1, threads), room);
  const column = columnStart(units, thread, threads);
  const lastColumn = columnStart(units, thread + 1, threads);
  const candidateGradient = gradient + 2 * stateRow;
  if (resetAfter) {
    backward.recurrentGradient(notes, stateRow, candidateGradient, column, lastColumn, room);
  } else {
    const dg = backward.dz + 2 * stateRow;
    multiply(notes, stateRow, true, dg, gateRow, false, timeSteps * batch, candidateGradient, gateRow, 0, units, column, lastColumn, room);
  }
}

/** The gradient of b_h: for z and r that of b_x, for the candidate the sum of dq. */
function recurrentBiasGradient(dq: usize, thread: i32, threads: i32): void {
  const gradient = backward.dBias + gateRow;
  const column = columnStart(width, thread, threads);
  const shared = min(columnStart(width, thread + 1, threads), 2 * units) - column;
  const offset = (<usize>column) << 2;
  if (shared > 0) copyRow(gradient + offset, backward.dBias + offset, shared);
  columnSums(dq, timeSteps * batch, units, gradient + 2 * stateRow, columnStart(units, thread, threads), columnStart(units, thread + 1, threads));
}
