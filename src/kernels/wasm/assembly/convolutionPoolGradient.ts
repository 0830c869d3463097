import { pointer } from './arguments';
import { batch, before, filters, first, inputRow, inputs, isMax, last, lengthOf, pad, paddedSize, PASS, readConvolution, scratch, span, tensorOf, timeSteps, unpad, valueRow, widthOf, widths, windowsOf } from './convolution';
import { multiply, multiplyScratch } from './gemm';
import { addFourScaled, addScaled } from './loops';
import { transpose } from './pack';
import { clearRow } from './rows';
import { groupStart, LINE, shareStart } from './share';
import { barrier } from './threads';

/**
 * Gradients of a convolution with ReLU and pooling. The gradient of a maximum belongs to one window: each filter of each sequence adds that window to the gradient of the
 * filter, and the filter to the gradient of that window. The gradient of a mean belongs to all active windows, which
 * makes products of matrices.
 */

/** Granularity of a thread's rows in a product, as in dense.ts. */
const ROW_GROUP: i32 = 12;

/** Pointers of each width in the table. */
const KERNEL: i32 = 0;
const KERNEL_GRADIENT: i32 = 1;
const BIAS_GRADIENT: i32 = 2;

/** Gradient of the pooled values, `[batch, widths * filters]`. */
let dPooled: usize = 0;
/** Steps of the maxima `[batch, widths * filters]`, or activations `[timeSteps, batch, widths * filters]`. */
let kept: usize = 0;
let dx: usize = 0;
let padded: usize = 0;

export function convolutionPoolGradientScratch(isMax: bool, timeSteps: i32, batch: i32, inputs: i32, filters: i32, widths: i32, widest: i32, sum: i32, threads: i32): i32 {
  const sequences = paddedSize(timeSteps, batch, inputs, widest);
  if (isMax) {
    const own = (timeSteps + widest - 1) * inputs + LINE * widest * inputs;
    return (sequences + sum * inputs * filters + threads * own) * 4 + 64;
  }
  const values = paddedSize(timeSteps, batch, widths * filters, widest);
  return (2 * sequences + values) * 4 + threads * meanScratch(inputs, filters, widest, threads) + 64;
}

/** Scratch memory of the products of one thread in bytes. */
function meanScratch(inputs: i32, filters: i32, widest: i32, threads: i32): i32 {
  const ownRows = (widest * inputs + threads - 1) / threads + ROW_GROUP;
  return max(multiplyScratch(ownRows, i32.MAX_VALUE, filters, true), multiplyScratch(0, filters, inputs, false));
}

export function convolutionPoolGradient(thread: i32, threads: i32): void {
  readConvolution(3, thread, threads);
  dPooled = pointer(PASS);
  kept = pointer(PASS + 1);
  dx = pointer(PASS + 2);
  padded = scratch;
  const after = padded + ((<usize>(batch * span * inputs)) << 2);
  for (let sequence = first; sequence < last; sequence++) pad(sequence, padded);
  if (isMax) maxGradient(after, thread, threads);
  else meanGradient(after, thread, threads);
}

function maxGradient(room: usize, thread: i32, threads: i32): void {
  let transposed = room;
  for (let n = 0; n < widths; n++) {
    const rows = widthOf(n) * inputs;
    const rowBytes = (<usize>rows) << 2;
    const from = groupStart(filters, LINE, thread, threads);
    const count = groupStart(filters, LINE, thread + 1, threads) - from;
    const filterBytes = (<usize>filters) << 2;
    transpose(tensorOf(n, KERNEL) + ((<usize>from) << 2), filterBytes, rows, count, transposed + <usize>from * rowBytes, rowBytes);
    transposed += <usize>filters * rowBytes;
  }
  let widest = 1;
  for (let n = 0; n < widths; n++) widest = max(widest, widthOf(n));
  const own = transposed + ((<usize>(thread * (span * inputs + LINE * widest * inputs))) << 2);
  barrier(threads);
  for (let n = 0; n < widths; n++) filterGradients(n, own, thread, threads);
  for (let sequence = first; sequence < last; sequence++) {
    clearRow(own, span * inputs);
    addFilters(sequence, room, own);
    unpad(sequence, own, dx);
  }
}

/** Gradients of this thread's filters of a width. @param sums memory for the gradients of `LINE` filters as rows */
function filterGradients(n: i32, sums: usize, thread: i32, threads: i32): void {
  const width = widthOf(n);
  const rows = width * inputs;
  const rowBytes = (<usize>rows) << 2;
  const filterBytes = (<usize>filters) << 2;
  const end = groupStart(filters, LINE, thread + 1, threads);
  for (let filter = groupStart(filters, LINE, thread, threads); filter < end; filter += LINE) {
    const count = min(LINE, end - filter);
    clearRow(sums, count * rows);
    for (let k = 0; k < count; k++) {
      const sum = addWindows(n, width, filter + k, sums + <usize>k * rowBytes, rows);
      store<f32>(tensorOf(n, BIAS_GRADIENT) + ((<usize>(filter + k)) << 2), sum);
    }
    transpose(sums, rowBytes, count, rows, tensorOf(n, KERNEL_GRADIENT) + ((<usize>filter) << 2), filterBytes);
  }
}

