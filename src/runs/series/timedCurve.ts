import type { TimedCurve } from '../../protocol/comparison.ts';
import { decimate } from './decimate.ts';
import type { ReadonlySeries } from './series.ts';

/** Decimated curve with the seconds of training at each of its points. */
export function timedCurve(series: ReadonlySeries, seconds: ReadonlySeries): TimedCurve {
  const points = decimate(series);
  return { points, seconds: points.flatMap((x, i) => (i % 2 === 0 ? [secondsAt(seconds, x ?? 0)] : [])) };
}

/** Seconds of training at the last recorded step that is not after `step`; 0 before the first. */
function secondsAt({ x, y, length }: ReadonlySeries, step: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (y[low - 1] ?? 0);
}
