import { integer, pointer } from './arguments';
import { multiplyPanels, multiplyScratch } from './gemm';
import { addInto, lstmBackwardUnits, lstmForwardUnits } from './loops';
import { PANEL, packPanels, panelCount, panelStride } from './pack';
import { clearRow, copyRow, sumOfSquares } from './rows';
import {
  biasGradient,
  columnStart,
  inputGradient,
  isMasked,
  kernelGradient,
  recurrentGradient,
  startRows,
  timeOf,
} from './sequence';
import { shareStart } from './share';
import { barrier } from './threads';

/**
 * The LSTM. Each thread runs all steps of its own sequences, so threads meet only before the first step and
 * after the last; equations in contract.ts.
 */

/** Bytes of scratch of the forward pass. */
export function lstmForwardScratch(inputs: i32, units: i32, threads: i32): i32 {
  return panelCount(4 * units) * <i32>(panelStride(units) + panelStride(inputs)) + threads * multiplyScratch(0, 0, 0, false);
}

export function lstmForward(thread: i32, threads: i32): void {
  const x = pointer(0);
  const inputs = integer(1);
  const kernel = pointer(2);
  const recurrentKernel = pointer(3);
  const bias = pointer(4);
  const h0 = pointer(5);
  const c0 = pointer(6);
  const lengths = pointer(7);
  const reverse = integer(8) !== 0;
  const timeSteps = integer(9);
  const batch = integer(10);
  const units = integer(11);
  const h = pointer(12);
  const c = pointer(13);
  const gates = pointer(14);
  const scratch = pointer(15);

  const width = 4 * units;
  const gateRow = (<usize>width) << 2;
  const row = (<usize>units) << 2;
  const inputRow = (<usize>inputs) << 2;
  const panelBytes = panelStride(units);
  const inputPanelBytes = panelStride(inputs);
  const panels = scratch;
  const inputPanels = panels + (<usize>panelCount(width)) * panelBytes;
  const spill = inputPanels + (<usize>panelCount(width)) * inputPanelBytes + <usize>(thread * multiplyScratch(0, 0, 0, false));

  const firstPanel = shareStart(panelCount(width), thread, threads);
  const lastPanel = shareStart(panelCount(width), thread + 1, threads);
  packPanels(recurrentKernel, gateRow, false, units, width, panels, firstPanel, lastPanel);
  if (inputs > 0) packPanels(kernel, gateRow, false, inputs, width, inputPanels, firstPanel, lastPanel);
  barrier(threads);

  const first = shareStart(batch, thread, threads);
  const rows = shareStart(batch, thread + 1, threads) - first;
  if (rows === 0) return;
  let hBefore = h0 + (<usize>first) * row;
  let cBefore = c0 + (<usize>first) * row;
  for (let step = 0; step < timeSteps; step++) {
    const t = timeOf(step, timeSteps, reverse);
    const place = <usize>(t * batch + first);
    const z = gates + place * gateRow;
    const hNow = h + place * row;
    const cNow = c + place * row;
    if (inputs > 0) {
      startRows(z, bias, 0, 0, rows, width);
      multiplyPanels(x + place * inputRow, inputRow, rows, inputPanels, inputPanelBytes, inputs, width, z, gateRow, spill);
    } else {
      startRows(z, bias, kernel, x + (place << 2), rows, width);
    }
    multiplyPanels(hBefore, row, rows, panels, panelBytes, units, width, z, gateRow, spill);
    for (let r = 0; r < rows; r++) {
      const offset = (<usize>r) * row;
      if (isMasked(lengths, first + r, t)) {
        clearRow(z + (<usize>r) * gateRow, width);
        copyRow(hNow + offset, hBefore + offset, units);
        copyRow(cNow + offset, cBefore + offset, units);
      } else {
        forwardRow(z + (<usize>r) * gateRow, cBefore + offset, cNow + offset, hNow + offset, units);
      }
    }
    hBefore = hNow;
    cBefore = cNow;
  }
}

function forwardRow(z: usize, cBefore: usize, c: usize, h: usize, units: i32): void {
  const row = (<usize>units) << 2;
  lstmForwardUnits(z, z + row, z + 2 * row, z + 3 * row, cBefore, c, h, units);
}

/** Bytes of scratch that each thread needs in the backward pass. */
function backwardThreadScratch(inputs: i32, timeSteps: i32, batch: i32, units: i32, threads: i32): i32 {
  const rows = timeSteps * batch;
  const columns = panelCount((4 * units + threads - 1) / threads + PANEL) * PANEL;
  const weights = multiplyScratch(max(units, inputs), rows, columns, true);
  const dx = multiplyScratch(0, 4 * units, inputs, false);
  return max(weights, dx) + units * 4;
}

/** Bytes of scratch of the backward pass. */
export function lstmBackwardScratch(inputs: i32, timeSteps: i32, batch: i32, units: i32, threads: i32): i32 {
  const panels = panelCount(units) * <i32>panelStride(4 * units);
  return panels + threads * backwardThreadScratch(inputs, timeSteps, batch, units, threads);
}

