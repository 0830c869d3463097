import { dBias, dKernel, dRecurrentKernel, dx, kernelRows } from './backward';
import { columnStart, columnSums } from './columns';
import { multiplyPanels, multiplyScratch, transposedStride } from './gemm';
import { addInto } from './loops';
import { PANEL_ROW, packedBytes, packRows, packShare, panelCount, panelStride, transpose } from './pack';
import { addProduct, panelSumBytes, sumPanelParts } from './panelSums';
import { sumParts } from './parts';
import { clearRow, copyRow } from './rows';
import { batch, gateRow, inputs, isMasked, kernel, placeOf, rows, stateRow, timeSteps, units, width, x } from './sequence';

/**
 * Gradients of the weights of z = x W + h_before U + b. Each thread accumulates those of its sequences: it collects
 * dz of a block of steps, packed while it is in the cache, and multiplies the block as one matrix. The parts of the
 * threads are added up at the end.
 */

/** Rows per block, the depth of a block of a matrix product. */
const BLOCK: i32 = 256;

/** Number of leading columns of the recurrent kernel that are multiplied with h_before: all but a GRU's candidate. */
let plain: i32 = 0;

/** Capacity of a block in rows, and its current number of rows. */
export let capacity: i32 = 0;
let collected: i32 = 0;
/** dz in panels, and the transposed previous states and dense inputs. */
let panels: usize = 0;
export let statesBefore: usize = 0;
let denseInputs: usize = 0;
let spill: usize = 0;
/** Transposed input kernel in panels, for the gradient of dense inputs. */
let kernelPanels: usize = 0;

/**
 * Part of the first thread: sums for the recurrent kernel in panels, for the bias, and for the kernel; with token ids, the
 * ids of the kernel's sums. Those of dense inputs are in panels.
 */
let parts: usize = 0;
let partBytes: usize = 0;
/** Offsets of the candidate's columns of the recurrent kernel, the bias, the kernel and the ids in a part. */
let candidateOffset: usize = 0;
let biasOffset: usize = 0;
let kernelOffset: usize = 0;
let idsOffset: usize = 0;
/** Address of this thread's part. */
let part: usize = 0;
/** Address of this thread's sums for the candidate's columns of a GRU's recurrent kernel, in panels. */
export let candidateSums: usize = 0;
/**
 * With token ids, the kernel's sums exist only for ids that occur, in order of first occurrence: maps an id to its
 * position, starting at 1; 0 for none.
 */
let rankOfId: usize = 0;
let ranks: i32 = 0;

/** Maximum number of rows of a step in one thread. */
function maxRows(batch: i32, threads: i32): i32 {
  return (batch + threads - 1) / threads;
}

/** Capacity of a block, a multiple of the rows of a step. */
function capacityOf(rows: i32): i32 {
  return max(1, BLOCK / rows) * rows;
}

/** Largest capacity of any thread: with one row less, more steps may fit. */
export function maxCapacity(batch: i32, threads: i32): i32 {
  return max(BLOCK, maxRows(batch, threads));
}

/** Maximum number of rows of the kernel for which one thread may need sums. */
function kernelSums(inputs: i32, kernelRows: i32, timeSteps: i32, rows: i32): i32 {
  return inputs > 0 ? inputs : min(kernelRows, timeSteps * rows);
}

/** Size of the sums for the recurrent kernel in bytes: the plain columns and a GRU's candidate begin with a panel each. */
function recurrentBytes(units: i32, width: i32): i32 {
  return panelSumBytes(units, width) + panelSumBytes(units, 1);
}

/** Size of the sums for the bias in bytes, rounded up to whole cache lines. */
function biasBytes(width: i32): i32 {
  return (width * 4 + 63) & ~63;
}

/** Size of one thread's part in bytes, rounded up to whole cache lines. */
function partSize(inputs: i32, sums: i32, units: i32, width: i32): i32 {
  const kernelBytes = inputs > 0 ? panelSumBytes(inputs, width) : (sums * (width + 1) + 1) * 4;
  return recurrentBytes(units, width) + biasBytes(width) + ((kernelBytes + 63) & ~63);
}

/** Size of one thread's block in bytes. */
function blockSize(inputs: i32, batch: i32, units: i32, width: i32, threads: i32): i32 {
  const depth = maxCapacity(batch, threads);
  return packedBytes(depth, width) + (units + inputs) * <i32>transposedStride(depth) + multiplyScratch(0, 0, 0, false);
}

/** Size of the scratch memory of all threads in bytes. */
export function weightScratch(inputs: i32, kernelRows: i32, timeSteps: i32, batch: i32, units: i32, width: i32, threads: i32): i32 {
  const sums = kernelSums(inputs, kernelRows, timeSteps, maxRows(batch, threads));
  const ranks = inputs > 0 ? 0 : kernelRows * 4;
  const own = partSize(inputs, sums, units, width) + blockSize(inputs, batch, units, width, threads) + ranks;
  return packedBytes(width, inputs) + threads * own;
}

/**
 * Must be called before the first step, and be followed by a barrier.
 * @param columns number of leading columns of the recurrent kernel whose gradient is computed here
 * @param room memory of `weightScratch` bytes
 */
