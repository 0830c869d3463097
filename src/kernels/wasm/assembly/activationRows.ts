import { sigmoid, tanh } from './activations';
import { LANES } from './lanes';

/** sigmoid and tanh of a row of numbers, for the test of their accuracy. */

export function sigmoidRow(from: usize, to: usize, count: i32): void {
  const end = from + ((<usize>count) << 2);
  if (LANES > 1) for (; from + 16 <= end; from += 16, to += 16) v128.store(to, sigmoid<v128>(v128.load(from)));
  for (; from < end; from += 4, to += 4) store<f32>(to, sigmoid<f32>(load<f32>(from)));
}

export function tanhRow(from: usize, to: usize, count: i32): void {
  const end = from + ((<usize>count) << 2);
  if (LANES > 1) for (; from + 16 <= end; from += 16, to += 16) v128.store(to, tanh<v128>(v128.load(from)));
  for (; from < end; from += 4, to += 4) store<f32>(to, tanh<f32>(load<f32>(from)));
}
