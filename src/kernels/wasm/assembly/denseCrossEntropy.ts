import { float, integer, pointer } from './arguments';
import { errorRow, softmaxRow } from './crossEntropy';
import { multiply, multiplyPanels, multiplyScratch } from './gemm';
import { PARTIAL_SUMS } from './layout';
import { addInto } from './loops';
import { packPanels, panelCount, panelStride } from './pack';
import { sumParts } from './parts';
import { clearRow, copyRow } from './rows';
import { groupStart, shareStart } from './share';
import { barrier } from './threads';

/**
 * Dense layer with softmax cross-entropy. Threads divide the rows; each takes a block through all stages while it is in
 * the cache.
 */

/** Rows per block of the forward pass, a multiple of the tile height. */
const ROWS: i32 = 48;
/** Rows per block of the backward pass, the depth of a block of a matrix product. */
const BACKWARD_ROWS: i32 = 256;

export function denseCrossEntropyScratch(units: i32, classes: i32, threads: i32): i32 {
  return panelCount(classes) * <i32>panelStride(units) + threads * multiplyScratch(0, 0, 0, false);
}

/** Writes the probabilities, and each thread's sum of losses in float64. */
export function denseCrossEntropy(thread: i32, threads: i32): void {
  const x = pointer(0);
  const kernel = pointer(1);
  const bias = pointer(2);
  const targets = pointer(3);
  const probabilities = pointer(4);
  const rows = integer(5);
  const units = integer(6);
  const classes = integer(7);
  const panels = pointer(8);

  const unitsRow = (<usize>units) << 2;
  const classesRow = (<usize>classes) << 2;
  const panelBytes = panelStride(units);
  const spill = panels + (<usize>panelCount(classes)) * panelBytes + <usize>(thread * multiplyScratch(0, 0, 0, false));
  const firstPanel = shareStart(panelCount(classes), thread, threads);
  packPanels(kernel, classesRow, false, units, classes, panels, firstPanel, shareStart(panelCount(classes), thread + 1, threads));
  barrier(threads);

  let sum: f64 = 0;
  const last = groupStart(rows, ROWS, thread + 1, threads);
  for (let row = groupStart(rows, ROWS, thread, threads); row < last; row += ROWS) {
    const count = min(ROWS, last - row);
    const block = probabilities + (<usize>row) * classesRow;
    for (let r: usize = 0; r < <usize>count; r++) copyRow(block + r * classesRow, bias, classes);
    multiplyPanels(x + (<usize>row) * unitsRow, unitsRow, count, panels, panelBytes, units, classes, block, classesRow, spill);
    for (let r = 0; r < count; r++) {
      const logits = block + (<usize>r) * classesRow;
      sum += softmaxRow(logits, logits, classes, load<i32>(targets + ((<usize>(row + r)) << 2)));
    }
  }
  store<f64>(PARTIAL_SUMS + ((<usize>thread) << 3), sum);
}

/** Number of values in one thread's part of the weight gradients. */
function partSize(units: i32, classes: i32): i32 {
  return (units + 1) * classes;
}

/** Scratch memory of each thread in the backward pass in bytes, without its part of the gradients. */
function backwardThreadScratch(units: i32, classes: i32): i32 {
  return BACKWARD_ROWS * classes * 4 + multiplyScratch(units, BACKWARD_ROWS, classes, true);
}

export function denseCrossEntropyGradientScratch(units: i32, classes: i32, threads: i32): i32 {
  const panels = panelCount(units) * <i32>panelStride(classes);
  return panels + threads * (partSize(units, classes) * 4 + backwardThreadScratch(units, classes));
}

export function denseCrossEntropyGradient(thread: i32, threads: i32): void {
  const x = pointer(0);
  const kernel = pointer(1);
  const targets = pointer(2);
  const probabilities = pointer(3);
  const dx = pointer(4);
  const dKernel = pointer(5);
  const dBias = pointer(6);
  const rows = integer(7);
  const units = integer(8);
  const classes = integer(9);
  const panels = pointer(10);
  const scale = float(11);

  const unitsRow = (<usize>units) << 2;
  const classesRow = (<usize>classes) << 2;
  const panelBytes = panelStride(classes);
  const parts = panels + (<usize>panelCount(units)) * panelBytes;
  const partBytes = (<usize>partSize(units, classes)) << 2;
  const kernelPart = parts + (<usize>thread) * partBytes;
  const biasPart = kernelPart + (<usize>units) * classesRow;
  const errors = parts + (<usize>threads) * partBytes + <usize>(thread * backwardThreadScratch(units, classes));
  const scratch = errors + <usize>BACKWARD_ROWS * classesRow;
  const firstPanel = shareStart(panelCount(units), thread, threads);
  packPanels(kernel, classesRow, true, classes, units, panels, firstPanel, shareStart(panelCount(units), thread + 1, threads));
  clearRow(kernelPart, partSize(units, classes));
  barrier(threads);

  const last = shareStart(rows, thread + 1, threads);
  for (let row = shareStart(rows, thread, threads); row < last; row += BACKWARD_ROWS) {
    const count = min(BACKWARD_ROWS, last - row);
    const xBlock = x + (<usize>row) * unitsRow;
    const dxBlock = dx + (<usize>row) * unitsRow;
    for (let r = 0; r < count; r++) {
      const error = errors + (<usize>r) * classesRow;
      const target = load<i32>(targets + ((<usize>(row + r)) << 2));
      errorRow(probabilities + (<usize>(row + r)) * classesRow, error, classes, target, scale);
      addInto(biasPart, error, classes);
    }
    clearRow(dxBlock, count * units);
    multiplyPanels(errors, classesRow, count, panels, panelBytes, classes, units, dxBlock, unitsRow, scratch);
    multiply(xBlock, unitsRow, true, errors, classesRow, false, count, kernelPart, classesRow, 0, units, 0, classes, scratch);
  }
  barrier(threads);
  sumParts(dKernel, parts, partBytes, units * classes, thread, threads);
  sumParts(dBias, parts + (<usize>units) * classesRow, partBytes, classes, thread, threads);
}
