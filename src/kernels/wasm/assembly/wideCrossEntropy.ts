import { float, integer, pointer } from './arguments';
import { largest, logarithm } from './crossEntropy';
import { multiplyPanels, multiplyScratch, transposedStride } from './gemm';
import { PARTIAL_SUMS } from './layout';
import { addInto, exponentials, scaledRow } from './loops';
import { packPanels, panelCount, panelStride, transpose } from './pack';
import { sumParts } from './parts';
import { clearRow, copyRow, sumOf } from './rows';
import { shareStart } from './share';
import { barrier } from './threads';

/**
 * Dense layer with softmax cross-entropy over many classes. A block of rows with all its classes would not fit in a
 * cache, so the matrix is cut into blocks of classes, which the threads divide. The forward pass stores e^(logit - m),
 * where m is the largest logit of a row in its block, block by block, and a factor for each row and block that makes
 * them probabilities. The weights are packed once, and each number of the matrix is written once and read once.
 */

/** Classes per block: the depth of a block of a matrix product. */
const CLASSES: i32 = 256;
/** Rows at a time in the forward pass, a multiple of the tile height. */
const ROWS: i32 = 48;
/** Rows at a time in the backward pass, the depth of a block of a matrix product. */
const BACKWARD_ROWS: i32 = 256;
/** Bytes of a row of errors: padded, because strides of 1 KB would compete for the same cache lines. */
const ERRORS_ROW: usize = ((<usize>CLASSES) << 2) + 64;

function blockCount(classes: i32): i32 {
  return (classes + CLASSES - 1) / CLASSES;
}

/** Values that the forward pass keeps for the backward pass: the powers, then the factors. */
export function wideCrossEntropyKept(rows: i32, classes: i32): i32 {
  return rows * (classes + blockCount(classes));
}

/** Scratch memory of one thread in the forward pass: a packed block, a tile, and numbers of each block. */
function forwardThreadScratch(units: i32, classes: i32): i32 {
  return panelCount(CLASSES) * <i32>panelStride(units) + multiplyScratch(0, 0, 0, false) + ((blockCount(classes) * 4 + 63) & ~63);
}

/** Scratch memory: sums in float64 and largest logits of each block and row, logits of the targets, and threads. */
export function wideCrossEntropyScratch(rows: i32, units: i32, classes: i32, threads: i32): i32 {
  return rows * (blockCount(classes) * 12 + 4) + 64 + threads * forwardThreadScratch(units, classes);
}

/** Writes powers and factors, and each thread's sum of losses in float64. */
export function wideCrossEntropy(thread: i32, threads: i32): void {
  const x = pointer(0);
  const kernel = pointer(1);
  const bias = pointer(2);
  const targets = pointer(3);
  const powers = pointer(4);
  const rows = integer(5);
  const units = integer(6);
  const classes = integer(7);
  const sums = pointer(8);

  const blocks = blockCount(classes);
  const unitsRow = (<usize>units) << 2;
  const classesRow = (<usize>classes) << 2;
  const factors = powers + (<usize>rows) * classesRow;
  const heights = sums + (<usize>(blocks * rows) << 3);
  const targetLogits = heights + (<usize>(blocks * rows) << 2);
  const start = (targetLogits + (<usize>rows << 2) + 63) & ~63;
  const panels = start + <usize>(thread * forwardThreadScratch(units, classes));
  const spill = panels + <usize>panelCount(CLASSES) * panelStride(units);
  const ofRow = spill + <usize>multiplyScratch(0, 0, 0, false);

  const lastBlock = shareStart(blocks, thread + 1, threads);
  for (let block = shareStart(blocks, thread, threads); block < lastBlock; block++) {
    const first = block * CLASSES;
    const width = min(CLASSES, classes - first);
    const offset = (<usize>first) << 2;
    const blockRow = (<usize>width) << 2;
    const stored = powers + (<usize>rows) * offset;
    packPanels(kernel + offset, classesRow, false, units, width, panels, 0, panelCount(width));
    for (let row = 0; row < rows; row += ROWS) {
      const count = min(ROWS, rows - row);
      const logits = stored + (<usize>row) * blockRow;
      for (let r: usize = 0; r < <usize>count; r++) copyRow(logits + r * blockRow, bias + offset, width);
      multiplyPanels(x + (<usize>row) * unitsRow, unitsRow, count, panels, panelStride(units), units, width, logits, blockRow, spill);
      for (let r = row; r < row + count; r++) {
        const from = stored + (<usize>r) * blockRow;
        const target = load<i32>(targets + ((<usize>r) << 2)) - first;
        if (target >= 0 && target < width) store<f32>(targetLogits + ((<usize>r) << 2), load<f32>(from + ((<usize>target) << 2)));
        const highest = largest(from, width);
        exponentials(from, from, width, highest);
        const at = <usize>(block * rows + r);
        store<f32>(heights + (at << 2), highest);
        store<f64>(sums + (at << 3), sumOf(from, width));
      }
    }
  }
  barrier(threads);

  let loss: f64 = 0;
  const lastRow = shareStart(rows, thread + 1, threads);
  for (let row = shareStart(rows, thread, threads); row < lastRow; row++) {
    for (let block = 0; block < blocks; block++) {
      store<f32>(ofRow + ((<usize>block) << 2), load<f32>(heights + (<usize>(block * rows + row) << 2)));
    }
    const highest = largest(ofRow, blocks);
    exponentials(ofRow, ofRow, blocks, highest);
    let sum: f64 = 0;
    for (let block = 0; block < blocks; block++) {
      sum += load<f64>(sums + (<usize>(block * rows + row) << 3)) * <f64>load<f32>(ofRow + ((<usize>block) << 2));
    }
    scaledRow(ofRow, ofRow, blocks, <f32>(1 / sum));
    for (let block = 0; block < blocks; block++) {
      store<f32>(factors + (<usize>(block * rows + row) << 2), load<f32>(ofRow + ((<usize>block) << 2)));
    }
    loss += logarithm(sum) + (<f64>highest - <f64>load<f32>(targetLogits + ((<usize>row) << 2)));
  }
  store<f64>(PARTIAL_SUMS + ((<usize>thread) << 3), loss);
}

