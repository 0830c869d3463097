import { float, integer, pointer } from './arguments';
import { add, div, LANES, madd, mul, nmadd, splat, squareRoot } from './lanes';
import { PARTIAL_SUMS } from './layout';
import { sumOfSquares } from './rows';
import { groupStart, shareStart } from './share';

/** Bytes that only one thread writes: a cache line. */
const LINE: i32 = 16;

/** One step of Adam: new weights, m and v from the old ones and the gradient. */
export function adam(thread: i32, threads: i32): void {
  const count = integer(7);
  const first = groupStart(count, LINE, thread, threads);
  const last = groupStart(count, LINE, thread + 1, threads);
  let i = first;
  if (LANES > 1) for (; i + LANES <= last; i += LANES) adamUnits<v128>((<usize>i) << 2);
  for (; i < last; i++) adamUnits<f32>((<usize>i) << 2);
}

@inline
function adamUnits<V>(at: usize): void {
  const gradient = mul<V>(load<V>(pointer(3) + at), splat<V>(float(8)));
  const m = madd<V>(gradient, splat<V>(float(10)), mul<V>(load<V>(pointer(1) + at), splat<V>(float(9))));
  const v = madd<V>(mul<V>(gradient, gradient), splat<V>(float(12)), mul<V>(load<V>(pointer(2) + at), splat<V>(float(11))));
  const scaled = mul<V>(v, splat<V>(float(14)));
  const quotient = div<V>(mul<V>(m, splat<V>(float(13))), add<V>(squareRoot<V>(scaled), splat<V>(float(15))));
  store<V>(pointer(4) + at, nmadd<V>(quotient, splat<V>(float(16)), load<V>(pointer(0) + at)));
  store<V>(pointer(5) + at, m);
  store<V>(pointer(6) + at, v);
}

/** Sums of squares in float64, one for each thread. */
export function squares(thread: i32, threads: i32): void {
  const first = shareStart(integer(1), thread, threads);
  const last = shareStart(integer(1), thread + 1, threads);
  store<f64>(PARTIAL_SUMS + ((<usize>thread) << 3), sumOfSquares(pointer(0) + ((<usize>first) << 2), last - first));
}
