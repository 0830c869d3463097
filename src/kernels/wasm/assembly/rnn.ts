import { integer, pointer } from './arguments';
import * as backward from './backward';
import * as forward from './forward';
import { multiplyPanels } from './gemm';
import { Activation } from './jobs';
import { reluBackwardUnits, reluUnits, tanhBackwardUnits, tanhUnits } from './loops';
import { packedBytes, packShare, panelStride } from './pack';
import { clearRow, copyRow } from './rows';
import { barrier } from './threads';
import * as weights from './weightGradients';
import { batch, first, h, h0, inputs, isMasked, placeOf, recurrentKernel, rows, rowsBefore, scratch, stateRow, timeOf, timeSteps, units } from './sequence';

/** Simple RNN; equation in contract.ts. Its only "gate" is the hidden state itself. */
const GATES: i32 = 1;

/** Scratch memory of the forward pass in bytes. */
export function rnnForwardScratch(inputs: i32, units: i32, threads: i32): i32 {
  return packedBytes(units, units) + packedBytes(inputs, units) + threads * forward.tileScratch();
}

export function rnnForward(thread: i32, threads: i32): void {
  forward.read(GATES, thread, threads);
  const activation = integer(forward.CELL);
  const slopes = pointer(forward.CELL + 1);

  const panels = scratch;
  const inputPanels = panels + <usize>packedBytes(units, units);
  const spill = inputPanels + <usize>(packedBytes(inputs, units) + thread * forward.tileScratch());
  forward.packRecurrentKernel(recurrentKernel, units, panels, thread, threads);
  forward.packInputKernel(inputPanels, thread, threads);
  barrier(threads);

  for (let step = 0; step < timeSteps; step++) {
    const t = timeOf(step);
    const place = placeOf(t);
    const hNow = h + place * stateRow;
    const hBefore = rowsBefore(step, h0, h);
    forward.project(hNow, forward.bias, place, inputPanels, spill);
    multiplyPanels(hBefore, stateRow, rows, panels, panelStride(units), units, units, hNow, stateRow, spill);
    for (let row = 0; row < rows; row++) {
      const offset = (<usize>row) * stateRow;
      const slopeRow = slopes + place * stateRow + offset;
      if (isMasked(row, t)) {
        copyRow(hNow + offset, hBefore + offset, units);
        if (activation === Activation.tanh) clearRow(slopeRow, units);
      } else {
        activate(activation, hNow + offset, slopeRow);
      }
    }
  }
}

function activate(activation: i32, z: usize, slopes: usize): void {
  if (activation === Activation.tanh) tanhUnits(z, slopes, units);
  else if (activation === Activation.relu) reluUnits(z, units);
}

/**
 * Scratch memory of each thread in the backward pass in bytes: dz of a step, and a tile, rounded up to cache lines.
 */
function backwardThreadScratch(batch: i32, units: i32, threads: i32): i32 {
  const rows = (batch + threads - 1) / threads;
  return (rows * units * 4 + forward.tileScratch() + 63) & ~63;
}

/** Scratch memory of the backward pass in bytes. */
export function rnnBackwardScratch(inputs: i32, kernelRows: i32, timeSteps: i32, batch: i32, units: i32, threads: i32): i32 {
  const own = packedBytes(units, units) + threads * backwardThreadScratch(batch, units, threads);
  return own + weights.weightScratch(inputs, kernelRows, timeSteps, batch, units, units, threads);
}

export function rnnBackward(thread: i32, threads: i32): void {
  backward.read(GATES, thread, threads);
  const activation = integer(backward.CELL);
  const slopes = pointer(backward.CELL + 1);

  const panels = scratch;
  const ownBytes = backwardThreadScratch(batch, units, threads);
  const own = panels + <usize>packedBytes(units, units);
  const dz = own + <usize>(thread * ownBytes);
  const spill = dz + <usize>rows * stateRow;
  packShare(recurrentKernel, stateRow, true, units, units, panels, thread, threads);
  weights.begin(units, own + <usize>(threads * ownBytes), thread, threads);
  barrier(threads);

  // Gradient carried from the following step; after the loop, the gradient of the initial state.
  const dhCarried = backward.dh0 + (<usize>first) * stateRow;
  clearRow(dhCarried, rows * units);
  for (let step = timeSteps - 1; step >= 0; step--) {
    const t = timeOf(step);
    const place = placeOf(t);
    backward.accumulate(place, dhCarried);
    for (let row = 0; row < rows; row++) {
      const offset = (<usize>row) * stateRow;
      if (isMasked(row, t)) {
        clearRow(dz + offset, units);
      } else {
        const here = place * stateRow + offset;
        activateBackward(activation, h + here, slopes + here, dhCarried + offset, dz + offset);
      }
    }
    multiplyPanels(dz, stateRow, rows, panels, panelStride(units), units, units, dhCarried, stateRow, spill);
    weights.collect(t, dz, rowsBefore(step, h0, h));
  }
  weights.end();
  barrier(threads);
  weights.addUp(thread, threads);
}

/** Moves the gradient `dh` through the activation to `dz`. */
function activateBackward(activation: i32, h: usize, slopes: usize, dh: usize, dz: usize): void {
  if (activation === Activation.tanh) {
    tanhBackwardUnits(slopes, dh, dz, units);
    return;
  }
  if (activation === Activation.relu) reluBackwardUnits(h, dh, dz, units);
  else copyRow(dz, dh, units);
  clearRow(dh, units);
}