function rowBlockCount(rows: i32): i32 {
  return (rows + BACKWARD_ROWS - 1) / BACKWARD_ROWS;
}

/** Transposed rows of x for the weight gradient, in blocks of rows. */
function transposedBlock(rows: i32, units: i32): usize {
  return <usize>units * transposedStride(min(rows, BACKWARD_ROWS));
}

/** Scratch memory of one thread in the backward pass: dx, packed weights, errors and packed errors, and a tile. */
function backwardThreadScratch(rows: i32, units: i32): i32 {
  return (
    ((rows * units * 4 + 63) & ~63) +
    panelCount(units) * <i32>panelStride(CLASSES) +
    BACKWARD_ROWS * <i32>ERRORS_ROW +
    panelCount(CLASSES) * <i32>panelStride(BACKWARD_ROWS) +
    multiplyScratch(0, 0, 0, false)
  );
}

export function wideCrossEntropyGradientScratch(rows: i32, units: i32, threads: i32): i32 {
  return rowBlockCount(rows) * <i32>transposedBlock(rows, units) + threads * backwardThreadScratch(rows, units);
}

export function wideCrossEntropyGradient(thread: i32, threads: i32): void {
  const x = pointer(0);
  const kernel = pointer(1);
  const targets = pointer(2);
  const powers = pointer(3);
  const dx = pointer(4);
  const dKernel = pointer(5);
  const dBias = pointer(6);
  const rows = integer(7);
  const units = integer(8);
  const classes = integer(9);
  const transposedRows = pointer(10);
  const scale = float(11);

  const blocks = blockCount(classes);
  const unitsRow = (<usize>units) << 2;
  const classesRow = (<usize>classes) << 2;
  const factors = powers + (<usize>rows) * classesRow;
  const rowBlocks = rowBlockCount(rows);
  const xStride = transposedStride(min(rows, BACKWARD_ROWS));
  const xBytes = transposedBlock(rows, units);
  const parts = transposedRows + (<usize>rowBlocks) * xBytes;
  const threadBytes = backwardThreadScratch(rows, units);
  const dxPart = parts + <usize>(thread * threadBytes);
  const panels = dxPart + ((unitsRow * (<usize>rows) + 63) & ~63);
  const errors = panels + <usize>panelCount(units) * panelStride(CLASSES);
  const errorPanels = errors + <usize>BACKWARD_ROWS * ERRORS_ROW;
  const spill = errorPanels + <usize>panelCount(CLASSES) * panelStride(BACKWARD_ROWS);

  const lastOwn = shareStart(rowBlocks, thread + 1, threads);
  for (let block = shareStart(rowBlocks, thread, threads); block < lastOwn; block++) {
    const row = block * BACKWARD_ROWS;
    transpose(x + (<usize>row) * unitsRow, unitsRow, min(BACKWARD_ROWS, rows - row), units, transposedRows + (<usize>block) * xBytes, xStride);
  }
  clearRow(dxPart, rows * units);
  barrier(threads);

  const lastBlock = shareStart(blocks, thread + 1, threads);
  for (let block = shareStart(blocks, thread, threads); block < lastBlock; block++) {
    const first = block * CLASSES;
    const width = min(CLASSES, classes - first);
    const offset = (<usize>first) << 2;
    const blockRow = (<usize>width) << 2;
    const stored = powers + (<usize>rows) * offset;
    packPanels(kernel + offset, classesRow, true, width, units, panels, 0, panelCount(units));
    clearRow(dBias + offset, width);
    for (let u: usize = 0; u < <usize>units; u++) clearRow(dKernel + u * classesRow + offset, width);
    for (let rowBlock = 0; rowBlock < rowBlocks; rowBlock++) {
      const row = rowBlock * BACKWARD_ROWS;
      const count = min(BACKWARD_ROWS, rows - row);
      for (let r = 0; r < count; r++) {
        const error = errors + (<usize>r) * ERRORS_ROW;
        const target = load<i32>(targets + ((<usize>(row + r)) << 2)) - first;
        const factor = load<f32>(factors + (<usize>(block * rows + row + r) << 2));
        const from = stored + (<usize>(row + r)) * blockRow;
        scaledRow(from, error, width, factor * scale);
        if (target >= 0 && target < width) {
          const at = (<usize>target) << 2;
          store<f32>(error + at, (load<f32>(from + at) * factor - 1) * scale);
        }
        addInto(dBias + offset, error, width);
      }
      multiplyPanels(errors, ERRORS_ROW, count, panels, panelStride(width), width, units, dxPart + (<usize>row) * unitsRow, unitsRow, spill);
      packPanels(errors, ERRORS_ROW, false, count, width, errorPanels, 0, panelCount(width));
      multiplyPanels(transposedRows + (<usize>rowBlock) * xBytes, xStride, units, errorPanels, panelStride(count), count, width, dKernel + offset, classesRow, spill);
    }
  }
  barrier(threads);
  sumParts(dx, parts, <usize>threadBytes, rows * units, thread, threads);
}
