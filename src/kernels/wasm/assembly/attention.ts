import { integer, pointer } from './arguments';
import { columnStart, columnSums } from './columns';
import { largest } from './crossEntropy';
import { additiveGradient, additiveTerms, addScaled, exponentials, scaledRow } from './loops';
import { clearRow, productOf, sumOf } from './rows';
import { shareStart } from './share';
import { barrier } from './threads';

/**
 * Global attention of a decoder over a source, with time-major sequences. Threads divide the batch, so that no two write
 * to the same sequence, and the results do not depend on their number.
 */

/** Scratch memory: one row of terms for each thread. */
export function attentionScratch(width: i32, threads: i32): i32 {
  return threads * width * 4;
}

/** Writes the weighted means and the weights, which are zero past the end of a source. */
export function attention(thread: i32, threads: i32): void {
  const query = pointer(0);
  const keys = pointer(1);
  const values = pointer(2);
  const lengths = pointer(3);
  const score = pointer(4);
  const context = pointer(5);
  const weights = pointer(6);
  const timeSteps = integer(7);
  const batch = integer(8);
  const sourceSteps = integer(9);
  const width = integer(10);
  const units = integer(11);
  const terms = pointer(12) + <usize>(thread * width * 4);

  const widthRow = (<usize>width) << 2;
  const unitsRow = (<usize>units) << 2;
  const lastSequence = shareStart(batch, thread + 1, threads);
  for (let b = shareStart(batch, thread, threads); b < lastSequence; b++) {
    const length = load<i32>(lengths + ((<usize>b) << 2));
    for (let step = 0; step < timeSteps; step++) {
      const row = <usize>(step * batch + b);
      const q = query + row * widthRow;
      const shares = weights + ((row * <usize>sourceSteps) << 2);
      for (let s = 0; s < length; s++) {
        const key = keys + <usize>(s * batch + b) * widthRow;
        let value: f32;
        if (score !== 0) {
          additiveTerms(q, key, score, terms, width);
          value = <f32>sumOf(terms, width);
        } else value = productOf(q, key, width);
        store<f32>(shares + ((<usize>s) << 2), value);
      }
      clearRow(shares + ((<usize>length) << 2), sourceSteps - length);
      exponentials(shares, shares, length, largest(shares, length));
      scaledRow(shares, shares, length, <f32>(1 / sumOf(shares, length)));
      const mean = context + row * unitsRow;
      clearRow(mean, units);
      for (let s = 0; s < length; s++) {
        addScaled(mean, values + <usize>(s * batch + b) * unitsRow, units, load<f32>(shares + ((<usize>s) << 2)));
      }
    }
  }
}

/** Scratch memory: a row of slopes for each thread, and the gradient of the score for each sequence. */
export function attentionGradientScratch(batch: i32, sourceSteps: i32, width: i32, threads: i32): i32 {
  return (batch * width + threads * sourceSteps) * 4;
}

export function attentionGradient(thread: i32, threads: i32): void {
  const query = pointer(0);
  const keys = pointer(1);
  const values = pointer(2);
  const score = pointer(3);
  const weights = pointer(4);
  const dContext = pointer(5);
  const dQuery = pointer(6);
  const dKeys = pointer(7);
  const dValues = pointer(8);
  const dScore = pointer(9);
  const timeSteps = integer(10);
  const batch = integer(11);
  const sourceSteps = integer(12);
  const width = integer(13);
  const units = integer(14);
  const scoreParts = pointer(15);
  const slopes = scoreParts + <usize>((batch * width + thread * sourceSteps) * 4);

  const widthRow = (<usize>width) << 2;
  const unitsRow = (<usize>units) << 2;
  const lastSequence = shareStart(batch, thread + 1, threads);
  for (let b = shareStart(batch, thread, threads); b < lastSequence; b++) {
    const ofScore = scoreParts + (<usize>b) * widthRow;
    if (score !== 0) clearRow(ofScore, width);
    for (let s = 0; s < sourceSteps; s++) {
      const source = <usize>(s * batch + b);
      clearRow(dKeys + source * widthRow, width);
      clearRow(dValues + source * unitsRow, units);
    }
    for (let step = 0; step < timeSteps; step++) {
      const row = <usize>(step * batch + b);
      const q = query + row * widthRow;
      const dq = dQuery + row * widthRow;
      const dc = dContext + row * unitsRow;
      const shares = weights + ((row * <usize>sourceSteps) << 2);
      clearRow(dq, width);
      let mean: f64 = 0;
      // Padding of a source has weight 0: it neither contributes to nor receives a gradient.
      for (let s = 0; s < sourceSteps; s++) {
        const share = load<f32>(shares + ((<usize>s) << 2));
        if (share === 0) continue;
        const source = <usize>(s * batch + b) * unitsRow;
        const slope = productOf(dc, values + source, units);
        store<f32>(slopes + ((<usize>s) << 2), slope);
        mean += <f64>share * <f64>slope;
        addScaled(dValues + source, dc, units, share);
      }
      for (let s = 0; s < sourceSteps; s++) {
        const share = load<f32>(shares + ((<usize>s) << 2));
        if (share === 0) continue;
        const slope = <f32>(<f64>share * (<f64>load<f32>(slopes + ((<usize>s) << 2)) - mean));
        const source = <usize>(s * batch + b) * widthRow;
        if (score !== 0) additiveGradient(q, keys + source, score, dq, dKeys + source, ofScore, width, slope);
        else {
          addScaled(dq, keys + source, width, slope);
          addScaled(dKeys + source, q, width, slope);
        }
      }
    }
  }
  if (score === 0) return;
  barrier(threads);
  const first = columnStart(width, thread, threads);
  const last = columnStart(width, thread + 1, threads);
  clearRow(dScore + ((<usize>first) << 2), last - first);
  columnSums(scoreParts, batch, width, dScore, first, last);
}
