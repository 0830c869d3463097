import { exp, logarithm } from './activations';
import { integer, pointer } from './arguments';
import { LANES, mul, splat, sub } from './lanes';
import { copyRow } from './rows';
import { shareStart } from './share';

/** Softmax cross-entropy with integer targets: losses and probabilities of each row. */
export function crossEntropy(thread: i32, threads: i32): void {
  const logits = pointer(0);
  const targets = pointer(1);
  const losses = pointer(2);
  const probabilities = pointer(3);
  const classes = integer(5);
  const bytes = (<usize>classes) << 2;
  const last = shareStart(integer(4), thread + 1, threads);
  for (let row = shareStart(integer(4), thread, threads); row < last; row++) {
    const from = logits + (<usize>row) * bytes;
    const to = probabilities + (<usize>row) * bytes;
    const highest = largest(from, classes);
    const sum = exponentials(from, to, highest, classes);
    scaleRow(to, 1 / sum, classes);
    const target = load<i32>(targets + ((<usize>row) << 2));
    const logit = load<f32>(from + ((<usize>target) << 2));
    store<f32>(losses + ((<usize>row) << 2), <f32>(logarithm(sum) - (<f64>logit - <f64>highest)));
  }
}

/** (probabilities - onehot(targets)) * dLosses. */
export function crossEntropyGradient(thread: i32, threads: i32): void {
  const classes = integer(5);
  const bytes = (<usize>classes) << 2;
  const last = shareStart(integer(4), thread + 1, threads);
  for (let row = shareStart(integer(4), thread, threads); row < last; row++) {
    const to = pointer(3) + (<usize>row) * bytes;
    const scale = load<f32>(pointer(2) + ((<usize>row) << 2));
    const target = to + (<usize>load<i32>(pointer(1) + ((<usize>row) << 2)) << 2);
    copyRow(to, pointer(0) + (<usize>row) * bytes, classes);
    store<f32>(target, load<f32>(target) - 1);
    scaleRow(to, scale, classes);
  }
}

/** The largest value of a row; NaN if there is one among the first. */
function largest(from: usize, count: i32): f32 {
  const end = from + ((<usize>count) << 2);
  let highest = load<f32>(from);
  if (ASC_FEATURE_SIMD) {
    if (count >= LANES) {
      let lanes = v128.load(from);
      for (from += 16; from + 16 <= end; from += 16) lanes = f32x4.pmax(lanes, v128.load(from));
      highest = max(max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)), max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)));
    }
  }
  for (; from < end; from += 4) highest = max(highest, load<f32>(from));
  return highest;
}

/** to = e^(from - highest), and the sum of them. */
function exponentials(from: usize, to: usize, highest: f32, count: i32): f64 {
  const end = from + ((<usize>count) << 2);
  let sum: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let lanes = f32x4.splat(0);
    const shift = splat<v128>(highest);
    for (; from + 16 <= end; from += 16, to += 16) {
      const value = exp<v128>(sub<v128>(v128.load(from), shift));
      v128.store(to, value);
      lanes = f32x4.add(lanes, value);
    }
    sum = <f64>f32x4.extract_lane(lanes, 0) + <f64>f32x4.extract_lane(lanes, 1) + <f64>f32x4.extract_lane(lanes, 2) + <f64>f32x4.extract_lane(lanes, 3);
  }
  for (; from < end; from += 4, to += 4) {
    const value = exp<f32>(load<f32>(from) - highest);
    store<f32>(to, value);
    sum += <f64>value;
  }
  return sum;
}

function scaleRow(row: usize, scale: f64, count: i32): void {
  const end = row + ((<usize>count) << 2);
  const factor = <f32>scale;
  if (ASC_FEATURE_SIMD) {
    const lanes = splat<v128>(factor);
    for (; row + 16 <= end; row += 16) v128.store(row, mul<v128>(v128.load(row), lanes));
  }
  for (; row < end; row += 4) store<f32>(row, load<f32>(row) * factor);
}
