import { integer, pointer } from './arguments';
import { largest, logarithm } from './crossEntropy';
import { exponentials } from './loops';
import { sumOf } from './rows';
import { shareStart } from './share';

/** Most likely classes of each row of logits, as a beam search reads them. */

/** Numbers that are summed in float32, so that the error does not grow with the number of classes. */
const BLOCK: i32 = 512;

/** Scratch memory: a block of exponentials for each thread. */
export function likeliestScratch(threads: i32): i32 {
  return threads * BLOCK * 4;
}

export function likeliest(thread: i32, threads: i32): void {
  const logits = pointer(0);
  const rows = integer(3);
  const classes = integer(4);
  const count = integer(5);
  const block = pointer(6) + <usize>(thread * BLOCK * 4);
  const last = shareStart(rows, thread + 1, threads);
  for (let row = shareStart(rows, thread, threads); row < last; row++) {
    const from = logits + <usize>row * ((<usize>classes) << 2);
    const offset = <usize>row * ((<usize>count) << 2);
    const values = pointer(1) + offset;
    select(from, classes, values, pointer(2) + offset, count);
    const total = logSum(from, classes, block);
    for (let rank: usize = 0; rank < <usize>count; rank++) {
      const at = values + (rank << 2);
      store<f32>(at, <f32>(<f64>load<f32>(at) - total));
    }
  }
}

/** Logarithm of the sum of exponentials of a row. */
function logSum(from: usize, classes: i32, block: usize): f64 {
  const highest = largest(from, classes);
  let sum: f64 = 0;
  for (let k = 0; k < classes; k += BLOCK) {
    const length = min(BLOCK, classes - k);
    exponentials(from + ((<usize>k) << 2), block, length, highest);
    sum += sumOf(block, length);
  }
  return <f64>highest + logarithm(sum);
}

/** The `count` largest values of a row with their places, largest first; of equal values, the first. */
function select(from: usize, classes: i32, values: usize, places: usize, count: i32): void {
  let found = 0;
  let least: f32 = -Infinity;
  let k = 0;
  while (k < classes) {
    if (ASC_FEATURE_SIMD) {
      if (found === count) {
        const bound = f32x4.splat(least);
        while (k + 4 <= classes && !v128.any_true(f32x4.gt(v128.load(from + ((<usize>k) << 2)), bound))) k += 4;
        if (k >= classes) return;
      }
    }
    const end = min(k + 4, classes);
    for (; k < end; k++) {
      const value = load<f32>(from + ((<usize>k) << 2));
      if (found === count && !(value > least)) continue;
      if (found < count) found++;
      insert(value, k, values, places, found);
      least = load<f32>(values + ((<usize>(found - 1)) << 2));
    }
  }
}

/** Inserts a value into a list of `length` places in descending order, of which the last is free or is dropped. */
@inline
function insert(value: f32, place: i32, values: usize, places: usize, length: i32): void {
  let at = (<usize>(length - 1)) << 2;
  for (; at > 0 && value > load<f32>(values + at - 4); at -= 4) {
    store<f32>(values + at, load<f32>(values + at - 4));
    store<i32>(places + at, load<i32>(places + at - 4));
  }
  store<f32>(values + at, value);
  store<i32>(places + at, place);
}
