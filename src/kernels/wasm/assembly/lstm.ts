import { pointer } from './arguments';
import * as backward from './backward';
import * as forward from './forward';
import { multiplyPanels } from './gemm';
import { lstmBackwardUnits, lstmCellUnits, lstmHiddenUnits } from './loops';
import { packedBytes, packShare, panelStride } from './pack';
import { clearRow, copyRow } from './rows';
import { barrier } from './threads';
import * as weights from './weightGradients';
import { batch, first, gateRow, h, h0, inputs, isMasked, placeOf, recurrentKernel, rows, rowsBefore, scratch, stateRow, timeOf, timeSteps, units, width } from './sequence';

/** LSTM; equations in contract.ts. Threads synchronize only before the first and after the last step. */
const GATES: i32 = 4;

/** Scratch memory of the forward pass in bytes. */
export function lstmForwardScratch(inputs: i32, units: i32, threads: i32): i32 {
  return packedBytes(units, GATES * units) + packedBytes(inputs, GATES * units) + threads * forward.tileScratch();
}

export function lstmForward(thread: i32, threads: i32): void {
  forward.read(GATES, thread, threads);
  const c0 = pointer(forward.CELL);
  const c = pointer(forward.CELL + 1);
  const gates = pointer(forward.CELL + 2);

  const panels = scratch;
  const inputPanels = panels + <usize>packedBytes(units, width);
  const spill = inputPanels + <usize>(packedBytes(inputs, width) + thread * forward.tileScratch());
  forward.packRecurrentKernel(recurrentKernel, width, panels, thread, threads);
  forward.packInputKernel(inputPanels, thread, threads);
  barrier(threads);

  for (let step = 0; step < timeSteps; step++) {
    const t = timeOf(step);
    const place = placeOf(t);
    const z = gates + place * gateRow;
    const hBefore = rowsBefore(step, h0, h);
    const cBefore = rowsBefore(step, c0, c);
    forward.project(z, forward.bias, place, inputPanels, spill);
    multiplyPanels(hBefore, stateRow, rows, panels, panelStride(units), units, width, z, gateRow, spill);
    for (let row = 0; row < rows; row++) {
      const offset = (<usize>row) * stateRow;
      const gateOffset = (<usize>row) * gateRow;
      const here = place * stateRow + offset;
      if (isMasked(row, t)) {
        clearRow(z + gateOffset, width);
        copyRow(h + here, hBefore + offset, units);
        copyRow(c + here, cBefore + offset, units);
      } else {
        forwardRow(z + gateOffset, cBefore + offset, c + here, h + here);
      }
    }
  }
}

function forwardRow(z: usize, cBefore: usize, c: usize, h: usize): void {
  lstmCellUnits(z, z + stateRow, z + 2 * stateRow, cBefore, c, units);
  lstmHiddenUnits(z + 3 * stateRow, c, h, units);
}

/**
 * Scratch memory of each thread in the backward pass in bytes: dz of a step, dc of a row, and a tile, rounded up to
 * cache lines.
 */
function backwardThreadScratch(batch: i32, units: i32, threads: i32): i32 {
  const rows = (batch + threads - 1) / threads;
  return ((rows * GATES + 1) * units * 4 + forward.tileScratch() + 63) & ~63;
}

/** Scratch memory of the backward pass in bytes. */
export function lstmBackwardScratch(inputs: i32, kernelRows: i32, timeSteps: i32, batch: i32, units: i32, threads: i32): i32 {
  const own = packedBytes(GATES * units, units) + threads * backwardThreadScratch(batch, units, threads);
  return own + weights.weightScratch(inputs, kernelRows, timeSteps, batch, units, GATES * units, threads);
}

export function lstmBackward(thread: i32, threads: i32): void {
  backward.read(GATES, thread, threads);
  const c0 = pointer(backward.CELL);
  const c = pointer(backward.CELL + 1);
  const gates = pointer(backward.CELL + 2);
  const dcLast = pointer(backward.CELL + 3);
  const dc0 = pointer(backward.CELL + 4);

  const panels = scratch;
  const ownBytes = backwardThreadScratch(batch, units, threads);
  const own = panels + <usize>packedBytes(width, units);
  const dz = own + <usize>(thread * ownBytes);
  const dcTotal = dz + <usize>rows * gateRow;
  const spill = dcTotal + stateRow;
  packShare(recurrentKernel, gateRow, true, width, units, panels, thread, threads);
  weights.begin(width, own + <usize>(threads * ownBytes), thread, threads);
  barrier(threads);

  // Gradient carried from the following step; after the loop, the gradient of the initial state.
  const dhCarried = backward.dh0 + (<usize>first) * stateRow;
  const dcCarried = dc0 + (<usize>first) * stateRow;
  clearRow(dhCarried, rows * units);
  copyRow(dcCarried, dcLast + (<usize>first) * stateRow, rows * units);
  for (let step = timeSteps - 1; step >= 0; step--) {
    const t = timeOf(step);
    const place = placeOf(t);
    const cBefore = rowsBefore(step, c0, c);
    backward.accumulate(place, dhCarried);
    for (let row = 0; row < rows; row++) {
      const offset = (<usize>row) * stateRow;
      const gateOffset = (<usize>row) * gateRow;
      const here = place * stateRow + offset;
      const dhTotal = dhCarried + offset;
      const dcRow = dcCarried + offset;
      if (isMasked(row, t)) {
        clearRow(dz + gateOffset, width);
        if (backward.norms !== 0) copyRow(dcTotal, dcRow, units);
      } else {
        backwardRow(gates + place * gateRow + gateOffset, cBefore + offset, c + here, h + here, dhTotal, dcRow, dcTotal, dz + gateOffset);
      }
      if (backward.norms !== 0) backward.storeNorm(1, place + row, dcTotal);
    }
    multiplyPanels(dz, gateRow, rows, panels, panelStride(width), width, units, dhCarried, stateRow, spill);
    weights.collect(t, dz, rowsBefore(step, h0, h));
  }
  weights.end();
  barrier(threads);
  weights.addUp(thread, threads);
}

function backwardRow(gates: usize, cBefore: usize, c: usize, h: usize, dh: usize, dcCarried: usize, dcTotal: usize, dz: usize): void {
  const gf = gates + stateRow;
  const gg = gf + stateRow;
  const go = gg + stateRow;
  const df = dz + stateRow;
  const dg = df + stateRow;
  lstmBackwardUnits(gates, gf, gg, go, cBefore, c, h, dh, dcCarried, dcTotal, dz, df, dg, dg + stateRow, units);
}
