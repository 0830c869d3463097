import { integer, pointer } from './arguments';
import { exponentials, scaledRow } from './loops';
import { sumOf } from './rows';
import { shareStart } from './share';

/** Softmax cross-entropy with integer targets: loss and probabilities of each row. */
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
    const target = load<i32>(targets + ((<usize>row) << 2));
    store<f32>(losses + ((<usize>row) << 2), <f32>softmaxRow(from, probabilities + (<usize>row) * bytes, classes, target));
  }
}

/** Softmax of a row of logits, possibly in place. @returns the loss in nats */
export function softmaxRow(logits: usize, probabilities: usize, classes: i32, target: i32): f64 {
  const highest = largest(logits, classes);
  const distance = <f64>highest - <f64>load<f32>(logits + ((<usize>target) << 2));
  exponentials(logits, probabilities, classes, highest);
  const sum = sumOf(probabilities, classes);
  scaledRow(probabilities, probabilities, classes, <f32>(1 / sum));
  return logarithm(sum) + distance;
}

/** (probabilities - onehot(targets)) * dLosses. */
export function crossEntropyGradient(thread: i32, threads: i32): void {
  const classes = integer(5);
  const bytes = (<usize>classes) << 2;
  const last = shareStart(integer(4), thread + 1, threads);
  for (let row = shareStart(integer(4), thread, threads); row < last; row++) {
    const scale = load<f32>(pointer(2) + ((<usize>row) << 2));
    const target = load<i32>(pointer(1) + ((<usize>row) << 2));
    errorRow(pointer(0) + (<usize>row) * bytes, pointer(3) + (<usize>row) * bytes, classes, target, scale);
  }
}

/** (probabilities - onehot(target)) * scale */
export function errorRow(probabilities: usize, to: usize, classes: i32, target: i32, scale: f32): void {
  const at = (<usize>target) << 2;
  const atTarget = (load<f32>(probabilities + at) - 1) * scale;
  scaledRow(probabilities, to, classes, scale);
  store<f32>(to + at, atTarget);
}

/** Largest value of a row; NaN if one of the first values is NaN. */
export function largest(from: usize, count: i32): f32 {
  const end = from + ((<usize>count) << 2);
  let highest = load<f32>(from);
  if (ASC_FEATURE_SIMD) {
    if (count >= 4) {
      let lanes = v128.load(from);
      for (from += 16; from + 16 <= end; from += 16) lanes = f32x4.pmax(lanes, v128.load(from));
      highest = max(max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)), max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)));
    }
  }
  for (; from < end; from += 4) highest = max(highest, load<f32>(from));
  return highest;
}

/** Natural logarithm of a positive number by the series of artanh, accurate to float64 rounding. */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = <i32>((bits >> 52) & 2047) - 1023;
  let mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum: f64 = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * square + 1 / <f64>n;
  return 2 * s * sum + <f64>exponent * 0.6931471805599453;
}