/** Adds the window of each maximum of a filter, four at a time. @returns the gradient of the bias */
function addWindows(n: i32, width: i32, filter: i32, gradient: usize, rows: i32): f32 {
  let sum: f32 = 0;
  let waiting = 0;
  let window0: usize = 0;
  let window1: usize = 0;
  let window2: usize = 0;
  let scale0: f32 = 0;
  let scale1: f32 = 0;
  let scale2: f32 = 0;
  let at = (<usize>(n * filters + filter)) << 2;
  for (let sequence = 0; sequence < batch; sequence++, at += valueRow) {
    const step = load<i32>(kept + at);
    if (step < 0) continue;
    const scale = load<f32>(dPooled + at);
    const window = windowsOf(padded, sequence, width) + <usize>step * inputRow;
    sum += scale;
    if (waiting === 0) {
      window0 = window;
      scale0 = scale;
    } else if (waiting === 1) {
      window1 = window;
      scale1 = scale;
    } else if (waiting === 2) {
      window2 = window;
      scale2 = scale;
    } else {
      addFourScaled(gradient, window0, window1, window2, window, rows, scale0, scale1, scale2, scale);
    }
    waiting = (waiting + 1) & 3;
  }
  if (waiting > 0) addScaled(gradient, window0, rows, scale0);
  if (waiting > 1) addScaled(gradient, window1, rows, scale1);
  if (waiting > 2) addScaled(gradient, window2, rows, scale2);
  return sum;
}

/** Adds each filter to the window of its maximum in a sequence. @param transposed filters as rows */
function addFilters(sequence: i32, transposed: usize, gradient: usize): void {
  let at = <usize>sequence * valueRow;
  for (let n = 0; n < widths; n++) {
    const width = widthOf(n);
    const rows = width * inputs;
    const windows = windowsOf(gradient, 0, width);
    for (let filter = 0; filter < filters; filter++, at += 4, transposed += (<usize>rows) << 2) {
      const step = load<i32>(kept + at);
      if (step >= 0) addScaled(windows + <usize>step * inputRow, transposed, rows, load<f32>(dPooled + at));
    }
  }
}

function meanGradient(room: usize, thread: i32, threads: i32): void {
  const dz = room;
  const dPadded = dz + <usize>(batch * span) * valueRow;
  let widest = 1;
  for (let n = 0; n < widths; n++) widest = max(widest, widthOf(n));
  const products = dPadded + <usize>(batch * span) * inputRow + <usize>(thread * meanScratch(inputs, filters, widest, threads));
  for (let sequence = first; sequence < last; sequence++) activeGradient(sequence, dz + <usize>(sequence * span) * valueRow);
  clearRow(dPadded + <usize>(first * span) * inputRow, (last - first) * span * inputs);
  barrier(threads);
  const filterBytes = (<usize>filters) << 2;
  // Rows of dz: those after the last sequence have no window.
  const depth = batch * span - (widest - 1);
  for (let n = 0; n < widths; n++) {
    const width = widthOf(n);
    const rows = width * inputs;
    const row = groupStart(rows, ROW_GROUP, thread, threads);
    const end = groupStart(rows, ROW_GROUP, thread + 1, threads);
    const values = dz + <usize>n * filterBytes;
    const gradient = tensorOf(n, KERNEL_GRADIENT);
    clearRow(gradient + <usize>row * filterBytes, (end - row) * filters);
    multiply(windowsOf(padded, 0, width), inputRow, true, values, valueRow, false, depth, gradient, filterBytes, row, end, 0, filters, products);
    biasGradient(n, values, thread, threads);
    const own = (last - first) * span - (widest - 1);
    for (let offset = 0; offset < width; offset++) {
      const to = windowsOf(dPadded, first, width) + <usize>offset * inputRow;
      const part = tensorOf(n, KERNEL) + <usize>(offset * inputs) * filterBytes;
      multiply(values + <usize>(first * span) * valueRow, valueRow, false, part, filterBytes, true, filters, to, inputRow, 0, own, 0, inputs, products);
    }
  }
  for (let sequence = first; sequence < last; sequence++) unpad(sequence, dPadded + <usize>(sequence * span) * inputRow, dx);
}

/** Gradient before the ReLU at each step of a sequence, and zeros after its end. */
function activeGradient(sequence: i32, dz: usize): void {
  const length = lengthOf(sequence);
  const count = widths * filters;
  const scale = <f32>1 / <f32>length;
  clearRow(dz + <usize>length * valueRow, (span - length) * count);
  const direct = dPooled + <usize>sequence * valueRow;
  for (let t = 0; t < length; t++) {
    const activations = kept + <usize>(t * batch + sequence) * valueRow;
    const to = dz + <usize>t * valueRow;
    for (let at: usize = 0; at < valueRow; at += 4) {
      store<f32>(to + at, load<f32>(activations + at) <= 0 ? 0 : load<f32>(direct + at) * scale);
    }
  }
}

/** Sums of this thread's columns of dz. */
function biasGradient(n: i32, values: usize, thread: i32, threads: i32): void {
  const end = (<usize>groupStart(filters, LINE, thread + 1, threads)) << 2;
  for (let at = (<usize>groupStart(filters, LINE, thread, threads)) << 2; at < end; at += 4) {
    let sum: f32 = 0;
    let from = values + at;
    for (let row = 0; row < batch * span; row++, from += valueRow) sum += load<f32>(from);
    store<f32>(tensorOf(n, BIAS_GRADIENT) + at, sum);
  }
}