export function begin(columns: i32, room: usize, thread: i32, threads: i32): void {
  plain = columns;
  const sums = kernelSums(inputs, kernelRows, timeSteps, maxRows(batch, threads));
  kernelPanels = room;
  if (inputs > 0) packShare(kernel, gateRow, true, width, inputs, kernelPanels, thread, threads);
  parts = kernelPanels + <usize>packedBytes(width, inputs);
  partBytes = <usize>partSize(inputs, sums, units, width);
  candidateOffset = <usize>panelSumBytes(units, plain);
  biasOffset = <usize>recurrentBytes(units, width);
  kernelOffset = biasOffset + <usize>biasBytes(width);
  idsOffset = kernelOffset + <usize>sums * gateRow;
  part = parts + <usize>thread * partBytes;
  candidateSums = part + candidateOffset;
  memory.fill(part, 0, kernelOffset);
  if (inputs > 0) memory.fill(part + kernelOffset, 0, <usize>panelSumBytes(inputs, width));

  const blocks = parts + <usize>threads * partBytes;
  const blockBytes = blockSize(inputs, batch, units, width, threads);
  panels = blocks + <usize>(thread * blockBytes);
  capacity = capacityOf(rows);
  statesBefore = panels + <usize>packedBytes(capacity, width);
  denseInputs = statesBefore + <usize>units * transposedStride(capacity);
  spill = denseInputs + <usize>inputs * transposedStride(capacity);
  collected = 0;

  rankOfId = blocks + <usize>(threads * blockBytes + thread * kernelRows * 4);
  ranks = 0;
  if (inputs === 0) clearRow(rankOfId, kernelRows);
}

/** Collects this thread's rows of step t: dz and the previous states. */
export function collect(t: i32, dz: usize, hBefore: usize): void {
  const place = placeOf(t);
  packRows(dz, gateRow, rows, width, panels + <usize>collected * PANEL_ROW, panelStride(capacity), 0, panelCount(width));
  const column = (<usize>collected) << 2;
  transpose(hBefore, stateRow, rows, units, statesBefore + column, transposedStride(capacity));
  if (inputs > 0) {
    const inputRow = (<usize>inputs) << 2;
    const dxNow = dx + place * inputRow;
    transpose(x + place * inputRow, inputRow, rows, inputs, denseInputs + column, transposedStride(capacity));
    columnSums(dz, rows, width, part + biasOffset, 0, width);
    clearRow(dxNow, rows * inputs);
    multiplyPanels(dz, gateRow, rows, kernelPanels, panelStride(width), width, inputs, dxNow, inputRow, spill);
  } else {
    // Masked steps must not even change the order of the sums.
    for (let row = 0; row < rows; row++) {
      if (!isMasked(row, t)) addToId(load<i32>(x + ((place + row) << 2)), dz + <usize>row * gateRow);
    }
  }
  collected += rows;
  if (collected === capacity) multiplyBlock();
}

function addToId(id: i32, dz: usize): void {
  const at = rankOfId + ((<usize>id) << 2);
  const rank = load<i32>(at);
  if (rank > 0) {
    addInto(part + kernelOffset + <usize>(rank - 1) * gateRow, dz, width);
    return;
  }
  copyRow(part + kernelOffset + <usize>ranks * gateRow, dz, width);
  ranks++;
  store<i32>(at, ranks);
  store<i32>(part + idsOffset + ((<usize>ranks) << 2), id);
}

function multiplyBlock(): void {
  const stride = panelStride(capacity);
  const transposed = transposedStride(capacity);
  addProduct(part, statesBefore, transposed, units, panels, stride, collected, plain);
  if (inputs > 0) addProduct(part + kernelOffset, denseInputs, transposed, inputs, panels, stride, collected, width);
  collected = 0;
}

/** Must be called after the last step, and be followed by a barrier and `addUp`. */
export function end(): void {
  if (collected > 0) multiplyBlock();
  if (inputs > 0) return;
  store<i32>(part + idsOffset, ranks);
  // Each row of dz contributes to the sum of its id.
  columnSums(part + kernelOffset, ranks, width, part + biasOffset, 0, width);
}

/** Adds up the first `count` values of the gradient of the bias. */
export function addUpBias(gradient: usize, count: i32, thread: i32, threads: i32): void {
  sumParts(gradient, parts + biasOffset, partBytes, count, thread, threads);
}

/** Adds up this thread's share of the parts of all threads, always in the same order. */
export function addUp(thread: i32, threads: i32): void {
  sumPanelParts(dRecurrentKernel, gateRow, parts, partBytes, units, plain, thread, threads);
  if (plain < width) {
    const candidate = dRecurrentKernel + ((<usize>plain) << 2);
    sumPanelParts(candidate, gateRow, parts + candidateOffset, partBytes, units, width - plain, thread, threads);
  }
  addUpBias(dBias, width, thread, threads);
  if (inputs > 0) {
    sumPanelParts(dKernel, gateRow, parts + kernelOffset, partBytes, inputs, width, thread, threads);
    return;
  }
  const column = columnStart(width, thread, threads);
  const count = columnStart(width, thread + 1, threads) - column;
  const offset = (<usize>column) << 2;
  for (let row: usize = 0; row < <usize>kernelRows; row++) clearRow(dKernel + row * gateRow + offset, count);
  for (let other: usize = 0; other < <usize>threads; other++) {
    const sums = parts + other * partBytes;
    const last = <usize>load<i32>(sums + idsOffset);
    for (let rank: usize = 1; rank <= last; rank++) {
      const id = <usize>load<i32>(sums + idsOffset + (rank << 2));
      addInto(dKernel + id * gateRow + offset, sums + kernelOffset + (rank - 1) * gateRow + offset, count);
    }
  }
}
