import { integer, pointer } from './arguments';
import {
  ADAM_GRADIENT,
  ADAM_M,
  ADAM_NEW_M,
  ADAM_NEW_V,
  ADAM_NEW_WEIGHTS,
  ADAM_SIZE,
  ADAM_V,
  ADAM_WEIGHTS,
  PARTIAL_SUMS,
} from './layout';
import { adamUnits } from './loops';
import { sumOfSquares } from './rows';
import { LINE, groupStart, shareStart } from './share';

/** One step of Adam: new weights, m and v from the old ones and the gradient. */
export function adam(thread: i32, threads: i32): void {
  const first = groupStart(integer(ADAM_SIZE), LINE, thread, threads);
  const count = groupStart(integer(ADAM_SIZE), LINE, thread + 1, threads) - first;
  adamUnits(
    part(ADAM_WEIGHTS, first),
    part(ADAM_M, first),
    part(ADAM_V, first),
    part(ADAM_GRADIENT, first),
    part(ADAM_NEW_WEIGHTS, first),
    part(ADAM_NEW_M, first),
    part(ADAM_NEW_V, first),
    count,
  );
}

/** Address of this thread's part of one of the tensors. */
function part(argument: i32, first: i32): usize {
  return pointer(argument) + ((<usize>first) << 2);
}

/** Sums of squares of several tensors in float64, one partial sum per thread. */
export function squares(thread: i32, threads: i32): void {
  const tensors = integer(0);
  for (let tensor = 0; tensor < tensors; tensor++) {
    const values = pointer(1 + 2 * tensor);
    const size = integer(2 + 2 * tensor);
    const first = shareStart(size, thread, threads);
    const last = shareStart(size, thread + 1, threads);
    const at = PARTIAL_SUMS + ((<usize>(tensor * threads + thread)) << 3);
    store<f64>(at, sumOfSquares(values + ((<usize>first) << 2), last - first));
  }
}
