import { integer, pointer } from './arguments';
import { PARTIAL_SUMS } from './layout';
import { adamUnits } from './loops';
import { sumOfSquares } from './rows';
import { LINE, groupStart, shareStart } from './share';

/** One step of Adam: new weights, m and v from the old ones and the gradient. */
export function adam(thread: i32, threads: i32): void {
  const first = groupStart(integer(7), LINE, thread, threads);
  const count = groupStart(integer(7), LINE, thread + 1, threads) - first;
  adamUnits(part(0, first), part(1, first), part(2, first), part(3, first), part(4, first), part(5, first), part(6, first), count);
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
