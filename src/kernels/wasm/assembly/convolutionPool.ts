import { pointer } from './arguments';
import { batch, filters, first, inputRow, inputs, isMax, last, lengthOf, pad, paddedSize, PASS, readConvolution, scratch, tensorOf, timeSteps, valueRow, widthOf, widths, windowsOf } from './convolution';
import { multiplyPanel } from './gemm';
import { PANEL, PANEL_ROW, packedBytes, packShare, panelCount, panelStride } from './pack';
import { clearRow } from './rows';
import { barrier } from './threads';

/**
 * Convolution over time with ReLU and pooling. A product of windows with 16 filters of one sequence is pooled while it
 * is in the cache. Threads divide the sequences.
 */

export function convolutionPoolScratch(timeSteps: i32, batch: i32, inputs: i32, filters: i32, widths: i32, widest: i32, sum: i32, threads: i32): i32 {
  const panels = panelCount(filters) * <i32>PANEL_ROW * (sum * inputs + widths);
  return paddedSize(timeSteps, batch, inputs, widest) * 4 + panels + threads * timeSteps * <i32>PANEL_ROW + 64;
}

export function convolutionPool(thread: i32, threads: i32): void {
  readConvolution(2, thread, threads);
  const pooled = pointer(PASS);
  /** Steps of the maxima, or activations for the mean. */
  const kept = pointer(PASS + 1);
  const sums = scratch + <usize>(thread * timeSteps) * PANEL_ROW;
  let panels = scratch + <usize>(threads * timeSteps) * PANEL_ROW;
  const firstPanels = panels;
  for (let n = 0; n < widths; n++) {
    const depth = widthOf(n) * inputs;
    packShare(tensorOf(n, 0), (<usize>filters) << 2, false, depth, filters, panels, thread, threads);
    panels += <usize>packedBytes(depth, filters);
  }
  const padded = panels;
  for (let sequence = first; sequence < last; sequence++) {
    pad(sequence, padded);
    if (!isMax) clearPadding(sequence, kept);
  }
  barrier(threads);

  panels = firstPanels;
  for (let n = 0; n < widths; n++) {
    const width = widthOf(n);
    const depth = width * inputs;
    for (let filter = 0; filter < filters; filter += PANEL, panels += panelStride(depth)) {
      const count = min(PANEL, filters - filter);
      const bias = tensorOf(n, 1) + ((<usize>filter) << 2);
      const column = (<usize>(n * filters + filter)) << 2;
      for (let sequence = first; sequence < last; sequence++) {
        const length = lengthOf(sequence);
        clearRow(sums, length * PANEL);
        multiplyPanel(windowsOf(padded, sequence, width), inputRow, length, panels, depth, count, sums);
        const to = pooled + <usize>sequence * valueRow + column;
        if (isMax) poolMaxima(sums, length, count, bias, to, kept + <usize>sequence * valueRow + column);
        else poolMeans(sums, length, count, bias, to, kept + <usize>sequence * valueRow + column);
      }
    }
  }
}

/** Sets the activations past the end of a sequence to zero. */
function clearPadding(sequence: i32, activations: usize): void {
  for (let t = lengthOf(sequence); t < timeSteps; t++) {
    clearRow(activations + <usize>(t * batch + sequence) * valueRow, widths * filters);
  }
}

/** Maximum of each column plus its bias, or 0 with step -1 if that is negative; NaN if a value is NaN. */
function poolMaxima(sums: usize, length: i32, count: i32, bias: usize, pooled: usize, steps: usize): void {
  let column = 0;
  if (ASC_FEATURE_SIMD) {
    for (; column + 4 <= count; column += 4, sums += 16, bias += 16, pooled += 16, steps += 16) {
      let highest = v128.load(sums);
      let at = i32x4.splat(0);
      for (let t = 1; t < length; t++) {
        const value = v128.load(sums + <usize>t * PANEL_ROW);
        const isHigher = v128.or(f32x4.gt(value, highest), f32x4.ne(value, value));
        highest = v128.bitselect(value, highest, isHigher);
        at = v128.bitselect(i32x4.splat(t), at, isHigher);
      }
      highest = f32x4.add(highest, v128.load(bias));
      const zero = f32x4.splat(0);
      v128.store(pooled, f32x4.pmax(highest, zero));
      // A mask of ones is -1.
      v128.store(steps, v128.or(at, f32x4.le(highest, zero)));
    }
  }
  for (; column < count; column++, sums += 4, bias += 4, pooled += 4, steps += 4) {
    let highest = load<f32>(sums);
    let at = 0;
    for (let t = 1; t < length; t++) {
      const value = load<f32>(sums + <usize>t * PANEL_ROW);
      if (value > highest || isNaN(value)) {
        highest = value;
        at = t;
      }
    }
    highest += load<f32>(bias);
    store<f32>(pooled, highest <= 0 ? 0 : highest);
    store<i32>(steps, highest <= 0 ? -1 : at);
  }
}

/** Mean of each column of activations, which are stored too. */
function poolMeans(sums: usize, length: i32, count: i32, bias: usize, pooled: usize, activations: usize): void {
  const stride = <usize>batch * valueRow;
  let column = 0;
  if (ASC_FEATURE_SIMD) {
    for (; column + 4 <= count; column += 4, sums += 16, bias += 16, pooled += 16, activations += 16) {
      const shift = v128.load(bias);
      const zero = f32x4.splat(0);
      let sum = zero;
      for (let t = 0; t < length; t++) {
        const value = f32x4.pmax(f32x4.add(v128.load(sums + <usize>t * PANEL_ROW), shift), zero);
        v128.store(activations + <usize>t * stride, value);
        sum = f32x4.add(sum, value);
      }
      v128.store(pooled, f32x4.div(sum, f32x4.splat(<f32>length)));
    }
  }
  for (; column < count; column++, sums += 4, bias += 4, pooled += 4, activations += 4) {
    let sum: f32 = 0;
    for (let t = 0; t < length; t++) {
      let value = load<f32>(sums + <usize>t * PANEL_ROW) + load<f32>(bias);
      if (value < 0) value = 0;
      store<f32>(activations + <usize>t * stride, value);
      sum += value;
    }
    store<f32>(pooled, sum / <f32>length);
  }
}