export function lstmBackward(thread: i32, threads: i32): void {
  const x = pointer(0);
  const inputs = integer(1);
  const kernel = pointer(2);
  const recurrentKernel = pointer(3);
  const h0 = pointer(4);
  const c0 = pointer(5);
  const lengths = pointer(6);
  const reverse = integer(7) !== 0;
  const timeSteps = integer(8);
  const batch = integer(9);
  const units = integer(10);
  const h = pointer(11);
  const c = pointer(12);
  const gates = pointer(13);
  const dh = pointer(14);
  const dcLast = pointer(15);
  const dx = pointer(16);
  const dKernel = pointer(17);
  const kernelRows = integer(18);
  const dRecurrentKernel = pointer(19);
  const dBias = pointer(20);
  const dh0 = pointer(21);
  const dc0 = pointer(22);
  const norms = pointer(23);
  const dz = pointer(24);
  const scratch = pointer(25);

  const width = 4 * units;
  const gateRow = (<usize>width) << 2;
  const row = (<usize>units) << 2;
  const panelBytes = panelStride(width);
  const ownScratch =
    scratch +
    (<usize>panelCount(units)) * panelBytes +
    <usize>(thread * backwardThreadScratch(inputs, timeSteps, batch, units, threads));

  const firstPanel = shareStart(panelCount(units), thread, threads);
  const lastPanel = shareStart(panelCount(units), thread + 1, threads);
  packPanels(recurrentKernel, gateRow, true, width, units, scratch, firstPanel, lastPanel);
  clearShare(dRecurrentKernel, units * width, thread, threads);
  clearShare(dKernel, kernelRows * width, thread, threads);
  clearShare(dBias, width, thread, threads);
  if (inputs > 0) clearShare(dx, timeSteps * batch * inputs, thread, threads);
  barrier(threads);

  const first = shareStart(batch, thread, threads);
  const rows = shareStart(batch, thread + 1, threads) - first;
  // What flows back from the step after; after the last step walked, the gradient of the initial state.
  const dhCarried = dh0 + (<usize>first) * row;
  const dcCarried = dc0 + (<usize>first) * row;
  const dcTotal = ownScratch;
  const spill = ownScratch + row;
  clearRow(dhCarried, rows * units);
  copyRow(dcCarried, dcLast + (<usize>first) * row, rows * units);
  for (let step = timeSteps - 1; step >= 0 && rows > 0; step--) {
    const t = timeOf(step, timeSteps, reverse);
    const place = <usize>(t * batch + first);
    const before = <usize>((reverse ? t + 1 : t - 1) * batch + first);
    const cBefore = step > 0 ? c + before * row : c0 + (<usize>first) * row;
    const dzNow = dz + place * gateRow;
    for (let r = 0; r < rows; r++) {
      const offset = (<usize>r) * row;
      const here = place * row + offset;
      const dhTotal = dhCarried + offset;
      const dcRow = dcCarried + offset;
      addInto(dhTotal, dh + here, units);
      const masked = isMasked(lengths, first + r, t);
      if (masked) {
        clearRow(dzNow + (<usize>r) * gateRow, width);
        if (norms !== 0) copyRow(dcTotal, dcRow, units);
      } else {
        const gateOffset = (place + <usize>r) * gateRow;
        backwardRow(gates + gateOffset, cBefore + offset, c + here, dhTotal, dcRow, dcTotal, dz + gateOffset, units);
      }
      if (norms !== 0) {
        const at = norms + ((place + <usize>r) << 2);
        store<f32>(at, <f32>sqrt<f64>(sumOfSquares(dhTotal, units)));
        store<f32>(at + (<usize>(timeSteps * batch) << 2), <f32>sqrt<f64>(sumOfSquares(dcTotal, units)));
      }
      if (!masked) clearRow(dhTotal, units);
    }
    multiplyPanels(dzNow, gateRow, rows, scratch, panelBytes, width, units, dhCarried, row, spill);
  }
  barrier(threads);

  const column = columnStart(width, thread, threads);
  const lastColumn = columnStart(width, thread + 1, threads);
  recurrentGradient(h0, h, dz, dRecurrentKernel, timeSteps, batch, units, width, reverse, column, lastColumn, ownScratch);
  kernelGradient(x, inputs, dz, dKernel, timeSteps * batch, width, column, lastColumn, ownScratch);
  biasGradient(dz, inputs, dKernel, kernelRows, dBias, timeSteps * batch, width, column, lastColumn);
  if (inputs > 0) inputGradient(dz, kernel, dx, timeSteps * batch, width, inputs, thread, threads, ownScratch);
}

function clearShare(target: usize, count: i32, thread: i32, threads: i32): void {
  const first = shareStart(count, thread, threads);
  clearRow(target + ((<usize>first) << 2), shareStart(count, thread + 1, threads) - first);
}

function backwardRow(
  gates: usize,
  cBefore: usize,
  c: usize,
  dh: usize,
  dcCarried: usize,
  dcTotal: usize,
  dz: usize,
  units: i32,
): void {
  const row = (<usize>units) << 2;
  const gf = gates + row;
  const gg = gf + row;
  const go = gg + row;
  lstmBackwardUnits(gates, gf, gg, go, cBefore, c, dh, dcCarried, dcTotal, dz, dz + row, dz + 2 * row, dz + 3 * row, units);
}
