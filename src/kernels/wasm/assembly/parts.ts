import { addInto, sumRows } from './loops';
import { copyRow } from './rows';
import { LINE, groupStart } from './share';

/** Per-thread partial sums that are added up at the end, always in the same order. */

/** target = sum of the `threads` parts, `stride` bytes apart; each thread adds up its share of the `count` values. */
export function sumParts(target: usize, parts: usize, stride: usize, count: i32, thread: i32, threads: i32): void {
  const first = groupStart(count, LINE, thread, threads);
  const length = groupStart(count, LINE, thread + 1, threads) - first;
  const offset = (<usize>first) << 2;
  target += offset;
  parts += offset;
  if (threads === 1) {
    copyRow(target, parts, length);
    return;
  }
  sumRows(target, parts, parts + stride, length);
  for (let part = 2; part < threads; part++) addInto(target, parts + (<usize>part) * stride, length);
}
